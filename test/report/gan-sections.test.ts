// Sections of adversarial networks from made-up cells: Table 1 and its claims, Figure 2, and training as it went.
import { expect, test } from 'vitest';
import { markdownOf } from '../../figures/table.ts';
import type { Cell } from '../../train/experiments/experiment.ts';
import { fidelity } from '../../train/experiments/fidelity/report.ts';
import { inLines } from '../../train/experiments/gan-figure-2/gan-figure-2.ts';
import { ganFigure2 } from '../../train/experiments/gan-figure-2/report.ts';
import { ganLosses } from '../../train/experiments/gan-losses/report.ts';
import { modesOf, stackDigits, unstacked } from '../../train/experiments/gan-modes/stacked.ts';
import { ganTable1, ganTable1Claims } from '../../train/experiments/gan-table-1/report.ts';
import { epochsShown, imagesOfSheet } from '../../train/experiments/gan-training/gan-training.ts';
import { ganTraining } from '../../train/experiments/gan-training/report.ts';
import { cell, cellsOf } from './cells.ts';

const none = () => new Map<string, Cell>();

const parzen = (name: string, value: number, model?: string) =>
  cell(name, {
    values: { parzen: { value, standardError: 2 } },
    settings: { width: 0.2, ...(model ? { model } : {}) },
  });
const distance = (name: string, value: number) => cell(name, { values: { frechet: { value } } });

test('Table 1 has the rows of the paper among its own, the highest first', () => {
  const cells = cellsOf(parzen('mnist-training-images', 240), parzen('mnist-gan@1', 220, 'mnist-gan@1'));
  const { table } = ganTable1.report(cells, none);
  expect(markdownOf(table!).split('\n').slice(2, 8)).toEqual([
    '| stacked CAE, paper | Toronto Face Database | 2110.0 ±\u00a050.0 | – |',
    '| adversarial nets, paper | Toronto Face Database | 2057.0 ±\u00a026.0 | – |',
    '| DBN, paper | Toronto Face Database | 1909.0 ±\u00a066.0 | – |',
    '| deep GSN, paper | Toronto Face Database | 1890.0 ±\u00a029.0 | – |',
    '| mnist-training-images | MNIST | 240.0 ±\u00a02.0 | 0.200 |',
    '| adversarial nets, paper | MNIST | 225.0 ±\u00a02.0 | – |',
  ]);
});

test('what Parzen windows are worth is judged against real images, centroids and Fréchet distances', () => {
  const cells = cellsOf(
    parzen('mnist-training-images', 240),
    parzen('mnist-centroids', 330),
    parzen('mnist-gan@1', 222, 'mnist-gan@1'),
    parzen('mnist-vae@1', 250, 'mnist-vae@1'),
    parzen('mnist-cgan@1', 215, 'mnist-cgan@1'),
  );
  const fidelity = cellsOf(
    distance('mnist-gan@1', 10),
    distance('mnist-vae@1', 50),
    distance('mnist-cgan@1', 2),
  );
  const claims = ganTable1Claims(cells, fidelity);
  expect(claims.map(({ verdict, found }) => [verdict, found])).toEqual([
    // Within two errors of 225.
    ['held', 'mnist-gan@1, the paper’s networks, has 222.00 ±\u00a02.00.'],
    ['held', 'By 90.00 ±\u00a02.83 nats on MNIST (330.00 ±\u00a02.00 against 240.00 ±\u00a02.00).'],
    [
      'held in part',
      '2 of 3 models are below the real images of their set, 1 above them: mnist-vae@1 (250.00 ±\u00a02.00).',
    ],
    [
      'not held',
      'They do in 0 of 3 pairs of models of the same set that they tell apart at all; half of them would be chance.',
    ],
  ]);
  expect(ganTable1Claims(cellsOf(parzen('mnist-gan@1', 220, 'a')), none())[0]!.verdict).toBe('not reached');
});

