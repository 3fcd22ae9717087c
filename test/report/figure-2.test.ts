// The claims of Figure 2 of Kingma & Welling 2013, from made-up curves.
import { expect, test } from 'vitest';
import { drawChart } from '../../report/chart.ts';
import { lighterThanAny } from '../../train/experiments/aevb/appendix-a.ts';
import { aevbAppendixA, outrun } from '../../train/experiments/aevb/appendix-a-report.ts';
import { figure2 } from '../../train/experiments/aevb/charts.ts';
import { figure2Claims, standingsOf } from '../../train/experiments/aevb/figure-2-claims.ts';
import { aevbFigure2 } from '../../train/experiments/aevb/figure-2-report.ts';
import type { Cell } from '../../train/experiments/experiment.ts';
import { cell, cellsOf } from './cells.ts';

const curve = (name: string, rows: number[][], errors?: { train: number; test: number }) =>
  cell(name, {
    samples: rows.at(-1)![0]!,
    settings: { initialisation: '0.1' },
    curve: { columns: ['samples', 'train bound', 'test bound'], rows },
    values: errors
      ? {
          train: { value: rows.at(-1)![1]!, standardError: errors.train },
          test: { value: rows.at(-1)![2]!, standardError: errors.test },
        }
      : {},
  });

const CELLS = cellsOf(
  curve('mnist-z20-aevb', [
    [10_000, -500, -500],
    [100_000, -130, -131],
    [1_000_000, -120, -122],
    [10_000_000, -100, -103],
  ]),
  curve(
    'mnist-z20-wake-sleep',
    [
      [10_000, -500, -500],
      [100_000, -128, -129],
      [1_000_000, -125, -126.5],
    ],
    { train: 0.3, test: 0.4 },
  ),
  curve('mnist-z3-aevb', [[100_000, -150, -151]]),
  // Neither has come as far as the figure begins.
  curve('mnist-z5-aevb', [[10_000, -500, -500]]),
  curve('mnist-z5-wake-sleep', [[10_000, -500, -500]]),
);

test('methods are compared at the samples that both reached, never at the end of the longer one', () => {
  expect(standingsOf(CELLS)).toEqual([
    {
      panel: 'mnist-z20',
      samples: 1_000_000,
      aevb: { train: { value: -120 }, test: { value: -122 } },
      wakeSleep: {
        train: { value: -125, standardError: 0.3 },
        test: { value: -126.5, standardError: 0.4 },
      },
      lead: { value: 4.5, paired: false },
      points: 2,
      ahead: 1,
      starts: '0.1, 0.1',
      atRest: false,
      stuck: false,
    },
  ]);
  expect(figure2Claims(CELLS).map(({ verdict }) => verdict)).toEqual([
    'held in part',
    'ahead so far',
    'not reached',
  ]);
});

/** From −200 on, `rise` nats for ten times the samples, up to a million. */
const rising = (name: string, rise: number, gap = 0, error = 0.1) =>
  curve(
    name,
    [1e5, 5e5, 1e6].map((samples) => {
      const train = -200 + rise * Math.log10(samples / 1e5);
      return [samples, train, train - gap];
    }),
    { train: error, test: error },
  );

test.each([
  // Half a nat for twice the samples is 1.66 for ten times as many.
  ['at rest and ahead', 1.6, 1.5, 0.01, 'held'],
  ['ahead, and still moving', 10, 5, 0.01, 'ahead so far'],
  ['behind, and still moving', 5, 10, 0.01, 'not reached'],
  ['at rest and behind', 1.5, 1.6, 0.01, 'not held'],
  ['at rest, and ahead by less than two errors', 1.6, 1.5, 0.1, 'not reached'],
])('a better solution: %s', (_, aevb, rival, error, verdict) => {
  const cells = cellsOf(
    rising('mnist-z3-aevb', aevb, 0, error),
    rising('mnist-z3-wake-sleep', rival, 0, error),
  );
  expect(figure2Claims(cells)[1]).toMatchObject({
    claim: 'AEVB converges to a better solution than wake-sleep',
    verdict,
  });
});

test('a rival that has not begun to learn is not counted as beaten, and is named', () => {
  const cells = cellsOf(
    rising('frey-z2-aevb', 10),
    rising('frey-z2-wake-sleep', 0.5),
    rising('frey-z5-aevb', 10),
    rising('frey-z5-wake-sleep', 5),
  );
  const [faster, better] = figure2Claims(cells);
  expect(faster!.found).toContain(
    'at 2 of 3 measured points, and at all of them in 0 of 1 panels. Not counted: Frey Face, N_z = 2, where',
  );
  expect(better!.found).toContain('ahead on the test set in 1 of 1 panels that count.');
  const alone = cellsOf(cells.get('frey-z2-aevb')!, cells.get('frey-z2-wake-sleep')!);
  expect(figure2Claims(alone).map(({ verdict }) => verdict)).toEqual(['not reached', 'not reached']);
});

