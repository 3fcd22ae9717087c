// Figure 3 of Auto-Encoding Variational Bayes: marginal likelihood against training samples, few and many images,
// AEVB beside wake-sleep and Monte Carlo EM.
import { createStream } from '../../../core/sampling/stream.ts';
import { sliceImages } from '../../data/data-set.ts';
import { drawnRows, testSplit } from '../../data/subset.ts';
import type { LatentModel } from '../../evaluate/bounds/joint.ts';
import { createMarginalEvaluator } from '../../evaluate/bounds/marginal.ts';
import { meanAndError } from '../../evaluate/statistics.ts';
import type { Weights } from '../../model.ts';
import { createAevb, type Initialisation } from '../../models/aevb.ts';
import { within } from '../../runner/names.ts';
import type { CellResult, Context, Program } from '../experiment.ts';
import type { Values } from './by-gradient.ts';
import { type CurveResult, trainCurve } from './curve.ts';
import { byMonteCarloEm, DESCRIPTION } from './monte-carlo-em.ts';
import {
  COLUMNS,
  describeCandidates,
  describeChoice,
  describeData,
  describeTraining,
  greyValues,
  METHODS,
  type MeasureAt,
  type Method,
  PANELS,
  SEED,
  trainPanel,
} from './panels.ts';

const LATENTS = 3;
const HIDDEN = 100;
const COUNTS = [1000, 50_000];
/** 10⁵ to 10⁷ samples, two points a decade. */
const POINTS = Array.from({ length: 5 }, (_, i) => 100 * Math.round(10 ** (3 + i / 2)));

/** The protocol of Appendices D and E; images of either set are drawn by chance. */
const HMC = { proposals: 200, chains: 5, samples: 50, burnIn: 10, thinning: 1, leapfrogSteps: 4 };
const IMAGES = 1000;
/** Images that Monte Carlo EM, which has no bound, is judged by while its step is chosen. */
const PILOT_IMAGES = 200;
const MARGINAL_COLUMNS = ['train log p(x)', 'error', 'test log p(x)', 'error', 'HMC acceptance'];

const estimator = (
  model: LatentModel,
  like: Weights,
  { values, ...set }: Values,
  images: number,
  context: Context,
) =>
  createMarginalEvaluator(model, like, drawnRows(values, set, images), {
    ...HMC,
    seed: `${SEED}/marginal`,
    ...context,
  });

type PerImage = Record<'train' | 'test', number[]>;

/** Marginal likelihood of some images of both sets; `last` has it image by image where it was last measured. */
async function createMeasure(
  model: LatentModel,
  like: Weights,
  { train, test }: { train: Values; test: Values },
  context: Context,
): Promise<MeasureAt & { last(): PerImage | undefined }> {
  const seen = await estimator(model, like, train, IMAGES, context);
  const held = await estimator(model, like, test, IMAGES, context);
  let last: PerImage | undefined;
  return {
    async at(weights) {
      const [a, b] = [await seen.evaluate(weights), await held.evaluate(weights)];
      const [p, q] = [meanAndError(a.logMarginal), meanAndError(b.logMarginal)];
      const rounded = (values: Float64Array) => Array.from(values, (value) => Number(value.toFixed(3)));
      last = { train: rounded(a.logMarginal), test: rounded(b.logMarginal) };
      return [p.mean, p.standardError, q.mean, q.standardError, (a.acceptance + b.acceptance) / 2];
    },
    async release() {
      await seen.release();
      await held.release();
    },
    last: () => last,
  };
}