test('Table 1 says what was changed of the paper’s networks, by the commands that trained them', () => {
  const own = parzen('mnist-gan@1', 222, 'mnist-gan@1');
  const command =
    'npm run train -- mnist-gan --epochs=7 && npm run train -- mnist-gan --epochs=3 --from=a --hidden=9,8 && ' +
    'npm run train -- mnist-gan --epochs=2 --from=b --hidden=8,6 --dropout=false --penalty=r1 --criticSteps=1 --optimiser=adam && npm run export';
  const went = { ...own, samples: 11 * 2, settings: { ...own.settings, command } };
  expect(ganTable1Claims(cellsOf(went), none())[0]!.found).toBe(
    'mnist-gan@1, which began as the paper’s networks (7 epochs) and went on for 4 epochs with hidden layers of 8 and 6, Adam, R1, k = 1 and no dropout, has 222.00 ±\u00a02.00.',
  );
});

test('a distance that differs from that of the card is explained, one that does not is not', () => {
  const measured = (name: string, here: number, onCard: number) =>
    cell(name, { values: { frechet: { value: here }, 'frechet on its card': { value: onCard } } });
  const cells = cellsOf(measured('mnist-gan@1', 5.061, 4.54), measured('mnist-cgan@1', 2.32, 2.321));
  const codes = cellsOf(cell('mnist-dvae@1', { values: { 'frechet, learned': { value: 28.03 } } }));
  const noteOf = (some: typeof cells) =>
    fidelity.report(some, () => codes).notes!.filter((note) => note.includes('several distances'));
  expect(noteOf(cells)[0]).toMatch(/So differ mnist-gan@1 \(5\.06 here, 4\.54 there\)\.$/);
  expect(noteOf(cellsOf(measured('mnist-dvae@1', 27.45, 33.51)))[0]).toMatch(
    /So differ mnist-dvae@1 \(27\.45 here, 33\.51 there, 28\.03 among codes of symbols\)\.$/,
  );
  expect(noteOf(cellsOf(measured('mnist-cgan@1', 2.32, 2.321)))).toEqual([]);
});

test('what the paper’s Figure 2 has and this one has not is named, until it is there', () => {
  const of = (set: string) => cell(set, { data: { set, variant: 'grey', train: 2, test: 1 } });
  const missing = (...cells: Cell[]) =>
    ganFigure2.report(cellsOf(...cells), none).notes!.filter((note) => note.includes('are missing here'));
  expect(missing(of('MNIST'))[0]).toMatch(/missing here: faces \(.*\) and CIFAR-10, by a dense/);
  expect(missing(of('CIFAR-10 objects'))[0]).not.toMatch(/here: .*CIFAR-10/);
  expect(missing(of('CIFAR-10 objects'), of('FER2013 faces with FER+ labels'))).toEqual([]);
});

test('of the runs that are shown it is said which epoch ships, and which are not what ships', () => {
  const run = (name: string, samples: number, settings: Cell['settings'] = {}) =>
    cell(name, {
      values: { epochs: { value: samples / 2 } },
      samples,
      settings: { shown: [1], ...settings },
      curve: { columns: ['epoch', 'frechet'], rows: [] },
    });
  const ships = (name: string, samples: number) =>
    cell(`${name}@1`, { samples, settings: { model: `${name}@1` } });
  const runs = cellsOf(run('a-gan', 20), run('mnist-gan', 20, { averagedAfter: 4 }), run('b-gan', 6));
  const packages = cellsOf(ships('a-gan', 16), ships('mnist-gan', 30));
  const { notes } = ganTraining.report(runs, () => packages);
  expect(notes).toContain(
    'What ships is epoch 8 of a-gan, of mnist-gan no epoch of this run and nothing of b-gan.',
  );
  expect(notes).toContain(
    'What ships of mnist-gan went on in further runs, with other settings, to 15 epochs in all: neither the epochs nor the least distance above are its own.',
  );
  expect(notes!.join(' ')).toContain(
    'Until epoch 4 images and distances of mnist-gan are of the weights themselves',
  );
});

