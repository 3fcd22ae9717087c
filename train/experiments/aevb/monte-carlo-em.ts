// Monte Carlo EM (Kingma & Welling 2013, Appendix E) as a way of training: batches in turn, an E-step by HMC on one
// persistent posterior sample of every image, then M-steps by Adagrad.
import { createStream } from '../../../core/sampling/stream.ts';
import { createSampler } from '../../methods/hmc.ts';
import { maximisation } from '../../methods/monte-carlo-em.ts';
import type { HostTensor, Vae, Weights } from '../../model.ts';
import type { Initialisation } from '../../models/aevb.ts';
import { beginTraining } from '../../runner/step.ts';
import type { Context } from '../experiment.ts';
import { paperOptimiser, type Values } from './by-gradient.ts';
import { BATCH_SIZE, type Method } from './curve.ts';

const LEAPFROG_STEPS = 10;
/** M-steps that follow an E-step. */
const UPDATES = 5;
const FIRST_STEP_SIZE = 0.1;
/** How fast step sizes of HMC follow their acceptance. */
const ADAPTATION = 0.5;

export const DESCRIPTION =
  `Monte Carlo EM (Appendix E): batches of ${BATCH_SIZE} in turn, one persistent posterior sample an image, which starts ` +
  `at a draw of the prior; E-step of one HMC move with ${LEAPFROG_STEPS} leapfrog steps, step sizes tuned image by ` +
  `image to 90 % acceptance; M-step of ${UPDATES} updates. The images of M-steps count as samples; those of leapfrog ` +
  `steps, ${LEAPFROG_STEPS / UPDATES} for each of them, do not`;

export async function byMonteCarloEm(
  options: {
    vae: Pick<Vae, 'image' | 'latentDimensions' | 'logLikelihood'>;
    /** The parameters of the decoder alone. */
    init(initialisation: Initialisation): Weights;
    /** A multiple of the batch. */
    train: Values;
    seed: string;
    score(weights: Weights): Promise<number>;
  },
  context: Context,
): Promise<Method & { release(): Promise<void> }> {
  const { vae, init, train, seed, score } = options;
  const batches = train.count / BATCH_SIZE;
  if (!Number.isInteger(batches))
    throw new Error(`Monte Carlo EM: images must be a multiple of ${BATCH_SIZE}, got ${train.count}`);
  const learner = maximisation(vae, paperOptimiser(true, train.count));
  const sampler = await createSampler(vae, init(0.01), {
    chains: BATCH_SIZE,
    leapfrogSteps: LEAPFROG_STEPS,
    ...context,
  });
  const { channels, height, width } = vae.image;
  const J = vae.latentDimensions;
  /** The rows of batch `batch`, sharing memory. */
  const rowsOf = ({ shape, data }: HostTensor, batch: number): HostTensor => {
    const length = BATCH_SIZE * shape[1]!;
    return { shape: [BATCH_SIZE, shape[1]!], data: data.subarray(batch * length, (batch + 1) * length) };
  };

  return {
    learner,
    begin: (initialisation) => beginTraining(learner, init(initialisation)),
    beginOwn() {
      const z = { shape: [train.count, J], data: new Float32Array(train.count * J) };
      createStream(seed, 'chains').fillNormal(z.data);
      const stepSize = { shape: [train.count, 1], data: new Float32Array(train.count).fill(FIRST_STEP_SIZE) };
      return { z, stepSize };
    },
    async feeds(step, weights, chains) {
      const round = Math.floor(step / UPDATES);
      const batch = round % batches;
      const start = batch * BATCH_SIZE * train.size;
      const data = train.values.subarray(start, start + BATCH_SIZE * train.size);
      const own = { z: rowsOf(chains.z!, batch), stepSize: rowsOf(chains.stepSize!, batch) };
      if (step % UPDATES === 0) {
        const x = { shape: [BATCH_SIZE, channels, height, width], data };
        const moved = await sampler.move(weights(), x, own, createStream(seed, 'mcem', round), ADAPTATION);
        own.z.data.set(moved.z.data);
        own.stepSize.data.set(moved.stepSize.data);
      }
      return { x: data, z: own.z.data };
    },
    score,
    release: sampler.release,
  };
}
