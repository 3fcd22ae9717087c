// Measures of fidelity, against closed forms and sets small enough to count by hand.
import { expect, test } from 'vitest';
import { createStream } from '../../core/sampling/stream.ts';
import { DATA_SETS } from '../../train/data/registry.ts';
import { mayBePassedOn } from '../../train/data/uses.ts';
import { collapse } from '../../train/evaluate/fidelity/collapse.ts';
import { forDistances } from '../../train/evaluate/fidelity/distances.ts';
import { symmetricEigen } from '../../train/evaluate/fidelity/eigen.ts';
import {
  type Features,
  frechetDistance,
  type Moments,
  momentsOf,
  squareRoot,
} from '../../train/evaluate/fidelity/frechet.ts';
import { judgeProtocols, nearerOf } from '../../train/evaluate/fidelity/judge.ts';
import { nearCopies, nearerShares, nearestNeighbours } from '../../train/evaluate/fidelity/neighbours.ts';
import { parzenLogDensities, parzenWindow, WIDTHS } from '../../train/evaluate/fidelity/parzen.ts';
import { precisionAndRecall } from '../../train/evaluate/fidelity/precision-recall.ts';
import { realImages } from '../../train/experiments/fidelity/drawn.ts';
import { comparison } from '../../train/families/frechet-validator.ts';

const options = { backend: 'cpu', threads: 1 } as const;

const rows = (...values: number[][]): Features => ({
  count: values.length,
  size: values[0]!.length,
  data: Float32Array.from(values.flat()),
});

/** A random orthogonal matrix [n, n]: the eigenvectors of a random symmetric one. */
function orthogonal(n: number, seed: string): Float64Array {
  const stream = createStream(seed);
  const m = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) m[i * n + j] = m[j * n + i] = stream.normal();
  return symmetricEigen(m, n).vectors;
}

/** Qᵀ diag(values) Q. */
const covarianceOf = (q: Float64Array, values: number[]): Float64Array => {
  const n = values.length;
  return Float64Array.from({ length: n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    return values.reduce((sum, value, k) => sum + value * q[k * n + i]! * q[k * n + j]!, 0);
  });
};

test('real images are those of the kind that is nearer', () => {
  const [training, validation] = [
    { frechet: 2, words: 'training' },
    { frechet: 1, words: 'validation' },
  ];
  expect(nearerOf(training, validation)).toBe(validation);
  expect(nearerOf(training, { ...validation, frechet: 3 })).toBe(training);
  expect(nearerOf(training, undefined)).toBe(training);
});

test('eigenvalues of a matrix that has known ones, and vectors that take it apart', () => {
  const { values } = symmetricEigen(Float64Array.of(2, 1, 0, 1, 2, 0, 0, 0, -5), 3);
  expect([...values].sort((a, b) => a - b)).toEqual([-5, expect.closeTo(1, 14), expect.closeTo(3, 14)]);
  const known = Array.from({ length: 40 }, (_, i) => (i < 3 ? 0 : i ** 3));
  const matrix = covarianceOf(orthogonal(40, 'a'), known);
  const found = symmetricEigen(matrix, 40);
  found.values.toSorted().forEach((value, i) => {
    expect(Math.abs(value - known[i]!)).toBeLessThan(1e-9);
  });
  const again = covarianceOf(found.vectors, [...found.values]);
  again.forEach((value, i) => {
    expect(Math.abs(value - matrix[i]!)).toBeLessThan(1e-9);
  });
});

test('the square root of a singular covariance', () => {
  const q = orthogonal(5, 'b');
  const root = squareRoot(covarianceOf(q, [0, 0, 1, 4, 9]), 5);
  const expected = covarianceOf(q, [0, 0, 1, 2, 3]);
  // √ takes a rounding error of 10⁻¹⁵ to 3 · 10⁻⁸.
  root.forEach((value, i) => {
    expect(Math.abs(value - expected[i]!)).toBeLessThan(1e-7);
  });
});

test('moments are the mean and the unbiased covariance', () => {
  const { mean, covariance } = momentsOf(rows([1, 2], [3, 2], [2, 5]));
  expect([...mean]).toEqual([2, expect.closeTo(3, 14)]);
  expect([...covariance].map((value) => Number(value.toFixed(12)))).toEqual([1, 0, 0, 3]);
  expect(() => momentsOf(rows([1, 2]))).toThrow('frechet: a covariance needs at least 2 images, got 1');
});

