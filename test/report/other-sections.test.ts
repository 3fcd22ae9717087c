// Rows, notes and claims of the experiments beyond the papers' likelihoods, from made-up cells.
import { expect, test } from 'vitest';
import { markdownOf } from '../../figures/table.ts';
import { drawChart } from '../../report/chart.ts';
import { speedClaims } from '../../train/experiments/aevb/speed-report.ts';
import { anomalyNotes } from '../../train/experiments/anomaly/notes.ts';
import { anomalyClaims, anomalyRows } from '../../train/experiments/anomaly/report.ts';
import { compressionChart } from '../../train/experiments/compression/chart.ts';
import { compressionNotes, compressionRows } from '../../train/experiments/compression/report.ts';
import type { Cell, Measured } from '../../train/experiments/experiment.ts';
import { faceEdits } from '../../train/experiments/faces/report.ts';
import { cell, cellsOf } from './cells.ts';

const none = () => new Map<string, Cell>();

test('codes stand beside PCA and PNG at the same error, their limit is said, and so is the container of a PNG', () => {
  const columns = ['quality', 'bytes', 'bits', 'bits by tables', 'MSE', 'PSNR', 'cross-entropy', 'PNG bytes'];
  const cells = cellsOf(
    cell('mnist-vae@1', {
      values: { 'PNG without loss': { value: 275.4 }, 'PSNR of the posterior means, dB': { value: 22 } },
      curve: {
        columns: [...columns, 'PNG data bytes'],
        rows: [
          [1, 5, 20, 19, 2000, 15, 128, 90, 27],
          [5, 12.04, 80, 79, 500, 21, 68, 130, 67],
        ],
      },
    }),
    cell('mnist-pca', {
      curve: {
        columns: ['step', 'bytes', 'PSNR'],
        rows: [
          [100, 40, 23],
          [200, 20, 19],
        ],
      },
    }),
  );
  expect(compressionRows(cells)).toMatchObject([
    { model: 'mnist-vae@1', quality: 1, bytes: 5, pca: undefined, png: 90 },
    { quality: 5, bytes: 12.04, pca: 30, pngData: 67, pngLossless: 275.4 },
  ]);
  const [how, note] = compressionNotes(cells);
  expect(how).toContain(' 63 bytes of each PNG are the file around its pixels');
  expect(note).toBe(
    'mnist-vae@1: its codes are shorter than those of principal components at 1 of 2 qualities. Whatever the code, it cannot do better than 22.00 dB, which principal components reach with 35.0 bytes. At quality 5 tables of frequencies instead of Gaussians would save 1.3 % of the bits.',
  );
  const svg = drawChart(compressionChart(cells), 'light');
  expect(svg).toContain('<title>VAE, plain: 21.00 at 12 bytes</title>');
  expect(svg).toContain('<title>PCA, plain: 19.00 at 20 bytes</title>');
  expect(svg).toContain('<title>PNG, plain: 15.00 at 90 bytes</title>');
});

test('edits of faces have a row each: of how many, and beside a step in any direction', () => {
  const edits = cell('expressions', {
    samples: 100,
    values: {
      'classifier right': { count: 80, of: 100 },
      'sadness: known when drawn again': { count: 25, of: 100 },
      'neutral to happiness: rate': { count: 16, of: 16 },
      'neutral to happiness: gain': { value: 70, standardError: 1.5 },
      'neutral to happiness: rate, any direction': { count: 1, of: 16 },
    },
    settings: { 'neutral to happiness: strength': 1.5, 'neutral to happiness: test faces, known': [20, 16] },
  });
  const { table, notes } = faceEdits.report(cellsOf(edits), none);
  expect(markdownOf(table!)).toBe(
    '| edit | strength | test faces | known when drawn again | of these called the other after the edit | after one in any direction | gain of its probability, points |\n' +
      '| --- | --: | --: | --: | --: | --: | --: |\n' +
      '| neutral to happiness | 1.50 | 20 | 16 | 100.0\u00a0% (80.6–100.0) | 6.3\u00a0% (1.1–28.3) | 70.0 ±\u00a01.5 |',
  );
  expect(notes).toEqual([
    'The classifier is right about 80.0\u00a0% (71.1–86.7) of the clear test faces. Drawn again from the posterior mean and not edited, these are called what they are: sadness 25.0\u00a0% (17.5–34.3).',
  ]);
});

