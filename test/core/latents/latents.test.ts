// Latents of every kind from seeds. Golden: these numbers are pictures; they never change, in no runtime.
import { expect, test } from 'vitest';
import { codesOfLogits, codesOfWeights, latentOfCodes } from '../../../core/latents/codes.ts';
import { drawLatent } from '../../../core/latents/draw.ts';
import { manifoldGrid } from '../../../core/latents/grids.ts';
import { interpolateLatents } from '../../../core/latents/interpolate.ts';
import { type LatentSpec, latentSize } from '../../../models/latent.ts';

const GAUSSIAN = { prior: 'gaussian', dimensions: 4 } as const;
const UNIFORM = { prior: 'uniform', dimensions: 4, low: -Math.sqrt(3), high: Math.sqrt(3) } as const;
const BERNOULLI = { prior: 'bernoulli', dimensions: 12 } as const;
const CATEGORICAL = { prior: 'categorical', variables: 8, classes: 5 } as const;
const ALL: readonly LatentSpec[] = [GAUSSIAN, UNIFORM, BERNOULLI, CATEGORICAL];

const values = (spec: LatentSpec, seed: string, index = 0, temperature = 1) => [
  ...drawLatent(spec, seed, index, temperature),
];

test('seeds are latents, for ever', () => {
  expect(values(GAUSSIAN, 'anna')).toMatchInlineSnapshot(`
    [
      -0.8027684092521667,
      0.10943808406591415,
      -0.26772135496139526,
      0.9096068143844604,
    ]
  `);
  expect(values(UNIFORM, 'anna')).toMatchInlineSnapshot(`
    [
      -1.0009372234344482,
      0.15093952417373657,
      -0.3656120002269745,
      1.103264570236206,
    ]
  `);
  expect(values(UNIFORM, '日本', 3)).toMatchInlineSnapshot(`
    [
      1.6412376165390015,
      1.1967219114303589,
      -0.4887208342552185,
      -0.9629494547843933,
    ]
  `);
  expect(values(BERNOULLI, 'anna').join('')).toMatchInlineSnapshot(`"101000011110"`);
  expect(values(BERNOULLI, '日本', 3).join('')).toMatchInlineSnapshot(`"001110000011"`);
  const code = (seed: string, index: number) =>
    codesOfWeights(CATEGORICAL, drawLatent(CATEGORICAL, seed, index)).join('');
  expect(code('anna', 0)).toMatchInlineSnapshot(`"12142432"`);
  expect(code('日本', 3)).toMatchInlineSnapshot(`"44111343"`);
});

test('a draw has as many numbers as graphs take; one more dimension shifts none, another image is another', () => {
  for (const spec of ALL) {
    expect(values(spec, 'a')).toHaveLength(latentSize(spec));
    const more =
      'dimensions' in spec ? { ...spec, dimensions: spec.dimensions + 1 } : { ...spec, variables: 9 };
    expect(values(more, 'a').slice(0, latentSize(spec))).toEqual(values(spec, 'a'));
    expect(values(spec, 'a', 1)).not.toEqual(values(spec, 'a'));
  }
});

test('temperature scales a deviation, or the reach around the middle, and leaves fair draws alone', () => {
  expect(values(GAUSSIAN, 'a', 0, 2)).toEqual(values(GAUSSIAN, 'a').map((x) => 2 * x));
  const spec = { prior: 'uniform', dimensions: 3, low: 1, high: 2 } as const;
  expect(values(spec, 'a', 0, 0)).toEqual([1.5, 1.5, 1.5]);
  values(spec, 'a', 0, 0.5).forEach((x, i) => {
    expect(x - 1.5).toBeCloseTo((values(spec, 'a')[i]! - 1.5) / 2, 6);
  });
  for (const one of [BERNOULLI, CATEGORICAL]) expect(values(one, 'a', 0, 0.1)).toEqual(values(one, 'a'));
});

