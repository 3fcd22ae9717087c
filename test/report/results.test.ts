// Tables and pictures of results/, from small made-up cells.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { drawChart } from '../../report/chart.ts';
import { renderResults } from '../../report/markdown.ts';
import { readSections } from '../../report/sections.ts';
import { figure2 } from '../../train/experiments/aevb/charts.ts';
import { figure2Claims, figure2Rows } from '../../train/experiments/aevb/claims.ts';
import { anomalyClaims, anomalyNotes, anomalyRows } from '../../train/experiments/anomaly/table.ts';
import { type Cell, readCells } from '../../train/experiments/cells.ts';
import {
  compressionChart,
  compressionNotes,
  compressionRows,
} from '../../train/experiments/compression/figure.ts';
import { faceEditNotes, faceEditRows } from '../../train/experiments/faces/table.ts';

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
// Neither has come as far as the figure begins.
write('mnist-z5-aevb', [[10_000, -500, -500]]);
write('mnist-z5-wake-sleep', [[10_000, -500, -500]]);

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

const compressed = (cell: string, columns: string[], rows: number[][], values = {}) => {
  mkdirSync(join(root, 'compression'), { recursive: true });
  const data = { set: 'MNIST', variant: 'grey', train: 2, test: 1 };
  const result = {
    experiment: 'compression',
    cell,
    values,
    settings: { latent: 50 },
    data,
    curve: { columns, rows },
  };
  writeFileSync(join(root, 'compression', `${cell}.json`), JSON.stringify(result));
};

test('codes stand beside PCA and PNG at the same error, and their limit is said', () => {
  compressed(
    'mnist-vae@1',
    [
      'quality',
      'bytes',
      'bits',
      'bits by tables',
      'MSE',
      'PSNR',
      'cross-entropy',
      'PNG bytes',
      'PNG data bytes',
    ],
    [
      [1, 5, 20, 19, 2000, 15, 128, 90, 27],
      [5, 12.04, 80, 79, 500, 21, 68, 130, 67],
    ],
    { 'PNG without loss': { value: 275.4 }, 'PSNR of the posterior means, dB': { value: 22 } },
  );
  compressed(
    'mnist-pca',
    ['step', 'bytes', 'PSNR'],
    [
      [100, 40, 23],
      [200, 20, 19],
    ],
  );
  const cells = readCells(root, 'compression');
  expect(compressionRows(cells)).toMatchObject([
    { model: 'mnist-vae@1', quality: 1, bytes: '5.0', 'PCA bytes': '–', 'PNG bytes': '90' },
    { quality: 5, bytes: '12.0', 'PCA bytes': '30.0', 'PNG data alone': '67', 'PNG without loss': '275' },
  ]);
  expect(compressionNotes(cells).slice(1)).toEqual([
    'mnist-vae@1: its codes are shorter than those of principal components at 1 of 2 qualities. Whatever the code, it cannot do better than 22.00 dB, which principal components reach with 35.0 bytes. At quality 5 tables of frequencies instead of Gaussians would save 1.3 % of the bits.',
  ]);
  const svg = drawChart(compressionChart(cells), 'light');
  expect(svg).toContain('<title>VAE, plain: 21.00 at 12 bytes</title>');
  expect(svg).toContain('<title>PCA, plain: 19.00 at 20 bytes</title>');
  expect(svg).toContain('<title>PNG, plain: 15.00 at 90 bytes</title>');
});

