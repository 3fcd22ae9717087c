// Tables and pictures of results/, from small made-up cells.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { figure2Claims, figure2Rows } from '../scripts/aevb-bounds.ts';
import { figure2 } from '../scripts/aevb-figures.ts';
import { readCells } from '../scripts/cells.ts';
import { drawChart } from '../scripts/chart.ts';
import { renderResults } from '../scripts/results.ts';
import { readSections } from '../scripts/sections.ts';

const root = mkdtempSync(join(tmpdir(), 'dreamlet-results-'));
afterAll(() => rmSync(root, { recursive: true }));

const write = (cell: string, rows: number[][]) => {
  mkdirSync(join(root, 'aevb-figure-2'), { recursive: true });
  const result = {
    experiment: 'aevb-figure-2',
    cell,
    values: {},
    settings: {},
    data: { set: 'MNIST', variant: 'grey', train: 2, test: 1 },
    curve: { columns: ['samples', 'train bound', 'test bound'], rows },
  };
  writeFileSync(join(root, 'aevb-figure-2', `${cell}.json`), JSON.stringify(result));
};
write('mnist-z20-aevb', [
  [10_000, -500, -500],
  [100_000, -130, -131],
  [1_000_000, -120, -122],
  [10_000_000, -100, -103],
]);
write('mnist-z20-wake-sleep', [
  [10_000, -500, -500],
  [100_000, -128, -129],
  [1_000_000, -125, -126.5],
]);
write('mnist-z3-aevb', [[100_000, -150, -151]]);

test('claims are judged at the samples that both methods reached', () => {
  expect(figure2Rows(readCells(root, 'aevb-figure-2'))).toEqual([
    {
      panel: 'MNIST, N_z = 20',
      samples: 1_000_000,
      'AEVB train': '-120.00',
      'AEVB test': '-122.00',
      'wake-sleep train': '-125.00',
      'wake-sleep test': '-126.50',
      'AEVB ahead, test': '4.50',
      'ahead at points': '1 of 2',
      'AEVB train − test': '2.00',
    },
  ]);
  expect(figure2Claims(figure2Rows(readCells(root, 'aevb-figure-2')))).toEqual([
    {
      claim: 'AEVB converges faster than wake-sleep, and to a better solution',
      verdict: 'held in part',
      found:
        'AEVB ends better on the test set in 1 of 1 panels, and is ahead at every measured point from 100000 samples on in 0.',
    },
  ]);
  expect(renderResults(root)).toContain('| MNIST, N_z = 20 | 1000000 | -120.00 |');
});

test('a chart has a panel for each pair, in order, and every value on hover', () => {
  const chart = figure2(readCells(root, 'aevb-figure-2'));
  expect(chart.rows.map((row) => row.map(({ title }) => title))).toEqual([
    ['MNIST, N_z = 3', 'MNIST, N_z = 20'],
  ]);
  const svg = drawChart(chart, 'dark');
  expect(svg).toContain('<title>AEVB, test: -122.00 at 1000000 samples</title>');
  expect(svg).not.toContain('NaN');
  // Plots of 300 pixels: the last point of the longest curve stands at the right edge, the first ones at the left.
  expect(svg).toMatch(/M0 [\d.]+L150 [\d.]+L300 [\d.]+"/);
  expect(svg).not.toContain('-500');
});

test('an experiment that nobody has said more about shows every figure of its cells', () => {
  mkdirSync(join(root, 'anomaly'));
  const cell = (name: string, auc: number) =>
    writeFileSync(
      join(root, 'anomaly', `${name}.json`),
      JSON.stringify({
        experiment: 'anomaly',
        cell: name,
        values: { AUC: { value: auc, standardError: 0.004 }, images: { value: 10 } },
        data: { set: 'MNIST', variant: 'grey' },
        samples: 5,
      }),
    );
  cell('digit-10', 0.5);
  cell('digit-9', 0.97);
  expect(readSections(root).at(-1)).toEqual({
    id: 'anomaly',
    title: 'anomaly',
    claims: [],
    pictures: [],
    table: {
      columns: [
        { name: 'cell', numeric: false },
        { name: 'samples', numeric: true },
        { name: 'AUC', numeric: false },
        { name: 'images', numeric: false },
      ],
      rows: [
        ['digit-9', '5', '0.97 ± 0.00', '10'],
        ['digit-10', '5', '0.50 ± 0.00', '10'],
      ],
    },
    notes: [],
    data: 'MNIST: grey',
  });
});

test('results/README.md is what `npm run report` makes of the cells', () => {
  expect(readFileSync('results/README.md', 'utf8')).toBe(renderResults('results'));
});
