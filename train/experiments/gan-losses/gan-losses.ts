// Adversarial losses side by side: equal networks and steps of the generator, each at the learning rate that suits it,
// judged by Fréchet distances, precision and recall.
import { sheet, toImage } from '../../../core/image/compose.ts';
import { convGenerator } from '../../adversarial/generator.ts';
import { type OwnStatistics, openOwnStatistics } from '../../adversarial/own-statistics.ts';
import { averagedWeights, lastWeights } from '../../averages.ts';
import type { DataSet } from '../../data/data-set.ts';
import type { DataSetId } from '../../data/registry.ts';
import { featureFolder } from '../../evaluate/fidelity/feature-folder.ts';
import { openFeatureSpace } from '../../evaluate/fidelity/feature-space.ts';
import { type Features, frechetDistance, momentsOf } from '../../evaluate/fidelity/frechet.ts';
import { judgeProtocols, SAMPLES, SEED } from '../../evaluate/fidelity/judge.ts';
import { precisionAndRecall } from '../../evaluate/fidelity/precision-recall.ts';
import { createImageSampler, imagesOf } from '../../evaluate/fidelity/samples.ts';
import { build } from '../../families/families.ts';
import type { Model } from '../../model.ts';
import { factsOf, initialWeights } from '../../run/train.ts';
import type { RunOptions } from '../../runner/rows.ts';
import type { TrainingState } from '../../runner/step.ts';
import type { CellResult, Context, Measured, Program } from '../experiment.ts';
import { UNLABELLED } from '../game.ts';
import { stepCosts, stepOrders } from './costs.ts';
import { HELD_OUT, METHODS, type Method, type MethodName, RATES, recipeOf } from './losses.ts';
import { type Played, playAtBestRate } from './rates.ts';

/** Steps of the generator in a round, and rounds. */
const [STEPS, ROUNDS] = [400, 6];
const { batchSize } = UNLABELLED;
const [ROWS, COLUMNS] = [8, 16];

/** Methods of each set; colour costs twice as much. */
const GAMES: Partial<Record<DataSetId, readonly MethodName[]>> = {
  mnist: Object.keys(METHODS) as MethodName[],
  'fashion-mnist': Object.keys(METHODS) as MethodName[],
  cifar10: ['non-saturating', 'hinge-spectral', 'r1'],
};

/** Training images of a step of the generator. */
const imagesOfStep = ({ recipe }: Method): number => recipe.criticSteps! * batchSize;

async function openReal(dataset: DataSet, options: RunOptions) {
  const space = await openFeatureSpace(dataset, featureFolder(), { ...options, log: console.log });
  const test = await space.of(dataset.test);
  return { space, test, moments: momentsOf(test) };
}
type Real = Awaited<ReturnType<typeof openReal>>;

const opened = new Map<string, Promise<Real>>();

/** The real images of a set; cells that are computed together share them. */
function realOf(dataset: DataSet, options: RunOptions): Promise<Real> {
  const known = opened.get(dataset.id) ?? openReal(dataset, options);
  opened.set(dataset.id, known);
  return known;
}

/** Images of the last weights and of the averaged ones, each with its distance. */
async function drawn(
  model: Model,
  weights: TrainingState,
  statistics: OwnStatistics,
  { space, moments }: Real,
  options: RunOptions,
) {
  const kinds = {
    last: await statistics.of(lastWeights(weights)),
    averaged: await statistics.of(averagedWeights(weights)),
  };
  const sampler = await createImageSampler(model, kinds.last, options);
  const judged = async (kind: keyof typeof kinds) => {
    const images = await sampler.draw(kinds[kind], SEED, SAMPLES);
    const features = await space.of(imagesOf(images, model));
    return { images, features, frechet: frechetDistance(momentsOf(features), moments) };
  };
  const found = { last: await judged('last'), averaged: await judged('averaged') };
  await sampler.release();
  return found;
}

const sheetOf = ({ data, size }: Features, { width, height, channels }: Model['image']) =>
  sheet(
    Array.from({ length: ROWS * COLUMNS }, (_, i) =>
      toImage(data.subarray(i * size, (i + 1) * size), width, height, channels),
    ),
    COLUMNS,
  );