const SCORES = ['score', 'excess', 'reconstruction', 'kl', 'verdict', 'background', 'png'];
const area = (value: number): Measured => ({ value, standardError: 0.004 });
const areas = (kind: string, score: number, verdict: number): Record<string, Measured> =>
  Object.fromEntries(SCORES.map((name) => [`${kind}, ${name}`, area(name === 'verdict' ? verdict : score)]));
const clothes = (score: number, background: number, png: number) =>
  cell('fashion-vae', {
    values: {
      'usual, alarms at 0.01': { count: 12, of: 1000 },
      ...areas('mnist', score, 0.98),
      'mnist, background': area(background),
      'mnist, png': area(png),
      ...areas('noisy', 0.9, 0.99),
      ...areas('validation mean', 0.6, 0.9),
    },
  });
const digit = (name: string, score: number, verdict: number, alarms: number) =>
  cell(name, {
    settings: { epochs: 40 },
    values: {
      ...areas('other digits', score, verdict),
      'usual, alarms at 0.05': { count: alarms, of: 100 },
    },
  });

test('anomaly scores: false alarms first, digits averaged without an error, failures from the figures', () => {
  const cells = cellsOf(
    clothes(0.4, 0.7, 0.99),
    digit('digit-1', 0.9, 0.95, 3),
    digit('digit-2', 0.8, 0.6, 6),
  );
  const rows = anomalyRows(cells);
  expect(
    rows.map(({ model, outliers, areas: { score, verdict } }) => [
      model,
      outliers,
      score?.value,
      verdict?.value,
    ]),
  ).toEqual([
    ['fashion-vae', 'none: false alarms', undefined, undefined],
    ['fashion-vae', 'mnist', 0.4, 0.98],
    ['fashion-vae', 'noisy', 0.9, 0.99],
    ['digit-1', 'other digits', 0.9, 0.95],
    ['digit-2', 'other digits', 0.8, 0.6],
    ['mean of 2 digits', 'other digits', expect.closeTo(0.85), expect.closeTo(0.775)],
  ]);
  expect(rows.at(-1)!.areas.score).not.toHaveProperty('standardError');
  expect(rows[0]!.alarms[0.01]).toEqual({ count: 12, of: 1000 });
  const [, chosen, alarms, failures] = anomalyNotes(cells);
  expect(chosen).toContain('fashion-vae 0.900, the bound alone 0.600.');
  expect(alarms).toContain(
    'of test images of their digit they call 3.0\u00a0% (1.0–8.5) to 6.0\u00a0% (2.8–12.5) unusual at 5 %.',
  );
  expect(failures).toBe(
    'Areas below 0.7 of the bound alone: fashion-vae (mnist 0.400). Of the verdict: digit-2 (other digits 0.600).',
  );
});

test.each([
  [0.4, 0.7, 0.99, ['held', 'held in part', 'held']],
  [0.6, 0.5, 0.605, ['not held', 'not held', 'not held']],
  // Within two errors of one half, and of what counts as mended.
  [0.495, 0.905, 0.92, ['not reached', 'held in part', 'held']],
])('areas %d, %d and %d of clothes and digits', (score, background, png, verdicts) => {
  const claims = anomalyClaims(cellsOf(clothes(score, background, png)));
  expect(claims.map(({ verdict }) => verdict)).toEqual(verdicts);
});

test('speed: a verdict for each cell, by the fastest of the paper', () => {
  const run = (name: string, rate: number) =>
    cell(name, {
      values: {
        'samples per second': { value: rate },
        'paper, slowest': { value: 400 },
        'paper, fastest': { value: 800 },
      },
    });
  const [claim] = speedClaims(cellsOf(run('a', 800), run('b', 799)));
  expect(claim!.verdict).toBe('held in part');
  expect(claim!.found).toContain('They take 20.8 to 20.9 minutes');
});
