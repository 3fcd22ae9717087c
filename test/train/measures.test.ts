// Figures of a report and of the validation, against a model whose bound is known in closed form.
import '@tensorflow/tfjs-backend-cpu';
import { add, fill, mul, reshape, slice, type Tensor, zerosLike } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import type { DataSet, Images } from '../../train/data/data-set.ts';
import { drawnImages } from '../../train/data/subset.ts';
import { boundMeasure } from '../../train/evaluate/bounds/measure.ts';
import { groupMeans, meanAndError } from '../../train/evaluate/statistics.ts';
import { builtOnBound } from '../../train/families/bound.ts';
import { gaussianLogDensity } from '../../train/likelihoods.ts';
import type { Vae } from '../../train/model.ts';
import { gaussianModel } from '../../train/models/gaussian-model.ts';
import { sgd } from '../../train/optimisers.ts';
import { oneUpdate } from '../../train/runner/one-update.ts';

/** x ~ N(2 z, 1), and a posterior that is all but a point at z = 3 x. */
const LOG_VARIANCE = -30;
const flat = (x: Tensor) => reshape(x, [-1, 1]);
const toy = {
  image: { width: 1, height: 1, channels: 1 },
  latentDimensions: 1,
  likelihood: 'gaussian',
  encode: (_: unknown, __: unknown, x: Tensor) => ({
    mean: mul(flat(x), 3),
    logVariance: fill([x.shape[0]!, 1], LOG_VARIANCE),
  }),
  logLikelihood: (_: unknown, __: unknown, x: Tensor, z: Tensor) =>
    gaussianLogDensity(flat(x), mul(z, 2), zerosLike(z)),
} as unknown as Vae;

const pixels = Uint8Array.of(51, 102, 204);
const images: Images = { count: 3, width: 1, height: 1, channels: 1, pixels };
const dataset: DataSet = {
  id: 'toy',
  title: 'toy',
  terms: 'MIT',
  train: images,
  validation: images,
  test: images,
};
const mean = (of: (x: number) => number) => [...pixels].reduce((sum, byte) => sum + of(byte / 255) / 3, 0);
const reconstruction = mean((x) => -0.5 * ((x - 6 * x) ** 2 + Math.log(2 * Math.PI)));
const kl = mean((x) => 0.5 * (9 * x ** 2 + Math.exp(LOG_VARIANCE) - LOG_VARIANCE - 1));

test('the ELBO of a report is reconstruction − KL, and the likelihood is not below it', async () => {
  const subject = {
    model: gaussianModel(toy),
    params: {},
    state: {},
    settings: { seed: 1, variant: 'grey' as const },
    measures: [],
  };
  const figures = await boundMeasure.figures(subject, dataset, { samples: 500, images: 3, backend: 'cpu' });
  const value = (name: string) => figures.find((figure) => figure.name === name)!.value;
  expect(value('reconstruction')).toBeCloseTo(reconstruction, 4);
  expect(value('kl')).toBeCloseTo(kl, 4);
  expect(value('elbo')).toBeCloseTo(reconstruction - kl, 4);
  expect(-value('nll')).toBeGreaterThan(reconstruction - kl);
  expect(value('active-units')).toBe(1);
});

test('the likelihood of some test images is of those drawn by chance, with their labels', async () => {
  const conditional = {
    ...toy,
    classes: 2,
    encode: (_: unknown, __: unknown, x: Tensor, labels: Tensor) => ({
      mean: add(mul(flat(x), 3), slice(labels, [0, 1], [-1, 1])),
      logVariance: fill([x.shape[0]!, 1], LOG_VARIANCE),
    }),
  } as unknown as Vae;
  const model = gaussianModel(conditional);
  const sorted: Images = {
    ...images,
    count: 40,
    pixels: Uint8Array.from({ length: 40 }, (_, i) => 6 * i),
    labels: Uint8Array.from({ length: 40 }, (_, i) => i % 2),
  };
  const nllOf = async (test: Images) => {
    const subject = {
      model,
      params: {},
      state: {},
      settings: { seed: 1, variant: 'grey' as const },
      measures: [],
    };
    const options = { samples: 2, images: 10, backend: 'cpu' } as const;
    return (await boundMeasure.figures(subject, { ...dataset, test }, options))[0]!;
  };
  const [part, whole] = [await nllOf(sorted), await nllOf(drawnImages(sorted, 10))];
  expect([part.name, part.split, whole.split]).toEqual([
    'nll',
    "test, 10 images drawn by chance, seed 'test-subset'",
    'test, 10 images',
  ]);
  expect([part.value, part.standardError]).toEqual([whole.value, whole.standardError]);
});

test('frames of one moment are one observation', async () => {
  const pixels = Uint8Array.of(51, 51, 204, 204);
  const test = { ...images, count: 4, pixels };
  const of = async (block?: number) => {
    const subject = {
      model: gaussianModel(toy),
      params: {},
      state: {},
      settings: { seed: 1, variant: 'grey' as const },
      measures: [],
    };
    const set = { ...dataset, test: block === undefined ? test : { ...test, block } };
    const figures = await boundMeasure.figures(subject, set, { samples: 2, images: 4, backend: 'cpu' });
    return figures.find(({ name }) => name === 'kl')!.standardError!;
  };
  // Two blocks of equal images: √(4 − 1) / √(2 − 1) times the error of four images that say nothing of each other.
  expect((await of(2)) / (await of())).toBeCloseTo(Math.sqrt(3), 6);
});

test('so is that of the validation, which chooses by the bound', async () => {
  const recipe = {
    family: 'vae',
    dataset: 'glyphs',
    variant: 'grey',
    mirror: false,
    validation: 3,
    batchSize: 1,
    epochs: 2,
    patience: 0,
    size: 1,
    colour: 'grey',
    crop: 'middle',
    seed: 1,
    likelihood: 'gaussian',
    estimator: 'B',
    samples: 1,
    klWarmupEpochs: 0,
    tightenEpochs: 0,
    tightenSamples: 1,
    from: 'nothing',
    select: 'bound',
    selectSamples: 1,
    evaluateSamples: 1,
    evaluateImages: 1,
    optimiser: 'sgd',
    weightDecay: 0,
    momentum: 0,
    map: false,
    learningRate: 1,
    finalLearningRate: 1,
  };
  const learner = oneUpdate(
    () => ({}),
    sgd(),
    () => {
      throw new Error('nothing is learned here');
    },
  );
  const validator = await builtOnBound(recipe, toy, { plain: learner }).validator(dataset, {
    backend: 'cpu',
  });
  const measured = await validator.measure({ params: {}, state: {} });
  await validator.release();
  expect(measured.reconstruction).toBeCloseTo(reconstruction, 4);
  expect(measured.kl).toBeCloseTo(kl, 4);
  expect(measured.elbo).toBeCloseTo(reconstruction - kl, 4);
  // One sample of log p(x, z) − log q(z|x): its noise is that of log q alone, of deviation 0.7.
  expect(Math.abs(measured.bound! - (reconstruction - kl))).toBeLessThan(2);
});

test('means over groups, of which the last is what is left', () => {
  expect(groupMeans(Float64Array.of(1, 3, 5, 9, 2), 2)).toEqual([2, 7, 2]);
});

test('a block of no image is refused, where it would be waited for without end', () => {
  for (const block of [0, 1.5, Number.NaN])
    expect(() => meanAndError([1, 2, 3], block)).toThrow(
      `statistics: block must be a whole number of at least 1, got ${block}`,
    );
});