test('neighbours have words of their own, and where they may not be shown the picture has no parts', () => {
  const shown = cell('mnist-gan@1', {
    settings: { columns: 2, 'neighbours shown': true, terms: 'free' },
    curve: {
      columns: ['image', 'nearer by pixels', 'nearer by features'],
      rows: [
        [0, 0.005, 0.4],
        [1, 1, 0],
      ],
    },
  });
  const hidden = cell('faces-gan@1', {
    settings: { columns: 2, 'neighbours shown': false },
    data: { set: 'Faces', variant: 'grey', train: 2, test: 1 },
  });
  const { views, notes } = ganFigure2.report(cellsOf(shown, hidden), none);
  expect(views).toEqual({
    'mnist-gan@1': {
      kind: 'neighbours',
      columns: 2,
      words: [
        [
          'nearest by pixels; 0.5\u00a0% of test images have a nearer one',
          'nearest by features; 40.0\u00a0% of test images have a nearer one',
        ],
        [
          'nearest by pixels; 100.0\u00a0% of test images have a nearer one',
          'nearest by features; 0.0\u00a0% of test images have a nearer one',
        ],
      ],
    },
  });
  expect(notes!.at(-2)).toBe('Terms of the training images. MNIST: free.');
  expect(notes!.at(-1)).toContain('Training images of Faces may not be passed on');
});

const dot = (value: number) => ({
  width: 1,
  height: 1,
  channels: 1 as const,
  pixels: Uint8Array.of(value),
});

test('lines of images stand above those of their neighbours', () => {
  const rows = [
    [1, 2, 3, 4],
    [11, 12, 13, 14],
    [21, 22, 23, 24],
  ];
  const found = inLines(
    rows.map((row) => row.map(dot)),
    2,
  );
  expect(found.map(({ pixels }) => pixels[0])).toEqual([1, 2, 11, 12, 21, 22, 3, 4, 13, 14, 23, 24]);
});

test('moments of a run: the first epoch and the last, ever further apart, none twice', () => {
  expect(epochsShown(54)).toEqual([1, 2, 3, 6, 10, 17, 31, 54]);
  expect(epochsShown(10)).toEqual([1, 2, 3, 4, 5, 6, 7, 10]);
  expect(epochsShown(3)).toEqual([1, 2, 3]);
  expect(epochsShown(1)).toEqual([1]);
  const run = cell('mnist-gan', {
    values: { epochs: { value: 9 } },
    settings: { shown: [1, 9] },
    curve: { columns: ['epoch', 'frechet'], rows: [[9, 2.345]] },
  });
  expect(ganTraining.report(cellsOf(run), none).views).toEqual({
    'mnist-gan': { kind: 'moments', words: ['epoch 1 of 9', 'epoch 9 of 9, Fréchet distance 2.3'] },
  });
});

test('a sheet comes apart into its images', () => {
  const pixels = Uint8Array.from({ length: 2 * 4 * 4 * 3 }, (_, i) => i);
  const found = imagesOfSheet({ width: 4, height: 8, channels: 3, pixels: pixels.slice(0, 96) }, 2);
  expect(found).toHaveLength(4);
  expect(found[3]).toEqual({
    width: 2,
    height: 4,
    channels: 3,
    pixels: Uint8Array.from([4, 5, 6, 7].flatMap((y) => [6, 7, 8, 9, 10, 11].map((x) => 12 * y + x))),
  });
});

const grey = (...values: number[]) => ({
  width: 1,
  height: 2,
  channels: 1 as const,
  count: values.length / 2,
  pixels: Uint8Array.from(values),
});

test('stacked digits are three images each, drawn alike, and come apart again', () => {
  const digits = grey(1, 2, 3, 4);
  const stacked = stackDigits(digits, 400, 'seed');
  expect([stacked.width, stacked.height, stacked.channels, stacked.count]).toEqual([1, 2, 3, 400]);
  const apart = unstacked(stacked);
  expect([apart.channels, apart.count]).toEqual([1, 1200]);
  const firsts = Array.from({ length: 1200 }, (_, i) => [...apart.pixels.subarray(2 * i, 2 * i + 2)].join());
  expect([...new Set(firsts)].sort()).toEqual(['1,2', '3,4']);
  const share = firsts.filter((pixels) => pixels === '1,2').length / 1200;
  expect(Math.abs(share - 0.5)).toBeLessThan(0.06);
  expect(stackDigits(digits, 400, 'other').pixels).not.toEqual(stacked.pixels);
  expect(() => stackDigits(stacked, 1, 'seed')).toThrow(
    'stacked digits: grey images are stacked, got 3 channels',
  );
});

