// Hamiltonian Monte Carlo over the latents of many images at once, one chain an image (Kingma & Welling 2013,
// Appendix E), with step sizes that tune themselves to an acceptance of 90 %.
import {
  add,
  exp,
  grad,
  greater,
  isNaN as isNaNTensor,
  minimum,
  mul,
  reshape,
  square,
  sub,
  sum,
  type Tensor,
  where,
  zerosLike,
} from '@tensorflow/tfjs-core';
import type { Stream } from '../../core/sampling/stream.ts';
import { standardNormalLogDensity } from '../likelihoods.ts';
import type { HostTensor, HostTensors, Tensors, Vae } from '../model.ts';
import type { Backend } from '../runner/backends.ts';
import { compile } from '../runner/compile.ts';
import { group, prefix } from '../runner/names.ts';

/**
 * Every move takes its step times a number from this range: a path of half a period would only mirror the chain in its
 * mean (Neal 2011, Section 3.2).
 */
const JITTER = [0.8, 1.2] as const;

/** Share of moves that should be accepted. */
export const TARGET_ACCEPTANCE = 0.9;

export type Move = {
  /** [chains, J] */
  z: Tensor;
  /** Log density at `z`, [chains]. */
  logDensity: Tensor;
  /** Probability with which the move was accepted, [chains]. */
  acceptance: Tensor;
};

/**
 * One move of every chain: momentum v ~ N(0, I), `leapfrogSteps` steps of v += ½e ∇ log p, z += e v, v += ½e ∇ log p,
 * accepted with probability min(1, exp(H_old − H_new)), H = ½|v|² − log p.
 * `stepSize` is [chains, 1], `momentum` normal [chains, J], `uniform` [chains] in (0, 1).
 */
export function hmcMove(
  logDensityOf: (z: Tensor) => Tensor,
  z: Tensor,
  stepSize: Tensor,
  { momentum, uniform }: { momentum: Tensor; uniform: Tensor },
  leapfrogSteps: number,
): Move {
  const slope = grad((at: Tensor) => sum(logDensityOf(at)));
  const kinetic = (v: Tensor) => mul(sum(square(v), 1), 0.5);
  const before = logDensityOf(z);
  const half = mul(stepSize, 0.5);
  let v = add(momentum, mul(half, slope(z)));
  let moved = z;
  for (let i = 1; i <= leapfrogSteps; i++) {
    moved = add(moved, mul(stepSize, v));
    v = add(v, mul(i < leapfrogSteps ? stepSize : half, slope(moved)));
  }
  const after = logDensityOf(moved);
  const difference = sub(sub(kinetic(momentum), before), sub(kinetic(v), after));
  const probability = exp(minimum(difference, 0));
  // A move that left the numbers is refused.
  const acceptance = where(isNaNTensor(difference), zerosLike(probability), probability);
  const accepted = greater(acceptance, uniform);
  return {
    z: where(reshape(accepted, [-1, 1]), moved, z),
    logDensity: where(accepted, after, before),
    acceptance,
  };
}

/** Chains and what they have reached: `z` [chains, J], `stepSize` [chains, 1]. */
export type Chains = { z: HostTensor; stepSize: HostTensor };

export type Moved = Chains & { logDensity: Float32Array; acceptance: Float32Array };

export type Sampler = {
  /** Moves every chain once; `adaptation` above 0 also tunes its step: e ← e · exp(adaptation · (acceptance − 0.9)). */
  move(
    weights: { params: HostTensors; state: HostTensors },
    x: HostTensor,
    chains: Chains,
    noise: Stream,
    adaptation: number,
  ): Promise<Moved>;
  release(): Promise<void>;
};

/** Chains at `z` [chains, J] with steps of the given size. A chain may never leave the mode that it starts in. */
export const createChains = (z: HostTensor, stepSize = 0.1): Chains => ({
  z,
  stepSize: { shape: [z.shape[0]!, 1], data: new Float32Array(z.shape[0]!).fill(stepSize) },
});

/** Samples p(z|x) ∝ p(x|z) N(z; 0, I), one chain for each of `chains` images, in one compiled move. */
export async function createSampler(
  vae: Pick<Vae, 'image' | 'latentDimensions' | 'logLikelihood'>,
  like: { params: HostTensors; state: HostTensors },
  options: { chains: number; leapfrogSteps: number; backend: Backend; threads?: number },
): Promise<Sampler> {
  const { chains, leapfrogSteps } = options;
  const { channels, height, width } = vae.image;
  const J = vae.latentDimensions;
  const flat = (weights: typeof like): HostTensors => ({
    ...prefix('params', weights.params),
    ...prefix('state', weights.state),
  });
  const shapes = {
    ...Object.fromEntries(Object.entries(flat(like)).map(([name, { shape }]) => [name, shape])),
    x: [chains, channels, height, width],
    z: [chains, J],
    stepSize: [chains, 1],
    momentum: [chains, J],
    uniform: [chains],
    jitter: [chains, 1],
    adaptation: [],
  };
  const move = (inputs: Tensors): Tensors => {
    const [params, state] = [group(inputs, 'params'), group(inputs, 'state')];
    const logJoint = (z: Tensor) =>
      add(vae.logLikelihood(params, state, inputs.x!, z), standardNormalLogDensity(z));
    const noise = { momentum: inputs.momentum!, uniform: inputs.uniform! };
    const moved = hmcMove(logJoint, inputs.z!, mul(inputs.stepSize!, inputs.jitter!), noise, leapfrogSteps);
    const error = reshape(sub(moved.acceptance, TARGET_ACCEPTANCE), [chains, 1]);
    const tuned = mul(inputs.stepSize!, exp(mul(inputs.adaptation!, error)));
    return prefix('next', { ...moved, stepSize: tuned } as Tensors);
  };
  const compiled = await compile(shapes, move, options);
  return {
    async move(weights, x, { z, stepSize }, stream, adaptation) {
      const momentum = { shape: shapes.momentum, data: new Float32Array(chains * J) };
      const uniform = { shape: shapes.uniform, data: new Float32Array(chains) };
      stream.fillNormal(momentum.data);
      stream.fillUniform(uniform.data);
      const [least, most] = JITTER;
      const jitter = { shape: shapes.jitter, data: new Float32Array(chains) };
      for (let i = 0; i < chains; i++) jitter.data[i] = least + (most - least) * stream.uniform();
      const rate = { shape: [], data: Float32Array.of(adaptation) };
      const feeds = { ...flat(weights), x, z, stepSize, momentum, uniform, jitter, adaptation: rate };
      const moved = group(await compiled.run(feeds), 'next');
      return {
        z: moved.z!,
        stepSize: moved.stepSize!,
        logDensity: moved.logDensity!.data,
        acceptance: moved.acceptance!.data,
      };
    },
    release: compiled.release,
  };
}