test('Fréchet distances in closed form', () => {
  const gaussian = (mean: number[], covariance: Float64Array): Moments => ({
    mean: Float64Array.from(mean),
    covariance,
  });
  const zero = [0, 0, 0, 0];
  // Covariances with the same axes: the sum of squared differences of deviations.
  const q = orthogonal(4, 'c');
  const same = frechetDistance(
    gaussian([1, 0, 0, 2], covarianceOf(q, [1, 4, 9, 16])),
    gaussian(zero, covarianceOf(q, [4, 4, 1, 0])),
  );
  expect(same).toBeCloseTo(5 + 1 + 0 + 4 + 16, 6);
  // [[2, 0], [0, 0]] and [[1, 1], [1, 1]] have no common axes: Tr √(C₁ C₂) = √2, so 2 + 2 − 2√2.
  const apart = frechetDistance(
    gaussian([0, 0], Float64Array.of(2, 0, 0, 0)),
    gaussian([0, 0], Float64Array.of(1, 1, 1, 1)),
  );
  expect(apart).toBeCloseTo(4 - 2 * Math.SQRT2, 7);
  const one = gaussian(zero, covarianceOf(q, [1, 2, 3, 0]));
  expect(frechetDistance(one, one)).toBeCloseTo(0, 6);
  expect(() => frechetDistance(one, gaussian([0], Float64Array.of(1)))).toThrow(
    'frechet: features of 4 and of 1 values',
  );
});

test('distances between rows, over more than one block', async () => {
  const count = 300;
  const many: Features = { count, size: 2, data: Float32Array.from({ length: 2 * count }, (_, i) => i / 2) };
  const found: number[][] = [];
  await forDistances(many, rows([0, 0], [3, 4]), (i, squared) => (found[i] = [...squared]), options);
  expect(found.length).toBe(count);
  expect(found[0]).toEqual([0.25, 3 ** 2 + 3.5 ** 2]);
  expect(found[299]).toEqual([299 ** 2 + 299.5 ** 2, 296 ** 2 + 295.5 ** 2]);
  // The first rows of more: what lies beyond is not looked at.
  const some = { ...many, count: 1 };
  const of: number[][] = [];
  await forDistances(some, some, (_, squared) => of.push([...squared]), options);
  expect(of).toEqual([[0]]);
  await expect(forDistances(many, rows([1]), () => {}, options)).rejects.toThrow(
    'distances: rows of 2 and of 1 values',
  );
});

test('Parzen windows: one centre is a Gaussian, two are its mean, and far ones do not underflow', async () => {
  const logNormal = (squared: number, width: number) =>
    -squared / (2 * width ** 2) - 2 * Math.log(width * Math.sqrt(2 * Math.PI));
  const x = rows([1, 0], [100, 0]);
  const [wide, narrow] = await parzenLogDensities(x, rows([0, 0]), [1, 0.1], options);
  expect([...wide!, ...narrow!]).toEqual(
    [logNormal(1, 1), logNormal(1e4, 1), logNormal(1, 0.1), logNormal(1e4, 0.1)].map((v) =>
      expect.closeTo(v, 3),
    ),
  );
  const [two] = await parzenLogDensities(x, rows([0, 0], [1, 2]), [1], options);
  expect(two![0]).toBeCloseTo(Math.log((Math.exp(logNormal(1, 1)) + Math.exp(logNormal(4, 1))) / 2), 6);
});

test('the width is the best one on validation images', async () => {
  expect(WIDTHS.map((width) => Number(width.toFixed(4)))).toEqual([
    0.1, 0.1292, 0.1668, 0.2154, 0.2783, 0.3594, 0.4642, 0.5995, 0.7743, 1,
  ]);
  // For one image at distance r of one centre in d dimensions the best σ² is r² / d.
  const found = await parzenWindow(rows([0, 0]), rows([0.4, 0.3]), rows([0.3, 0], [0, 0]), options);
  expect(found.width).toBe(WIDTHS[5]);
  const at = (squared: number) =>
    -squared / (2 * found.width ** 2) - 2 * Math.log(found.width * Math.sqrt(2 * Math.PI));
  expect([...found.densities]).toEqual([at(0.09), at(0)].map((density) => expect.closeTo(density, 5)));
});

test('precision and recall count who lies within the balls of the others', async () => {
  // Radii to the nearest neighbour: real 1, 1, 3; generated 1, 1, 90.
  const real = rows([0], [1], [4]);
  const generated = rows([6], [7], [97]);
  // 6 and 7 lie within 3 of 4; the ball of 97 reaches 7 and so none of the real ones.
  const of = async (a: Features, b: Features) => {
    const { precision, recall } = await precisionAndRecall(a, b, options, 1);
    return [precision, recall];
  };
  const share = (count: number) => ({ count, of: 3 });
  expect(await of(real, generated)).toEqual([share(2), share(0)]);
  expect(await of(generated, real)).toEqual([share(0), share(2)]);
  expect(await of(real, real)).toEqual([share(3), share(3)]);
  await expect(precisionAndRecall(real, real, options)).rejects.toThrow(
    'precision: 3 neighbours need more than 3 images',
  );
});

