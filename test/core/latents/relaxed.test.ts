// Relaxed categorical variables: what becomes of them at either end of the temperature.
import { expect, test } from 'vitest';
import { relaxedMean, relaxedSample } from '../../../core/latents/relaxed.ts';

const PROBABILITIES = [0.1, 0.2, 0.7];
const rounded = (values: Float64Array, digits: number) =>
  Array.from(values, (value) => Number(value.toFixed(digits)));

test('cold, samples are one-hot and their mean is the probabilities; hot, both are flat', () => {
  const cold = Array.from({ length: 40 }, (_, i) => relaxedSample(PROBABILITIES, 0.01, 'a', i));
  expect(cold.filter((sample) => Math.max(...sample) > 0.99).length).toBeGreaterThan(36);
  relaxedMean(PROBABILITIES, 0.01, 'a', 4000).forEach((mean, k) => {
    // Three standard errors of a share of 0.7.
    expect(Math.abs(mean - PROBABILITIES[k]!)).toBeLessThan(0.022);
  });
  expect(rounded(relaxedMean(PROBABILITIES, 1000, 'a', 100), 2)).toEqual([0.33, 0.33, 0.33]);
});

test('a sample sums to 1, is of its seed and place, and the likeliest class does not change with the temperature', () => {
  const at = (temperature: number) => relaxedSample(PROBABILITIES, temperature, 'a', 3);
  expect(at(1).reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
  const likeliest = (sample: Float64Array) => sample.indexOf(Math.max(...sample));
  expect(likeliest(at(0.1))).toBe(likeliest(at(10)));
  expect(relaxedSample(PROBABILITIES, 1, 'a', 4)).not.toEqual(at(1));
  expect(relaxedSample(PROBABILITIES, 1, 'b', 3)).not.toEqual(at(1));
});
