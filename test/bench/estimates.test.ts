// What the engine says beforehand that work will cost is near enough to what it costs: a bound that lost a factor would
// let an attack through, or turn honest models away.
import { expect, test } from 'vitest';
import { estimated, GRAPHS } from '../../bench/edge/estimates.ts';

/** How far below what is measured an estimate may be, and how far above: cores differ. */
const LEAST = 0.5;
const MOST = 40;
/** Rounds until one is not disturbed by what else the core does. */
const ROUNDS = 2000;

test.each(Object.entries(GRAPHS))('%s', { timeout: 30_000 }, async (_, make) => {
  const { estimate, round } = await estimated(make);
  let took = Number.POSITIVE_INFINITY;
  for (let i = 0; i < ROUNDS && took * LEAST > estimate; i++) took = Math.min(took, round());
  expect(took * LEAST, `a bound of ${estimate} µs`).toBeLessThanOrEqual(estimate);
  expect(took * MOST, `a bound of ${estimate} µs`).toBeGreaterThanOrEqual(estimate);
});
