// Figure 3 of Auto-Encoding Variational Bayes: marginal likelihood against training samples, few and many images,
// AEVB beside wake-sleep and Monte Carlo EM.
import { createStream } from '../../../core/sampling/stream.ts';
import { meanAndError } from '../../evaluate/bounds/bound.ts';
import { createMarginalEvaluator } from '../../evaluate/bounds/marginal.ts';
import type { Weights } from '../../model.ts';
import type { SamplingVae } from '../../models/vae.ts';
import { within } from '../../runner/names.ts';
import type { CellResult, Context, Program } from '../experiment.ts';
import type { Values } from './curve.ts';
import { trainMonteCarloEm } from './monte-carlo-em.ts';
import {
  describeData,
  describeTraining,
  METHODS,
  type MeasureAt,
  type Method,
  SEED,
  trainPanel,
} from './panels.ts';

const LATENTS = 3;
const HIDDEN = 100;
const COUNTS = [1000, 50_000];
/** 10⁵ to 10⁷ samples, two points a decade. */
const POINTS = Array.from({ length: 5 }, (_, i) => 100 * Math.round(10 ** (3 + i / 2)));

/** The protocol of Appendices D and E; images are the first ones of either set. */
const HMC = { samples: 50, burnIn: 60, thinning: 1, leapfrogSteps: 4 };
const IMAGES = 500;
const COLUMNS = ['train log p(x)', 'error', 'test log p(x)', 'error', 'HMC acceptance'];

/** Marginal likelihood of the first images of both sets; `like` has the parameters that the model is given. */
async function createMeasure(
  vae: SamplingVae,
  like: Weights,
  { train, test }: { train: Values; test: Values },
  context: Context,
): Promise<MeasureAt> {
  const of = (values: Values) =>
    createMarginalEvaluator(vae, like, values.values.slice(0, IMAGES * values.size), {
      ...HMC,
      seed: `${SEED}/marginal`,
      ...context,
    });
  const [seen, held] = [await of(train), await of(test)];
  return {
    async at(weights: Weights) {
      const [a, b] = [await seen.evaluate(weights), await held.evaluate(weights)];
      const [p, q] = [meanAndError(a.logMarginal), meanAndError(b.logMarginal)];
      return [p.mean, p.standardError, q.mean, q.standardError, (a.acceptance + b.acceptance) / 2];
    },
    async release() {
      await seen.release();
      await held.release();
    },
  };
}

const initialOf = (vae: SamplingVae, size: number): Weights =>
  vae.init(createStream(SEED, 'init'), new Float32Array(size).fill(0.5));

type Trained = Pick<
  Awaited<ReturnType<typeof trainPanel>>,
  'stepSize' | 'pilots' | 'rows' | 'seconds' | 'dataset'
>;

function toResult(
  run: Trained,
  { method, count, how, columns }: { method: string; count: number; how: string; columns: string[] },
): CellResult {
  const [p, pError, q, qError] = run.rows.at(-1)!.slice(-COLUMNS.length) as [number, number, number, number];
  return {
    values: { train: { value: p, standardError: pError }, test: { value: q, standardError: qError } },
    unit: 'nats per image, estimate of log p(x)',
    protocol:
      `${how}; log p(x) of the first ${IMAGES} training and test images by Appendix D: ${HMC.samples} HMC samples an ` +
      `image after ${HMC.burnIn} moves of tuning to 90 % acceptance, ${HMC.leapfrogSteps} leapfrog steps, a Gaussian ` +
      `with full covariance fitted to them, ${HMC.samples} fresh samples`,
    settings: {
      method,
      latent: LATENTS,
      hidden: HIDDEN,
      trainImages: count,
      stepSize: run.stepSize,
      pilots: run.pilots,
      batchSize: 100,
    },
    seed: SEED,
    data: describeData(run.dataset, 'bernoulli', count),
    samples: run.rows.at(-1)![0]!,
    wallSeconds: run.seconds,
    curve: { columns: ['samples', ...columns, ...COLUMNS], rows: run.rows },
  };
}

async function byGradient(method: Method, count: number, context: Context): Promise<CellResult> {
  const run = await trainPanel(
    {
      panel: 'mnist',
      latentDimensions: LATENTS,
      method,
      hidden: HIDDEN,
      trainCount: count,
      at: POINTS,
      measure: (vae, data) => createMeasure(vae, initialOf(vae, data.train.size), data, context),
    },
    context,
  );
  const how = `${method}, ${describeTraining(HIDDEN, 'bernoulli')}`;
  return toResult(run, { method, count, how, columns: ['train bound', 'test bound'] });
}

async function byMonteCarloEm(count: number, context: Context): Promise<CellResult> {
  const run = await trainMonteCarloEm(
    {
      latentDimensions: LATENTS,
      hidden: HIDDEN,
      trainCount: count,
      at: POINTS,
      measure: (vae, data) =>
        createMeasure(
          vae,
          { params: within(initialOf(vae, data.train.size).params, 'decoder'), state: {} },
          data,
          context,
        ),
    },
    context,
  );
  return toResult(run, { method: 'mcem', count, how: run.protocol, columns: ['log p(x, z)'] });
}

/** Training samples of a finished cell. */
export const samples = POINTS.at(-1)!;

export const cells: Program['cells'] = {
  ...Object.fromEntries(
    COUNTS.flatMap((count) =>
      METHODS.map((method) => [
        `n${count}-${method}`,
        (context: Context) => byGradient(method, count, context),
      ]),
    ),
  ),
  // Monte Carlo EM sweeps over its images, so it is for the small set alone.
  [`n${COUNTS[0]}-mcem`]: (context: Context) => byMonteCarloEm(COUNTS[0]!, context),
};