const PROTOCOL =
  `networks of glyphs-cgan without labels, Adam at a constant rate; each of the rates plays ${STEPS} steps of the generator, and the one with the least Fréchet distance of 2000 images to the validation images goes on; images are drawn by statistics of batch normalisation that belong to the weights, since running averages lag behind a rate that does not fall; ` +
  `frechet and its precision and recall are of ${SAMPLES} images of the seed '${SEED}', by the weights that the method draws with`;

const cellOf = (set: DataSetId, name: MethodName) => async (context: Context) => {
  const began = performance.now();
  const method: Method = METHODS[name];
  const { backend, threads, limit, log } = context;
  const dataset = await context.load(set, HELD_OUT);
  const at = (rate: number) => recipeOf(set, method, rate);
  const built = build(at(RATES[0]!), factsOf(dataset));
  const validator = await built.validator(dataset, { backend, threads });
  const rounds = Math.max(1, Math.min(ROUNDS, Math.floor(limit / (STEPS * imagesOfStep(method)))));
  const { latent, channels, criticChannels, seed, ...settings } = at(RATES[0]!);
  const { image } = built.model;
  const statistics = await openOwnStatistics(
    {
      generator: convGenerator({ image, latent: Number(latent), channels: channels as number[] }),
      latent: Number(latent),
      batchSize,
    },
    lastWeights(initialWeights(at(RATES[0]!), dataset)),
    { backend, threads },
  );
  const settle = (weights: TrainingState) =>
    statistics.of(method.averaged ? averagedWeights(weights) : lastWeights(weights));
  const game = { at, rates: RATES, steps: STEPS, rounds, settle };
  const { played, weights } = await playAtBestRate(game, dataset, validator, context);
  await validator.release();

  const [{ rate, rounds: done, diverged }] = played as [Played];
  const steps = done.length * STEPS;
  const values: Record<string, Measured> = Object.fromEntries(
    played.flatMap(({ rate, rounds: [first] }) =>
      first
        ? [[`frechet on validation images after ${STEPS} steps at ${rate}`, { value: first.frechet }]]
        : [],
    ),
  );
  let picture: CellResult['picture'];
  if (weights) {
    const real = await realOf(dataset, { backend, threads });
    const kinds = await drawn(built.model, weights, statistics, real, { backend, threads });
    const own = method.averaged ? kinds.averaged : kinds.last;
    Object.assign(values, {
      frechet: { value: own.frechet },
      'frechet of the last weights': { value: kinds.last.frechet },
      'frechet of averaged weights': { value: kinds.averaged.frechet },
      ...(await precisionAndRecall(real.test, own.features, { backend, threads })),
    });
    picture = sheetOf(own.images, image);
  }
  await statistics.release();
  log(JSON.stringify(values));
  const protocols = judgeProtocols(SAMPLES, dataset.test.count);
  return {
    values,
    unit: 'frechet without a unit; others shares of images',
    protocol: `${PROTOCOL}. frechet: ${protocols.frechet}. precision: ${protocols.precision}. recall: ${protocols.recall}`,
    settings: {
      method: name,
      ...method.recipe,
      learningRate: rate,
      rates: RATES,
      steps,
      batchSize,
      latent: Number(latent),
      channels: channels as number[],
      criticChannels: criticChannels as number[],
      averageSteps: Number(settings.averageSteps),
      averaged: method.averaged === true,
      ...(diverged ? { flaw: diverged } : {}),
    },
    seed: String(seed),
    data: { set: dataset.title, variant: 'grey', train: dataset.train.count, test: dataset.test.count },
    samples: steps * imagesOfStep(method),
    wallSeconds: (performance.now() - began) / 1000,
    curve: {
      columns: ['steps', 'frechet', 'spread', 'seconds'],
      rows: done.map(({ frechet, spread, seconds }, i) => [(i + 1) * STEPS, frechet, spread, seconds]),
    },
    ...(picture ? { picture } : {}),
  } satisfies CellResult;
};

const all = Object.entries(GAMES).flatMap(([set, names]) =>
  names.map((name) => ({ cell: `${set}-${name}`, set: set as DataSetId, name })),
);

export const { samples, cells }: Program = {
  samples(cell) {
    const game = all.find((one) => one.cell === cell);
    return game ? ROUNDS * STEPS * imagesOfStep(METHODS[game.name]) : 1;
  },
  cells: {
    ...Object.fromEntries(all.map(({ cell, set, name }) => [cell, cellOf(set, name)])),
    'step-costs': stepCosts,
    'step-orders': stepOrders,
  },
};