test('modes are counted by their three digits, and how unequal their shares are', () => {
  // 123 twice, 321 once, 999 once.
  const { found, divergence } = modesOf(Uint8Array.of(1, 2, 3, 3, 2, 1, 9, 9, 9, 1, 2, 3));
  expect(found).toBe(3);
  expect(divergence).toBeCloseTo(Math.log(1000) - 1.5 * Math.log(2), 12);
  const all = Uint8Array.from({ length: 3000 }, (_, k) => Math.floor(Math.floor(k / 3) / 10 ** (k % 3)) % 10);
  expect(modesOf(all)).toEqual({ found: 1000, divergence: expect.closeTo(0, 12) });
});

const RATES = [0.0001, 0.0004, 0.0016];
const AFTER = (rate: number) => `frechet on validation images after 500 steps at ${rate}`;

test('losses are ranked beside what ships and real images, and failures are named', () => {
  const game = (method: string, frechet: number, early: number[], settings: Cell['settings'] = {}) =>
    cell(`mnist-${method}`, {
      values: {
        frechet: { value: frechet },
        'frechet of the last weights': { value: frechet },
        'frechet of averaged weights': { value: frechet - 1 },
        precision: { count: 3, of: 4 },
        ...Object.fromEntries(early.map((value, i) => [AFTER(RATES[i]!), { value }])),
      },
      settings: {
        method,
        rates: RATES,
        learningRate: 0.0004,
        criticSteps: 1,
        steps: 3000,
        batchSize: 32,
        averageSteps: 500,
        ...settings,
      },
    });
  const cells = cellsOf(
    game('minimax', 30, [90, 80], { learningRate: 0.0001, flaw: 'generated images collapsed' }),
    game('non-saturating', 20, [80, 85, 300]),
    cell('step-costs', { values: { minimax: { value: 20 }, 'non-saturating': { value: 20 } } }),
  );
  const fidelity = cellsOf(
    distance('mnist-training-images', 2.4),
    distance('mnist-centroids', 3),
    cell('mnist-vae@2', { values: { frechet: { value: 14.2 } }, settings: { model: 'mnist-vae@2' } }),
    cell('faces-vae@2', {
      values: { frechet: { value: 1 } },
      settings: { model: 'faces-vae@2' },
      data: { set: 'Faces', variant: 'grey', train: 2, test: 1 },
    }),
  );
  const { table, claims, notes } = ganLosses.report(cells, () => fidelity);
  expect(table!.rows).toHaveLength(4);
  expect(markdownOf(table!).split('\n').slice(2, 6)).toEqual([
    '| mnist-training-images | MNIST | 2.4 | – | – | – | – | – | – | – |',
    '| mnist-vae@2 | MNIST | 14.2 | – | – | – | – | – | – | – |',
    '| non-saturating | MNIST | 20.0 | 20.0 | 19.0 | 75.0\u00a0% (30.1–95.4) | 0.0004 | 1 | 3000 | 20 |',
    '| minimax, failed | MNIST | 30.0 | 30.0 | 29.0 | 75.0\u00a0% (30.1–95.4) | 0.0001 | 1 | 3000 | 20 |',
  ]);
  // The first rate is for it, the second against; of the third, minimax has no figure: it diverged.
  expect(claims!.map(({ verdict, found }) => [verdict, found.match(/in (\d of \d)/)![1]])).toEqual([
    ['held in part', '2 of 3'],
  ]);
  expect(notes).toContain('Chosen was the least of them by mnist-minimax: a better rate may lie beyond.');
  expect(notes!.at(-1)).toBe('Failed: mnist-minimax (generated images collapsed).');
  expect(ganLosses.length(cells)).toMatch(/have 3.000 steps of the generator of 32 images/);
  const other = cellsOf(...cells.values(), game('r1', 25, [1], { steps: 1000 }));
  const alike = game('dragan', 400, [1]);
  alike.values.recall = { count: 9, of: 1000 };
  expect(ganLosses.report(cellsOf(alike), none).notes!.at(-1)).toBe(
    'Failed: mnist-dragan (its images recall 9 of 1000 test images).',
  );
  expect(ganLosses.report(other, none).notes).toContain(
    'Games here are not of one length: steps of the generator are in the table.',
  );
  expect(ganLosses.length(other)).toMatch(/have 1.000 to 3.000 steps/);
});