test('an experiment that nobody has said more about shows every figure of its cells', () => {
  mkdirSync(join(root, 'made-up'));
  const cell = (name: string, auc: number) =>
    writeFileSync(
      join(root, 'made-up', `${name}.json`),
      JSON.stringify({
        experiment: 'made-up',
        cell: name,
        values: { AUC: { value: auc, standardError: 0.004 }, images: { value: 10 } },
        data: { set: 'MNIST', variant: 'grey' },
        samples: 5,
      }),
    );
  cell('digit-10', 0.5);
  cell('digit-9', 0.97);
  expect(readSections(root).at(-1)).toEqual({
    id: 'made-up',
    title: 'made-up',
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

test('edits of faces have a row each, beside a step in any direction', () => {
  const of = (value: number) => ({ value, standardError: 1.5 });
  const cell = {
    values: {
      'classifier right': of(80),
      'sadness: known when drawn again': of(25),
      'neutral to happiness: rate': of(90),
      'neutral to happiness: gain': of(70),
      'neutral to happiness: rate, any direction': of(3),
    },
    settings: { 'neutral to happiness: strength': 1.5, 'neutral to happiness: test faces, known': [20, 16] },
  } as unknown as Cell;
  const cells = new Map([['expressions', cell]]);
  expect(faceEditRows(cells)).toEqual([
    {
      edit: 'neutral to happiness',
      strength: 1.5,
      'test faces': 20,
      'known when drawn again': 16,
      'of these called the other after the edit, %': '90.00 ± 1.50',
      'after one in any direction, %': '3.00 ± 1.50',
      'gain of its probability, points': '70.00 ± 1.50',
    },
  ]);
  expect(faceEditNotes(cells)).toEqual([
    'The classifier is right about 80.00 ± 1.50 % of the clear test faces. Drawn again from the posterior mean and not edited, these are called what they are: sadness 25.00 ± 1.50 %.',
  ]);
});

test('anomaly scores: false alarms first, digits averaged, claims and failures from the figures', () => {
  const cell = (name: string, values: Record<string, number>) =>
    [
      name,
      {
        cell: name,
        values: Object.fromEntries(
          Object.entries(values).map(([key, value]) => [key, { value, standardError: 0.004 }]),
        ),
      } as unknown as Cell,
    ] as const;
  const areas = (kind: string, score: number, verdict: number) =>
    Object.fromEntries(
      ['score', 'excess', 'reconstruction', 'kl', 'verdict', 'background', 'png'].map((name) => [
        `${kind}, ${name}`,
        name === 'verdict' ? verdict : score,
      ]),
    );
  const cells = new Map([
    cell('fashion-vae', {
      'usual, alarms at 0.01': 0.012,
      ...areas('mnist', 0.4, 0.98),
      'mnist, background': 0.7,
      'mnist, png': 0.99,
      ...areas('noisy', 0.9, 0.99),
      ...areas('validation mean', 0.6, 0.9),
    }),
    cell('digit-1', { ...areas('other digits', 0.9, 0.95), 'usual, alarms at 0.05': 0.03 }),
    cell('digit-2', { ...areas('other digits', 0.8, 0.6), 'usual, alarms at 0.05': 0.06 }),
  ]);
  const rows = anomalyRows(cells);
  expect(rows.map(({ model, outliers, score, verdict }) => [model, outliers, score, verdict])).toEqual([
    ['fashion-vae', 'none: false alarms', '–', '–'],
    ['fashion-vae', 'mnist', '0.400 ± 0.004', '0.980 ± 0.004'],
    ['fashion-vae', 'noisy', '0.900 ± 0.004', '0.990 ± 0.004'],
    ['digit-1', 'other digits', '0.900 ± 0.004', '0.950 ± 0.004'],
    ['digit-2', 'other digits', '0.800 ± 0.004', '0.600 ± 0.004'],
    ['mean of 2 digits', 'other digits', '0.850', '0.775'],
  ]);
  expect(rows[0]!['called unusual at 0.01']).toBe('0.012 ± 0.004');
  expect(anomalyClaims(cells).map(({ verdict }) => verdict)).toEqual(['held', 'held in part', 'held']);
  const [, chosen, alarms, failures] = anomalyNotes(cells);
  expect(chosen).toContain('fashion-vae 0.900, the bound alone 0.600.');
  expect(alarms).toContain('call 0.030 to 0.060 of its test images');
  expect(failures).toBe(
    'Areas below 0.7 of the bound alone: fashion-vae (mnist 0.400). Of the verdict: digit-2 (other digits 0.600).',
  );
});