test.each([
  ['does not widen, and all are at rest', [1, 1.5], 0.5, 0.1, 'held'],
  ['does not widen, but not all are at rest', [1, 1.5], 10, 0.1, 'not reached'],
  ['widens', [1, 2.5], 10, 0.1, 'not held'],
  ['may widen within its error', [1, 2.5], 0.5, 0.2, 'not reached'],
])('more latents: the gap %s', (_, [few, many], rise, error, verdict) => {
  const longer = rising('mnist-z20-aevb', rise, few, error);
  // What the longer run came to later has no part in it.
  longer.curve!.rows.push([1e7, -100, -150]);
  const shorter = rising('mnist-z200-aevb', rise, many, error);
  // Errors are those of the samples that are compared.
  for (const { curve } of [longer, shorter]) {
    curve!.columns = ['samples', 'train bound', 'error', 'test bound', 'error'];
    curve!.rows = curve!.rows.map(([samples, train, test]) => [samples!, train!, error, test!, error]);
  }
  const cells = cellsOf(longer, shorter);
  if (rise < 1) longer.curve!.rows.at(-1)![1] = longer.curve!.rows.at(-2)![1]!;
  const claim = figure2Claims(cells).at(-1)!;
  expect(claim.verdict).toBe(verdict);
  expect(claim.found).toContain(
    `MNIST, 1\u202f000\u202f000 samples: the training bound less that of the test set is ${few!.toFixed(2)} and ${many!.toFixed(2)} nats with 20 and 200 latents. From the fewest to the most it changes by ${(many! - few!).toFixed(2)} ±\u00a0${(2 * error).toFixed(2)} nats`,
  );
});

test('panels in which a cell is of the earlier protocol are not counted, and are named', () => {
  const cells = cellsOf(
    rising('mnist-z3-aevb', 10),
    rising('mnist-z3-wake-sleep', 5),
    rising('mnist-z5-aevb', 10, 1),
    { ...rising('mnist-z5-wake-sleep', 12), settings: {} },
    { ...rising('mnist-z10-aevb', 12, 9), settings: {} },
  );
  const [faster, better, superfluous] = figure2Claims(cells);
  expect(faster!.found).toContain('in 0 of 1 panels. Not counted: MNIST, N_z = 5, of an earlier');
  expect(better!.found).toContain('in 1 of 1 panels');
  expect(superfluous!.found).toContain('0.00 and 1.00 nats with 3 and 5 latents.');
  // Ahead everywhere in one panel of two.
  const later = cellsOf(
    curve('mnist-z3-aevb', [[1e6, -100, -100]]),
    curve('mnist-z3-wake-sleep', [[1e6, -110, -110]]),
    ...['mnist-z5-aevb', 'mnist-z5-wake-sleep'].map((name) => cells.get(name)!),
  );
  expect(figure2Claims(later)[0]).toMatchObject({ verdict: 'held in part' });
  const old = cellsOf(cells.get('mnist-z5-aevb')!, cells.get('mnist-z5-wake-sleep')!);
  expect(figure2Claims(old).map(({ verdict, found }) => [verdict, found.slice(0, 34)])).toEqual([
    ['not reached', 'At equal numbers of training sampl'],
    ['not reached', 'No panel that counts was measured.'],
  ]);
});

/** One whose bounds at the end are kept in two groups, `apart` from each other. */
const grouped = (cell: Cell, apart: number): Cell => {
  const around = (value: number) => [value - apart / 2, value + apart / 2];
  const [, train, test] = cell.curve!.rows.at(-1)! as [number, number, number];
  return { ...cell, perGroup: { train: around(train), test: around(test) } };
};

test('groups of images give leads and gaps the errors of their differences', () => {
  const cells = cellsOf(
    grouped(rising('frey-z2-aevb', 10, 30, 40), 200),
    grouped(rising('frey-z2-wake-sleep', 5, 30, 40), 201),
    grouped(rising('frey-z20-aevb', 10, 90, 40), 202),
    rising('frey-z20-wake-sleep', 5, 30, 40),
  );
  expect(standingsOf(cells).map(({ lead }) => lead)).toEqual([
    { value: 5, standardError: expect.closeTo(0.5), paired: true },
    { value: -55, standardError: expect.closeTo(40 * Math.SQRT2), paired: false },
  ]);
  // Of one that went on, its groups are of later.
  const longer = rising('frey-z2-wake-sleep', 5, 30, 40);
  longer.curve!.rows.push([2e6, -190, -220]);
  const later = cellsOf(cells.get('frey-z2-aevb')!, { ...grouped(longer, 201), samples: 2e6 });
  expect(standingsOf(later)[0]!.lead).toMatchObject({ value: 5, paired: false });
  // Each group moves by one in training and test alike, which are different images.
  expect(figure2Claims(cells).at(-1)!.found).toContain(
    'changes by 60.00 ±\u00a01.41 nats, while the test bound of the largest is 60.00 nats below',
  );
  const late = cells.get('frey-z20-wake-sleep')!;
  late.settings.tried = ['0.1, 0.1: -9.00 after 100000', '0.1, 0.1: -8.00 after 1000000'];
  cells.get('frey-z2-wake-sleep')!.settings.tried = ['0.1, 0.1: -9.00 after 100000'];
  const notes = aevbFigure2.report(cells, () => new Map()).notes!;
  expect(notes[0]).toMatch(
    / 100 000 samples, of wake-sleep with Frey Face, N_z = 20 after a million as well\.$/,
  );
  expect(notes.at(-1)).toMatch(
    /^Leads .* paired differences, .* Errors of the lead are those of independent bounds, .* with Frey Face, N_z = 20, where bounds/,
  );
});

