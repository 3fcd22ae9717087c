// A posterior over the decoder beside a point with a prior (Kingma & Welling 2013, Appendix F), from made-up curves.
import { expect, test } from 'vitest';
import { fullVariationalRows, gainOf } from '../../train/experiments/aevb/appendix-f-report.ts';
import { cell, cellsOf } from './cells.ts';

const COLUMNS = ['samples', 'train bound', 'error', 'test bound', 'error'];
const curve = (name: string, rows: number[][]) =>
  cell(name, { samples: rows.at(-1)![0]!, curve: { columns: COLUMNS, rows } });

const posterior = cellsOf(
  curve('n1000-full-variational', [
    [100_000, -150, 1, -160, 0.3],
    [1_000_000, -130, 1, -158, 0.3],
  ]),
);

test('both ways stand beside each other at samples that both have', () => {
  const map = cellsOf(curve('n1000-aevb', [[1_000_000, -120, 1, -154, 0.4]]));
  const rows = fullVariationalRows(posterior, map);
  expect(rows.map(({ parameters, samples, test }) => [parameters.slice(0, 11), samples, test.value])).toEqual(
    [
      ['a posterior', 100_000, -160],
      ['a point wit', 1_000_000, -154],
      ['a posterior', 1_000_000, -158],
    ],
  );
  expect(gainOf(rows)).toEqual([
    'On test images the bound of the posterior is 4.00 ±\u00a00.50 nats below that of the point after 1\u202f000\u202f000 samples, errors taken for independent.',
  ]);
});

test('alone, the posterior is compared with nothing', () => {
  const rows = fullVariationalRows(posterior, new Map());
  expect(rows).toHaveLength(2);
  expect(gainOf(rows)).toEqual([]);
});