test.each([
  [0.43, 1],
  [0.39, 0.9],
])(
  'images that spread %d times as far as real ones are collapsed where they go few ways',
  async (spread, reach) => {
    const stream = createStream('collapse');
    /** A thousand rows of sixteen numbers, each with a deviation of its own. */
    const drawn = (deviation: (row: number, column: number) => number): Features => {
      const data = new Float32Array(16_000);
      for (let i = 0; i < data.length; i++) data[i] = deviation(Math.floor(i / 16), i % 16) * stream.normal();
      return { count: 1000, size: 16, data };
    };
    const compared = (real: Features, generated: Features) => comparison(real, options)(generated);
    const few = await compared(
      drawn(() => 1),
      drawn((_, column) => (column < 3 ? reach : 0)),
    );
    expect([few.spread, few.recall]).toEqual([expect.closeTo(spread, 1), 0]);
    expect(collapse(few.recall)).toBe(
      'generated images recall 0 % of real ones, less than 1 %: collapsed, or not learned yet',
    );
    // As near together, but where most of the real ones are too, of which one in ten lies far out.
    const near = await compared(
      drawn((row) => (row % 10 === 0 ? 3 : 0.3)),
      drawn(() => reach * 0.43),
    );
    expect([near.spread, near.recall > 0.3]).toEqual([expect.closeTo(spread, 1), true]);
    expect([near.recall, undefined, 0.01].map((recall) => collapse(recall))).toEqual(
      Array(3).fill(undefined),
    );
  },
);

test('nearest neighbours, and near-copies by the distances of images that were never trained on', async () => {
  const trained = rows([0, 0], [10, 0], [0, 10]);
  const found = await nearestNeighbours(rows([9, 1], [0, 0], [1, 7]), trained, options);
  expect([...found.index]).toEqual([1, 0, 2]);
  expect([...found.distance]).toEqual([Math.SQRT2, 0, Math.sqrt(10)].map((v) => expect.closeTo(v, 5)));
  const at = (...distances: number[]) => ({
    index: new Uint32Array(distances.length),
    distance: Float32Array.from(distances),
  });
  const unseen = at(...Array.from({ length: 200 }, (_, i) => 200 - i));
  expect(nearCopies(unseen, unseen)).toEqual({ count: 2, of: 200 });
  expect(nearCopies(at(0, 2, 2.5, 3, 4), unseen)).toEqual({ count: 3, of: 5 });
  expect(nearerShares(at(0, 1, 1.5, 200, 201), unseen)).toEqual([0, 0, 0.005, 0.995, 1]);
});

test('training images are published of the sets whose licence says that they may be', () => {
  expect(DATA_SETS.filter(mayBePassedOn)).toEqual([
    'mnist',
    'fashion-mnist',
    'emoji',
    'emoji-people',
    'emoji-48',
    'glyphs',
  ]);
});

test('a protocol says how many images were compared, where fewer were drawn or fewer are there', () => {
  const few = judgeProtocols(1000, 10_000);
  expect(few['near-copies by pixels']).toBe(
    'share of 1000 generated images that are nearer to a training image than 99 % of the first 2000 test images are',
  );
  expect(few.precision).toMatch(
    /^share of 1000 generated images within the manifold of the first 1000 test images,/,
  );
  const emoji = judgeProtocols(10_000, 697);
  expect(emoji['near-copies by pixels']).toMatch(/^share of 2000 generated .* 99 % of 697 test images are$/);
  expect(emoji.recall).toBe(
    'share of 697 test images within the manifold of as many generated ones, likewise',
  );
});

test('training images in the place of generated ones are drawn from the whole set, none twice', () => {
  const count = 30_000;
  const pixels = Uint8Array.from({ length: 2 * count }, (_, i) =>
    i % 2 === 0 ? (i >> 1) >> 8 : (i >> 1) & 255,
  );
  const train = { width: 2, height: 1, channels: 1 as const, count, pixels };
  const { images, words } = realImages('training', train);
  expect(words).toBe('10000 of the 30000 training images, drawn by the seed, in the place of generated ones');
  const drawn = Array.from({ length: images.count }, (_, i) =>
    Math.round(255 * (256 * images.data[2 * i]! + images.data[2 * i + 1]!)),
  );
  expect(new Set(drawn).size).toBe(10_000);
  // A third of them are the first third of the set, give or take four deviations.
  expect(Math.abs(drawn.filter((i) => i < 10_000).length - 3333)).toBeLessThan(160);
  const few = realImages('validation', { ...train, count: 3, pixels: pixels.slice(0, 6) });
  expect(few.words).toMatch(/^all 3 validation images, in an order drawn by the seed,/);
  expect(
    [...few.images.data]
      .filter((_, i) => i % 2 === 1)
      .map((v) => Math.round(255 * v))
      .sort(),
  ).toEqual([0, 1, 2]);
});
