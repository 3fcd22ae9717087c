import { expect, test } from 'vitest';
import { drawLatent } from '../../../core/latents/draw.ts';
import { manifoldGrid, planeGrid } from '../../../core/latents/grids.ts';
import { lerp, slerp } from '../../../core/latents/paths.ts';
import { drawnClass, oneHotRow } from '../../../core/sampling/label.ts';
import { murmur3 } from '../../../core/sampling/murmur3.ts';
import { log, normalQuantile } from '../../../core/sampling/normal.ts';
import { createStream } from '../../../core/sampling/stream.ts';

const gaussian = (dimensions: number, seed: string, index: number, temperature = 1) =>
  drawLatent({ prior: 'gaussian', dimensions }, seed, index, temperature);
const bytes = (text: string) => new TextEncoder().encode(text);
const hex = (words: Uint32Array) => Array.from(words, (word) => word.toString(16).padStart(8, '0')).join('');

// Vectors of the reference implementation, seed 0.
test.each([
  ['', '00000000000000000000000000000000'],
  ['The quick brown fox jumps over the lazy dog', '2f1583c3ecee2c675d7bf66ce5e91d2c'],
])('murmur3 of %j', (text, expected) => {
  expect(hex(murmur3(bytes(text)))).toBe(expected);
});

test('a stream is xoshiro128** from the hash of its path', () => {
  const M = 0xffffffffn;
  const rotl = (x: bigint, k: bigint) => ((x << k) | (x >> (32n - k))) & M;
  const s = Array.from(murmur3(bytes('["anna","latent",0]')), BigInt) as [bigint, bigint, bigint, bigint];
  const next = () => {
    const result = (rotl((s[1] * 5n) & M, 7n) * 9n) & M;
    const t = (s[1] << 9n) & M;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotl(s[3], 11n);
    return Number(result);
  };
  const stream = createStream('anna', 'latent', 0);
  for (let i = 0; i < 1000; i++) expect(stream.uint32()).toBe(next());
});

// Golden: these numbers are pictures. They never change.
test('streams of seeds and paths, for ever', () => {
  expect(createStream('').uint32()).toBe(2296669163);
  expect(createStream('anna', 1).uint32()).toBe(4108779375);
  expect(createStream('anna', '1').uint32()).toBe(635709006);
  expect(createStream('日本').uint32()).toBe(3268929315);
  const stream = createStream('anna');
  expect([stream.normal(), stream.normal(), stream.normal()]).toEqual([
    -1.1812389140473696, -0.6064852427297824, -0.5685072681834629,
  ]);
  expect([...gaussian(3, 'anna', 1)]).toEqual([-1.0352591276168823, 0.7000982165336609, -0.7910493016242981]);
});

// AS 241 in another implementation (Python's statistics.NormalDist).
test.each([
  [1e-9, -5.9978070150076865],
  [1e-4, -3.71901648545568],
  [0.025, -1.9599639845400538],
  [0.3, -0.5244005127080407],
  [0.5, 0],
  [0.9, 1.2815515655446008],
  [0.999999, 4.753424308817089],
])('the %d quantile', (p, z) => {
  expect(Math.abs(normalQuantile(p) - z)).toBeLessThanOrEqual(4e-16 * Math.max(1, Math.abs(z)));
});

test('the logarithm agrees with the engine to the last bits', () => {
  const stream = createStream('log');
  for (let i = 0; i < 2000; i++) {
    const x = stream.uniform() * 10 ** (20 * stream.uniform() - 10);
    expect(Math.abs(log(x) - Math.log(x))).toBeLessThanOrEqual(4e-16 * Math.max(1, Math.abs(Math.log(x))));
  }
});

test('normals have the moments of N(0, 1), and filling draws the same ones', () => {
  const filled = new Float32Array(100_000);
  createStream('moments').fillNormal(filled);
  const single = createStream('moments');
  for (let i = 0; i < 100; i++) expect(filled[i]).toBe(Math.fround(single.normal()));
  const mean = filled.reduce((sum, x) => sum + x / filled.length, 0);
  const variance = filled.reduce((sum, x) => sum + (x - mean) ** 2 / filled.length, 0);
  const kurtosis = filled.reduce((sum, x) => sum + (x - mean) ** 4 / filled.length, 0) / variance ** 2;
  // Five standard errors.
  expect(Math.abs(mean)).toBeLessThan(0.016);
  expect(Math.abs(variance - 1)).toBeLessThan(0.023);
  expect(Math.abs(kurtosis - 3)).toBeLessThan(0.08);
});

test('image i depends on the seed and i alone, and temperature scales it', () => {
  expect(gaussian(8, 'a', 3)).toEqual(gaussian(8, 'a', 3));
  expect(gaussian(8, 'a', 3)).not.toEqual(gaussian(8, 'a', 4));
  expect(gaussian(4, 'a', 3)).toEqual(gaussian(8, 'a', 3).slice(0, 4));
  expect([...gaussian(8, 'a', 3, 2)]).toEqual([...gaussian(8, 'a', 3)].map((x) => 2 * x));
});

test('paths end exactly where they should, and an arc turns evenly', () => {
  const [a, b] = [gaussian(50, 'a', 0), gaussian(50, 'b', 0)];
  for (const path of [lerp, slerp]) {
    expect(path(a, b, 0)).toEqual(a);
    expect(path(a, b, 1)).toEqual(b);
  }
  const length = (v: Float32Array) => Math.sqrt(v.reduce((sum, x) => sum + x * x, 0));
  const angle = (v: Float32Array, w: Float32Array) =>
    Math.acos(v.reduce((sum, x, i) => sum + x * w[i]!, 0) / length(v) / length(w));
  for (const t of [0.1, 0.25, 0.5, 0.8]) {
    const point = slerp(a, b, t);
    expect(angle(a, point)).toBeCloseTo(t * angle(a, b), 5);
    expect(length(point)).toBeCloseTo(length(a) + t * (length(b) - length(a)), 5);
  }
  expect(
    slerp(
      a,
      a.map((x) => -x),
      0.5,
    ),
  ).toEqual(new Float32Array(50));
});

test('grids start at the top left', () => {
  const grid = manifoldGrid({ prior: 'gaussian', dimensions: 2 }, 3);
  expect(grid[0]![0]).toBeCloseTo(-0.967422, 5);
  expect(grid[0]![1]).toBeCloseTo(0.967422, 5);
  expect([...grid[4]!].map(Math.abs)).toEqual([0, 0]);
  const plane = planeGrid(Float32Array.of(0, 0), Float32Array.of(2, 0), Float32Array.of(0, 4), 3);
  expect(plane.map((z) => [...z])).toEqual([
    [0, 0],
    [1, 0],
    [2, 0],
    [0, 2],
    [1, 2],
    [2, 2],
    [0, 4],
    [1, 4],
    [2, 4],
  ]);
});

test('every class is drawn alike, for ever', () => {
  const counts = [0, 0, 0];
  for (let i = 0; i < 6000; i++) counts[drawnClass(`seed ${i}`, i % 7, 3)]! += 1;
  // 2000 each, give or take four standard deviations.
  for (const count of counts) expect(Math.abs(count - 2000)).toBeLessThan(4 * Math.sqrt((6000 * 2) / 9));
  expect(Array.from({ length: 10 }, (_, i) => drawnClass('anna', i, 10))).toMatchInlineSnapshot(`
    [
      6,
      0,
      1,
      1,
      2,
      1,
      9,
      8,
      0,
      2,
    ]
  `);
  expect([...oneHotRow(2, 4)]).toEqual([0, 0, 1, 0]);
});
