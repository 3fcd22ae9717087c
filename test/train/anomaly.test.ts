// Scores of whole sets, the pictures they are tried on, and how well they tell them apart.
import { expect, test } from 'vitest';
import { createStream } from '../../core/sampling/stream.ts';
import { CORRUPTIONS, corrupt } from '../../train/data/corruptions.ts';
import type { Images } from '../../train/data/data-set.ts';
import { drawDigit } from '../../train/data/glyphs.ts';
import { quantilesOf, scoreImages } from '../../train/evaluate/anomaly/anomaly.ts';
import { auroc } from '../../train/evaluate/anomaly/auroc.ts';
import { openBound, openDensity } from '../../train/evaluate/package.ts';
import { alarms, allScores } from '../../train/experiments/anomaly/scores.ts';
import { createZooApp } from '../worker/zoo.ts';

const CPU = { backend: 'cpu', threads: 1 } as const;

test('the area counts pairs in order, equal ones half; its error is that of DeLong et al.', () => {
  // Shares below each outlier ½, 1; above each usual value 1, ¾, ½.
  const { value, standardError } = auroc([1, 2, 3], [4, 2]);
  expect(value).toBe(0.75);
  expect(standardError).toBeCloseTo(Math.sqrt(0.125 / 2 + 0.0625 / 3), 12);
  expect(auroc([1, 2], [3, 4])).toEqual({ value: 1, standardError: 0 });
  expect(auroc([3, 4], [1, 2]).value).toBe(0);
  expect(auroc([5, 5], [5, 5, 5]).value).toBe(0.5);
});

test('the error of the area is how it varies from sample to sample', () => {
  const { normal } = createStream('auroc');
  const draw = (n: number, mean: number) => Float64Array.from({ length: n }, () => mean + normal());
  const found = Array.from({ length: 400 }, () => auroc(draw(60, 0), draw(40, 1)));
  const mean = (of: (one: (typeof found)[number]) => number) =>
    found.reduce((sum, one) => sum + of(one) / found.length, 0);
  const area = mean(({ value }) => value);
  // Φ(1 / √2) for normals one deviation apart.
  expect(area).toBeCloseTo(0.7602, 2);
  const deviation = Math.sqrt(mean(({ value }) => (value - area) ** 2));
  const ratio = mean(({ standardError }) => standardError) / deviation;
  expect(ratio).toBeGreaterThan(0.9);
  expect(ratio).toBeLessThan(1.1);
});

const square = (side: number, pixels: number[]): Images => ({
  count: pixels.length / side ** 2,
  width: side,
  height: side,
  channels: 1,
  pixels: Uint8Array.from(pixels),
});
const corrupted = (kind: keyof typeof CORRUPTIONS, images: Images) => [
  ...corrupt(images, CORRUPTIONS[kind]).pixels,
];

test('each corruption does what it is called, image by image', () => {
  const two = square(2, [1, 2, 3, 4, 10, 20, 30, 40]);
  expect(corrupted('rotated', two)).toEqual([3, 1, 4, 2, 30, 10, 40, 20]);
  expect(corrupted('inverted', two)).toEqual([254, 253, 252, 251, 245, 235, 225, 215]);
  expect(corrupted('halved', two)).toEqual([1, 2, 0, 0, 10, 20, 0, 0]);
  const point = corrupted('blurred', square(7, Array(49).fill(0).with(24, 255)));
  // 255 · (1 / Σ exp(−d² / 4.5))², d from −3 to 3; then e^(−1/4.5) of it, and of that again.
  expect([point[24], point[25], point[17], point[32]]).toEqual([19, 15, 15, 12]);
  const grey = square(28, Array(3 * 784).fill(128));
  const noise = corrupted('noisy', grey);
  const deviation = Math.sqrt(noise.reduce((sum, value) => sum + (value - 128) ** 2, 0) / noise.length);
  // What is beyond 0 or 255 is cut.
  expect(deviation).toBeGreaterThan(65);
  expect(deviation).toBeLessThan(76.5);
  expect(noise.slice(0, 784)).not.toEqual(noise.slice(784, 1568));
  expect(corrupted('noisy', square(28, Array(784).fill(128)))).toEqual(noise.slice(0, 784));
});

const DIGITS = [3, 7, 1, 8];
const glyphs: Images = {
  ...square(28, []),
  count: DIGITS.length,
  pixels: Uint8Array.from(DIGITS.flatMap((digit) => [...drawDigit(digit, createStream('a test', digit))])),
};

test.each(['glyphs-vae@1', 'mnist-cvae@1', 'mnist-dvae@1'])(
  '%s: a set scores what the worker answers',
  async (name) => {
    const zoo = createZooApp();
    const { subject } = openBound(`models/${name}`);
    for (const [i, scored] of (await scoreImages(subject, glyphs, CPU)).entries()) {
      const pixels = Array.from(glyphs.pixels.subarray(784 * i, 784 * (i + 1)), (byte) => byte / 255);
      const response = await zoo.request(`/anomaly?model=${name}`, {
        method: 'POST',
        body: JSON.stringify({ width: 28, height: 28, pixels }),
        headers: { 'Content-Type': 'application/json' },
      });
      const answer = (await response.json()) as Record<string, number> & { label?: string };
      expect(answer.label).toBe(scored.label === undefined ? undefined : String(scored.label));
      for (const term of ['score', 'excess', 'reconstruction', 'kl'] as const)
        expect(answer[term]).toBeCloseTo(scored[term], 2);
    }
  },
);

test('the scores of an experiment: those of the worker, and two that look at the picture alone', async () => {
  const { card, subject } = openDensity('models/glyphs-vae@1');
  const pixelMeans = new Float32Array(784).fill(0.5);
  const scores = await allScores({ subject, calibration: card.anomaly!, pixelMeans }, glyphs, CPU);
  const terms = await scoreImages(subject, glyphs, CPU);
  expect([...scores.excess]).toEqual(terms.map(({ excess }) => excess));
  // Means of one half cost ln 2 a pixel, whatever the picture.
  expect(scores.background[2]!).toBeCloseTo(terms[2]!.score - 784 * Math.LN2, 3);
  expect(scores.score[0]! - scores.png[0]!).toBeGreaterThan(8 * Math.LN2 * 100);
  expect(Math.max(...scores.verdict)).toBeLessThanOrEqual(100);
  const own = quantilesOf(terms);
  expect(own.quantiles.kl).toHaveLength(own.levels.length);
  const range = (low: number, high: number) => ({
    ...own,
    levels: [0, 1],
    quantiles: { score: [low, high], excess: [low, high], reconstruction: [low, high], kl: [low, high] },
  });
  expect(alarms(scores, range(0, 1e6), 1)).toEqual({ count: 0, of: 4 });
  // The median of the scores: two of four are above it.
  const middle = [...scores.score].sort((a, b) => a - b);
  const split = {
    ...range(0, 1e6),
    quantiles: { ...range(0, 1e6).quantiles, score: [0, middle[1]! + middle[2]!] },
  };
  expect(alarms(scores, split, 1)).toEqual({ count: 2, of: 4 });
});