function toResult(
  run: Pick<CurveResult, 'candidate' | 'laps' | 'rows' | 'seconds'>,
  { method, count, how, columns }: { method: string; count: number; how: string; columns: string[] },
  data: CellResult['data'],
  perImage: PerImage | undefined,
): CellResult {
  const last = run.rows.at(-1)!;
  const [p, pError, q, qError] = last.slice(-MARGINAL_COLUMNS.length) as [number, number, number, number];
  return {
    values: { train: { value: p, standardError: pError }, test: { value: q, standardError: qError } },
    ...(perImage && { perImage }),
    unit: 'nats per image, estimate of log p(x)',
    protocol:
      `${how}; log p(x) of ${IMAGES} training and test images, drawn by chance, by Appendix D: ${HMC.samples} HMC samples an ` +
      `image from ${HMC.chains} chains, ${HMC.leapfrogSteps} leapfrog steps, step sizes tuned to 90 % acceptance in ` +
      `${HMC.burnIn} moves, started at importance-resampled proposals (${HMC.proposals} each of N(0, I), N(0, 4 I) and, ` +
      'where there is one, the recognition model); a Gaussian with full covariance fitted to each chain, in shares of ' +
      `the importance weights of ${HMC.samples} draws; ${HMC.samples} fresh HMC samples from starts among those draws`,
    settings: {
      method,
      latent: LATENTS,
      hidden: HIDDEN,
      trainImages: count,
      ...describeCandidates(run),
      batchSize: 100,
    },
    seed: SEED,
    data: { ...data, part: testSplit({ count: data.test }, IMAGES) },
    samples: last[0]!,
    wallSeconds: run.seconds,
    curve: { columns: [...columns, ...MARGINAL_COLUMNS], rows: run.rows },
  };
}

async function gradientCell(method: Method, count: number, context: Context): Promise<CellResult> {
  let measured: Awaited<ReturnType<typeof createMeasure>> | undefined;
  const run = await trainPanel(
    {
      panel: 'mnist',
      latentDimensions: LATENTS,
      method,
      hidden: HIDDEN,
      trainCount: count,
      at: POINTS,
      async measure(vae, like, data) {
        measured = await createMeasure(vae, like, data, context);
        return measured;
      },
    },
    context,
  );
  const how = `${method}, ${describeTraining(HIDDEN, 'bernoulli')}`;
  const data = describeData(run.dataset, 'bernoulli', count);
  return toResult(run, { method, count, how, columns: COLUMNS }, data, measured?.last());
}

async function monteCarloEmCell(count: number, context: Context): Promise<CellResult> {
  const { set, validation, likelihood } = PANELS.mnist;
  const dataset = await context.load(set, validation);
  const { width, height, channels } = dataset.train;
  const config = {
    image: { width, height, channels },
    latentDimensions: LATENTS,
    hidden: HIDDEN,
    likelihood,
  };
  // There is no recognition model.
  const { encode: _, ...decoder } = createAevb(config);
  const train = greyValues(sliceImages(dataset.train, 0, count));
  const init = (initialisation: Initialisation): Weights => {
    const drawn = createAevb({ ...config, initialisation }).init(
      createStream(SEED, 'init'),
      new Float32Array(train.size).fill(0.5),
    );
    return { params: within(drawn.params, 'decoder'), state: {} };
  };
  const measure = await createMeasure(
    decoder,
    init(0.01),
    { train, test: greyValues(dataset.test) },
    context,
  );
  const pilot = await estimator(decoder, init(0.01), train, PILOT_IMAGES, context);
  const score = async (weights: Weights) => meanAndError((await pilot.evaluate(weights)).logMarginal).mean;
  const method = await byMonteCarloEm({ vae: decoder, init, train, seed: SEED, score }, context);
  const run = await trainCurve({ method, at: POINTS, measure: measure.at }, context);
  for (const resource of [method, measure, pilot]) await resource.release();
  const how = `${DESCRIPTION}; ${describeChoice(`the estimate of log p(x) on ${PILOT_IMAGES} training images`)}`;
  const data = describeData(dataset, 'bernoulli', count);
  return toResult(run, { method: 'mcem', count, how, columns: ['samples'] }, data, measure.last());
}

/** Training samples of a finished cell. */
export const samples = POINTS.at(-1)!;

export const cells: Program['cells'] = {
  ...Object.fromEntries(
    COUNTS.flatMap((count) =>
      METHODS.map((method) => [
        `n${count}-${method}`,
        (context: Context) => gradientCell(method, count, context),
      ]),
    ),
  ),
  // Monte Carlo EM sweeps over its images, so it is for the small set alone.
  [`n${COUNTS[0]}-mcem`]: (context: Context) => monteCarloEmCell(COUNTS[0]!, context),
};
