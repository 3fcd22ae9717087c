// Bias and variance of every gradient estimator against the exact gradient, over temperature and over training, on VAEs
// whose 256 codes can be enumerated. (The comparison that Jang et al. 2017 and their successors each show a part of.)
import { toValues } from '../../data/batches.ts';
import { arm } from '../../estimators/discrete/arm.ts';
import { enumeration } from '../../estimators/discrete/enumeration.ts';
import { muProp } from '../../estimators/discrete/mu-prop.ts';
import { scoreFunction } from '../../estimators/discrete/score-function.ts';
import { DISCRETE_ESTIMATORS } from '../../estimators/discrete/table.ts';
import type { DiscreteEstimator } from '../../estimators/discrete/task.ts';
import type { DiscreteLayer } from '../../latents/layer.ts';
import { createDiscreteVae } from '../../models/discrete-vae.ts';
import type { CellResult, Context, Program } from '../experiment.ts';
import { createGradientMeasure, type GradientError } from './gradient-error.ts';
import { STAGES, TRAINING, trainExactly } from './train-exactly.ts';

const SEED = '1';
/** Images of a gradient, the same ones throughout, and gradients drawn of each estimator. */
const IMAGES = 20;
const DRAWS = 400;

const LAYERS = {
  bernoulli: { kind: 'bernoulli', variables: 8 },
  categorical: { kind: 'categorical', variables: 4, classes: 4 },
} as const satisfies Record<string, DiscreteLayer>;
type Kind = keyof typeof LAYERS;

const plain = { centre: false, normalise: false, baseline: false };
/** Temperatures that an estimator is measured at; one that has none stands at 1. */
const RELAXED = [0.1, 0.25, 0.5, 1, 2, 4];

/** Without the division by a running deviation, which is a bias of its own; NVIL's network would have to be trained first. */
const SUBJECTS: Record<string, { estimator: DiscreteEstimator; temperatures?: number[] }> = {
  'score-function': { estimator: scoreFunction(plain) },
  'centred-score-function': { estimator: scoreFunction({ ...plain, centre: true }) },
  muprop: { estimator: muProp({ ...plain, centre: true }) },
  arm: { estimator: arm },
  rebar: { estimator: DISCRETE_ESTIMATORS.rebar, temperatures: RELAXED },
  darn: { estimator: DISCRETE_ESTIMATORS.darn },
  'straight-through': { estimator: DISCRETE_ESTIMATORS['straight-through'] },
  'slope-annealed': { estimator: DISCRETE_ESTIMATORS['slope-annealed'], temperatures: [0.25, 0.5, 1] },
  'gumbel-softmax': { estimator: DISCRETE_ESTIMATORS['gumbel-softmax'], temperatures: RELAXED },
  'st-gumbel-softmax': { estimator: DISCRETE_ESTIMATORS['st-gumbel-softmax'], temperatures: RELAXED },
  'gumbel-rao': { estimator: DISCRETE_ESTIMATORS['gumbel-rao'], temperatures: RELAXED },
  gapped: { estimator: DISCRETE_ESTIMATORS.gapped, temperatures: RELAXED },
  reinmax: { estimator: DISCRETE_ESTIMATORS.reinmax, temperatures: [1, 2, 4] },
};

async function cell(kind: Kind, subject: string, context: Context): Promise<CellResult> {
  const began = performance.now();
  const { estimator, temperatures = [1] } = SUBJECTS[subject]!;
  const dataset = await context.load('mnist-binarized', 10_000);
  const { width, height, channels } = dataset.train;
  const model = createDiscreteVae({
    image: { width, height, channels },
    layer: LAYERS[kind],
    network: { kind: 'mlp', hidden: [], activation: 'relu' },
    likelihood: 'bernoulli',
    prior: 'uniform',
  });
  const stages = await trainExactly(kind, model, dataset, SEED, context);
  const x = toValues(dataset.train, 'static', SEED).subarray(0, IMAGES * width * height);
  const exact = await createGradientMeasure(model, enumeration, IMAGES, context);
  const measure = await createGradientMeasure(model, estimator, IMAGES, context);
  const rows: number[][] = [];
  let last: GradientError | undefined;
  for (const [i, params] of stages.entries()) {
    const reference = await exact.gradient(params, x);
    for (const temperature of temperatures) {
      const schedule = { temperature, slope: 1 / temperature };
      const found = await measure.error(params, x, reference, { draws: DRAWS, schedule, seed: SEED });
      rows.push([STAGES[i]!, temperature, found.bias, found.floor, found.deviation, found.cosine]);
      if (temperature === 1) last = found;
      context.log(
        `${STAGES[i]} steps, temperature ${temperature}: bias ${found.bias.toFixed(3)} (seen from ${found.floor.toFixed(3)}), deviation ${found.deviation.toFixed(3)}`,
      );
    }
  }
  await Promise.all([exact.release(), measure.release()]);
  return {
    values: {
      bias: { value: last!.bias },
      floor: { value: last!.floor },
      deviation: { value: last!.deviation },
      cosine: { value: last!.cosine },
    },
    unit: 'relative to the length of the exact gradient',
    protocol:
      `${subject} on a VAE 784-${kind === 'bernoulli' ? '8' : '(4×4)'}-784 with 256 codes, ${TRAINING}; gradient in the ` +
      `encoder of the mean cost of the first ${IMAGES} training images, ${DRAWS} draws: bias = distance of their mean from ` +
      'the gradient by enumeration, less what the noise of the mean adds (floor = that noise), deviation = root of the ' +
      'trace of their covariance, cosine = of the mean and the exact gradient; values at temperature 1 after the last ' +
      'stage; slope = 1 / temperature where an estimator has a slope',
    settings: { kind, estimator: subject, images: IMAGES, draws: DRAWS, temperatures },
    seed: SEED,
    data: {
      set: dataset.title,
      variant: 'static binarisation',
      train: dataset.train.count,
      test: 0,
    },
    samples: DRAWS * IMAGES,
    wallSeconds: (performance.now() - began) / 1000,
    curve: { columns: ['steps', 'temperature', 'bias', 'floor', 'deviation', 'cosine'], rows },
  };
}

export const samples = DRAWS * IMAGES;

export const cells: Program['cells'] = Object.fromEntries(
  (Object.keys(LAYERS) as Kind[]).flatMap((kind) =>
    Object.keys(SUBJECTS)
      .filter((subject) => kind === 'bernoulli' || subject !== 'arm')
      .map((subject) => [`${kind}-${subject}`, (context: Context) => cell(kind, subject, context)]),
  ),
);