test('uniform draws fill low to high evenly; every bit and class is as likely', () => {
  const many = drawLatent({ ...UNIFORM, dimensions: 40_000 }, 'moments', 0);
  expect(many.every((x) => Math.abs(x) < 1.7320509)).toBe(true);
  const mean = many.reduce((sum, x) => sum + x / many.length, 0);
  const variance = many.reduce((sum, x) => sum + x ** 2 / many.length, 0);
  // Four standard errors of mean 0 and of variance 1, whose fourth moment is 9/5.
  expect(Math.abs(mean)).toBeLessThan(0.02);
  expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt(0.8 / 40_000));
  const bits = drawLatent({ prior: 'bernoulli', dimensions: 10_000 }, 'moments', 0);
  expect(Math.abs(bits.reduce((sum, x) => sum + x, 0) - 5000)).toBeLessThan(200);
  const spec = { prior: 'categorical', variables: 10_000, classes: 4 } as const;
  const counts = [0, 0, 0, 0];
  for (const code of codesOfWeights(spec, drawLatent(spec, 'moments', 0))) counts[code]! += 1;
  for (const count of counts) expect(Math.abs(count - 2500)).toBeLessThan(4 * Math.sqrt(1875));
});

test('codes are flat one-hot vectors, the classes of the first variable first', () => {
  const spec = { prior: 'categorical', variables: 2, classes: 3 } as const;
  expect([...latentOfCodes(spec, [2, 0])]).toEqual([0, 0, 1, 1, 0, 0]);
  expect(codesOfWeights(spec, Float32Array.of(0.2, 0.4, 0.4, 0, 0, 0))).toEqual([1, 0]);
  expect(codesOfLogits(spec, Float32Array.of(-3, -2, -1, 5, 6, 4))).toEqual([2, 1]);
  const bits = { prior: 'bernoulli', dimensions: 3 } as const;
  expect([...latentOfCodes(bits, [1, 0, 1])]).toEqual([1, 0, 1]);
  expect(codesOfWeights(bits, Float32Array.of(0.6, 0.5, 0.4))).toEqual([1, 0, 0]);
  expect(codesOfLogits(bits, Float32Array.of(0.1, 0, -0.1))).toEqual([1, 0, 0]);
});

test('a path meets both of its ends exactly, whatever the latents are', () => {
  for (const spec of ALL) {
    const [a, b] = [drawLatent(spec, 'a', 0), drawLatent(spec, 'b', 0)];
    expect(interpolateLatents(spec, a, b, 0)).toEqual(a);
    expect(interpolateLatents(spec, a, b, 1)).toEqual(b);
    expect(interpolateLatents(spec, a, b, 0.5)).not.toEqual(a);
  }
  const [a, b] = [Float32Array.of(1, 0), Float32Array.of(0, 1)];
  const middle = (spec: LatentSpec, path?: 'lerp') =>
    [...interpolateLatents(spec, a, b, 0.5, path ? { path } : {})].map((x) => x.toFixed(4));
  expect(middle({ prior: 'gaussian', dimensions: 2 })).toEqual(['0.7071', '0.7071']);
  expect(middle({ prior: 'gaussian', dimensions: 2 }, 'lerp')).toEqual(['0.5000', '0.5000']);
  expect(middle({ prior: 'uniform', dimensions: 2, low: 0, high: 1 })).toEqual(['0.5000', '0.5000']);
  // Half of both classes: a relaxed code.
  expect(middle({ prior: 'categorical', variables: 1, classes: 2 }, 'lerp')).toEqual(['0.5000', '0.5000']);
});

test('between codes one variable changes after another, in an order of the seed', () => {
  const spec = { prior: 'categorical', variables: 6, classes: 3 } as const;
  const [a, b] = [latentOfCodes(spec, [0, 0, 0, 1, 0, 0]), latentOfCodes(spec, [1, 2, 1, 1, 2, 1])];
  const walk = (seed: string) =>
    Array.from({ length: 6 }, (_, i) =>
      codesOfWeights(spec, interpolateLatents(spec, a, b, i / 5, { seed })).join(''),
    );
  expect(walk('anna')).toMatchInlineSnapshot(`
    [
      "000100",
      "100100",
      "100101",
      "120101",
      "120121",
      "121121",
    ]
  `);
  expect(walk('otto')).not.toEqual(walk('anna'));
});

test('a map of a uniform plane divides it evenly, the largest second number at the top', () => {
  const grid = manifoldGrid({ prior: 'uniform', dimensions: 2, low: 0, high: 4 }, 2);
  expect(grid.map((z) => [...z])).toEqual([
    [1, 3],
    [3, 3],
    [1, 1],
    [3, 1],
  ]);
});

