// How even a path between latents is.
import { expect, test } from 'vitest';
import { longestSteps } from '../../train/experiments/gan-paths/gan-paths.ts';

test('the longest step is a share of its own path', () => {
  const even = [0, 0, 1, 1, 2, 2, 3, 3];
  const jump = [0, 0, 0, 0, 3, 4, 3, 4];
  const found = longestSteps(Float32Array.from([...even, ...jump]), 4, 2);
  expect(found[0]).toBeCloseTo(1 / 3, 12);
  expect(found[1]).toBe(1);
});
