// Where codes of images are, as a mixture on a card.
import { expect, test } from 'vitest';
import { createStream } from '../../core/sampling/stream.ts';
import { aggregateOf } from '../../export/aggregate.ts';
import { fitMixture } from '../../train/evaluate/diagonal-mixture.ts';

test('one part has the mean and the deviations of all points, to four digits', () => {
  const points = Float32Array.of(1, 7, 3, 7.5, 1, 7, 3, 7.5);
  expect(aggregateOf(points, { dimensions: 2, parts: 1, split: 'train, first 4 images' })).toEqual({
    weights: [1],
    means: [[2, 7.25]],
    deviations: [[1, 0.25]],
    split: 'train, first 4 images',
  });
});

test('parts are found where points are, the heaviest first', () => {
  const stream = createStream('two clouds');
  const points = Float32Array.from({ length: 2 * 4000 }, (_, i) => {
    const far = (i >> 1) % 4 === 0;
    return i % 2 === 0 ? (far ? 8 : -4) + stream.normal() : (far ? 0.25 : 2) * stream.normal();
  });
  const { weights, means, variances } = fitMixture(points, 2, 2, createStream('starts'));
  expect([...weights].map((weight) => weight.toFixed(2))).toEqual(['0.75', '0.25']);
  // Four standard errors.
  expect(Math.abs(means[0]![0]! + 4)).toBeLessThan(4 / Math.sqrt(3000));
  expect(Math.abs(means[1]![0]! - 8)).toBeLessThan(4 / Math.sqrt(1000));
  expect(Math.sqrt(variances[0]![1]!) / 2).toBeCloseTo(1, 1);
  expect(Math.sqrt(variances[1]![1]!) / 0.25).toBeCloseTo(1, 1);
});

test('where no part would have more than a point, there is one of all', () => {
  const { weights, means, variances } = fitMixture(Float32Array.of(1, 3), 1, 3, createStream('starts'));
  expect([[...weights], [...means[0]!], [...variances[0]!]]).toEqual([[1], [2], [1]]);
});

test('points between parts go to the heavier one', () => {
  const stream = createStream('overlap');
  const points = Float32Array.from({ length: 8000 }, (_, i) => (i % 20 === 0 ? 4 : 0) + stream.normal());
  const { weights } = fitMixture(points, 1, 2, createStream('starts'));
  // Shares that knew no weights would stay near one half each: 0.53.
  expect(weights[0]).toBeGreaterThan(0.7);
});