test('the gap by the number of latents is that of the protocol with more runs, and says so', () => {
  const old = (name: string, gap: number) => ({ ...rising(name, 1, gap), settings: {} });
  const cells = cellsOf(rising('mnist-z3-aevb', 1), old('mnist-z5-aevb', 0.5), old('mnist-z20-aevb', 1));
  expect(figure2Claims(cells).at(-1)!.found).toContain(
    'samples, earlier protocol: the training bound less that of the test set is 0.50 and 1.00 nats with 5 and 20',
  );
  cells.set('mnist-z200-aevb', rising('mnist-z200-aevb', 1, 0.25));
  expect(figure2Claims(cells).at(-1)!.found).toContain(
    'samples: the training bound less that of the test set is 0.00 and 0.25 nats with 3 and 200',
  );
});

test('a gap that grows on one data set and not on the other: held in part', () => {
  const cells = cellsOf(
    rising('mnist-z3-aevb', 10, 1),
    rising('mnist-z20-aevb', 12, 1),
    rising('frey-z2-aevb', 10, 30),
    rising('frey-z20-aevb', 20, 90),
  );
  const claim = figure2Claims(cells).at(-1)!;
  expect(claim.verdict).toBe('held in part');
  expect(claim.found).toContain(
    '30.00 and 90.00 nats with 2 and 20 latents. From the fewest to the most it changes by 60.00 ±\u00a00.20 nats, ' +
      'while the test bound of the largest is 50.00 nats below that of the second largest.',
  );
});

test('a chart has a panel for each pair, in order, and every value on hover', () => {
  const chart = figure2(CELLS);
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

test('a picture of another model than Figure 2 has is said to be that', () => {
  const model = (name: string, samples: number, test: number) =>
    cell(name, { samples, values: { test: { value: test } } });
  const pictures = cellsOf(
    model('manifold-mnist', 1e6, -1),
    model('samples-mnist-z20', 4_217_000, -2),
    model('manifold-frey', 1e6, 3),
    model('samples-mnist-z10', 1e6, -4),
  );
  const models = cellsOf(
    model('mnist-z2-aevb', 1e6, -1),
    model('mnist-z20-aevb', 1e7, -1.5),
    model('frey-z2-aevb', 1e6, 4),
  );
  expect(outrun(pictures, models)).toEqual([
    'samples-mnist-z20 is of a model after 4\u202f217\u202f000 samples, Figure 2 has that after 10\u202f000\u202f000',
    'manifold-frey is of a model after 1\u202f000\u202f000 samples, Figure 2 has one that started otherwise',
  ]);
});

test('samples are lighter than any test image when their mean grey is, and the report says how many', () => {
  const grey = (value: number) => ({
    width: 2,
    height: 1,
    channels: 1 as const,
    pixels: Uint8Array.of(value, value),
  });
  // The lightest test image has the mean 100, though another has a lighter pixel.
  const images = {
    count: 2,
    width: 2,
    height: 1,
    channels: 1 as const,
    pixels: Uint8Array.of(100, 100, 180, 0),
  };
  expect(lighterThanAny([grey(99), grey(100), grey(101), grey(255)], images)).toEqual({ count: 2, of: 4 });
  const pictures = cellsOf(cell('samples-mnist-z10', { values: { lighter: { count: 400, of: 1000 } } }));
  const { notes } = aevbAppendixA.report(pictures, () => new Map());
  expect(notes?.join(' ')).toContain(
    'than every test image: samples-mnist-z10 40.0\u00a0% (37.0–43.1). They',
  );
});

test('a run that went on beyond its best is named, with its best and its end', () => {
  const falling = curve('mnist-z200-wake-sleep', [
    [100_000, -185, -185],
    [1_000_000, -170, -170],
    [3_000_000, -192, -193],
  ]);
  const notes = (cells: Cell[]) => aevbFigure2.report(cellsOf(...cells), () => new Map()).notes!.join(' ');
  expect(notes([...CELLS.values(), falling])).toMatch(
    /falls again of wake-sleep with MNIST, N_z = 200 \(−170.00 after 1\s000\s000 samples, −192.00 after 3\s000\s000\)/,
  );
  expect(notes([...CELLS.values()])).not.toContain('falls again');
});