const AGGREGATE = {
  ...GAUSSIAN,
  aggregate: {
    weights: [1],
    means: [[1, 0, -2, 0.5]],
    deviations: [[0.5, 1, 2, 0.25]],
    split: 'train, first 2 images',
  },
};
const [MEANS, DEVIATIONS] = [AGGREGATE.aggregate.means[0]!, AGGREGATE.aggregate.deviations[0]!];
/** Parts around −10 and 10 in the first dimension; the second one has three times the weight of the first. */
const MIXTURE = {
  prior: 'gaussian',
  dimensions: 2,
  aggregate: {
    weights: [0.25, 0.75],
    means: [
      [-10, 0],
      [10, 4],
    ],
    deviations: [
      [1, 2],
      [3, 1],
    ],
    split: 'train, first 4 images',
  },
} as const satisfies LatentSpec;

test('an aggregate moves what seeds draw, and temperature 0 is its middle', () => {
  expect(values(AGGREGATE, 'anna')).toEqual(
    values(GAUSSIAN, 'anna').map((u, j) => Math.fround(MEANS[j]! + DEVIATIONS[j]! * u)),
  );
  expect(values(AGGREGATE, 'anna', 0, 0)).toEqual([1, 0, -2, 0.5]);
  const plane = { prior: 'gaussian', dimensions: 2 } as const;
  const aggregate = { weights: [1], means: [[3, 4]], deviations: [[1, 2]], split: '' };
  expect([...manifoldGrid({ ...plane, aggregate }, 1)[0]!]).toEqual([3, 4]);
});

test('the arc between two draws goes around the middle of the aggregate, and meets its ends exactly', () => {
  const [a, b] = ['a', 'b'].map((seed) => drawLatent(AGGREGATE, seed, 0)) as [Float32Array, Float32Array];
  expect([interpolateLatents(AGGREGATE, a, b, 0), interpolateLatents(AGGREGATE, a, b, 1)]).toEqual([a, b]);
  const [u, v] = ['a', 'b'].map((seed) => drawLatent(GAUSSIAN, seed, 0)) as [Float32Array, Float32Array];
  const plain = interpolateLatents(GAUSSIAN, u, v, 0.3);
  interpolateLatents(AGGREGATE, a, b, 0.3).forEach((value, j) => {
    expect(value).toBeCloseTo(MEANS[j]! + DEVIATIONS[j]! * plain[j]!, 5);
  });
});

test('a mixture draws a part by its weight and then from it; temperature 0 is the middle of the part', () => {
  expect(values(MIXTURE, 'anna')).toMatchInlineSnapshot(`
    [
      7.5916948318481445,
      4.109437942504883,
    ]
  `);
  expect(values(MIXTURE, '日本', 3)).toMatchInlineSnapshot(`
    [
      15.818733215332031,
      5.017170429229736,
    ]
  `);
  const middles = Array.from({ length: 4000 }, (_, i) => values(MIXTURE, 'parts', i, 0).join());
  const share = middles.filter((middle) => middle === '10,4').length / 4000;
  expect(Math.abs(share - 0.75)).toBeLessThan(4 * Math.sqrt((0.75 * 0.25) / 4000));
  expect([...new Set(middles)].sort()).toEqual(['-10,0', '10,4']);
  // The part does not move the draw within it.
  const [u] = values({ prior: 'gaussian', dimensions: 2 }, 'anna');
  const [z] = values(MIXTURE, 'anna');
  expect([Math.fround(-10 + u!), Math.fround(10 + 3 * u!)]).toContain(z);
});

test('the middle and the reach of a mixture are those of all its draws', () => {
  // Means ¼ · −10 + ¾ · 10 and 3; the middle of a map is there, and an arc between opposite points goes around it.
  expect([...manifoldGrid(MIXTURE, 1)[0]!]).toEqual([5, 3]);
  const deviation = Math.sqrt(0.25 * (1 + 15 ** 2) + 0.75 * (9 + 5 ** 2));
  const [, right] = manifoldGrid(MIXTURE, 2);
  expect((right![0]! - 5) / deviation).toBeCloseTo(0.67449, 4);
});
