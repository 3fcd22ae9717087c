// Claims of the experiments with discrete latents, from made-up cells.
import { expect, test } from 'vitest';
import { codePriorClaims } from '../../train/experiments/code-prior/report.ts';
import { figure5Claims } from '../../train/experiments/gumbel/figure-5-report.ts';
import { cell, cellsOf } from './cells.ts';

test('speed is judged where the paper states a ratio', () => {
  const timed = (classes: number, ratio: number) =>
    cell(`${classes}-classes`, { settings: { classes }, values: { ratio: { value: ratio } } });
  expect(figure5Claims(cellsOf(timed(5, 9)))).toEqual([]);
  const [claim] = figure5Claims(cellsOf(timed(5, 1.2), timed(10, 2.1), timed(100, 9.4)));
  expect(claim!.verdict).toBe('held in part');
  expect(claim!.found).toContain('2.1 times at 10 and 9.4 times at 100');
});

test('a learned prior must be better by likelihood, beyond its error, and by samples', () => {
  const model = (name: string, saved: number, frechet: [learned: number, uniform: number]) =>
    cell(name, {
      values: {
        'nats saved': { value: saved, standardError: 0.5 },
        'frechet, learned': { value: frechet[0] },
        'frechet, uniform': { value: frechet[1] },
      },
    });
  const verdictOf = (...cells: ReturnType<typeof model>[]) =>
    codePriorClaims(cellsOf(...cells)).map(({ verdict }) => verdict);
  expect(verdictOf()).toEqual([]);
  expect(verdictOf(model('a', 2, [10, 20]))).toEqual(['held']);
  expect(verdictOf(model('a', 0.9, [10, 20]), model('b', 2, [20, 10]))).toEqual(['not held']);
  expect(verdictOf(model('a', 2, [10, 20]), model('b', 2, [20, 10]))).toEqual(['held in part']);
});
