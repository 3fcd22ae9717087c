// The claims of Figure 2 of Kingma & Welling 2013, from made-up curves.
import { expect, test } from 'vitest';
import { drawChart } from '../../report/chart.ts';
import { outrun } from '../../train/experiments/aevb/appendix-a-report.ts';
import { figure2 } from '../../train/experiments/aevb/charts.ts';
import { figure2Claims, standingsOf } from '../../train/experiments/aevb/figure-2-claims.ts';
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
      lead: { value: 4.5 },
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
  expect(better!.found).toContain('ahead on the test set in 1 of 1 panels.');
  const alone = cellsOf(cells.get('frey-z2-aevb')!, cells.get('frey-z2-wake-sleep')!);
  expect(figure2Claims(alone).map(({ verdict }) => verdict)).toEqual(['not reached', 'not reached']);
});

test.each([
  ['does not widen, and all are at rest', [1, 1.5], 0.5, 'held'],
  ['does not widen, but not all are at rest', [1, 1.5], 10, 'not reached'],
  ['widens', [1, 2.5], 10, 'not held'],
])('more latents: the gap %s', (_, [few, many], rise, verdict) => {
  const longer = rising('mnist-z20-aevb', rise, few);
  // What the longer run came to later has no part in it.
  longer.curve!.rows.push([1e7, -100, -150]);
  const cells = cellsOf(longer, rising('mnist-z200-aevb', rise, many));
  if (rise < 1) longer.curve!.rows.at(-1)![1] = longer.curve!.rows.at(-2)![1]!;
  const claim = figure2Claims(cells).at(-1)!;
  expect(claim.verdict).toBe(verdict);
  expect(claim.found).toContain(
    `MNIST, 1\u202f000\u202f000 samples: the training bound is ${few!.toFixed(2)} and ${many!.toFixed(2)} nats above that of the test set with 20 and 200 latents.`,
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
  expect(faster!.found).toContain('in 0 of 1 panels. Not counted: MNIST, N_z = 5, which are of an earlier');
  expect(better!.found).toContain('in 1 of 1 panels');
  expect(superfluous!.found).toContain('0.00 and 1.00 nats above that of the test set with 3 and 5 latents.');
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
    '30.00 and 90.00 nats above that of the test set with 2 and 20 latents. It grows',
  );
  expect(claim.found).toContain(
    'the test bound of the largest is 50.00 nats below that of the second largest.',
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

test('a picture of a model that was trained further since is said to be of an earlier one', () => {
  const pictures = cellsOf(
    cell('manifold-mnist', { samples: 1e6 }),
    cell('samples-mnist-z20', { samples: 4_217_000 }),
  );
  const models = cellsOf(cell('mnist-z2-aevb', { samples: 1e6 }), cell('mnist-z20-aevb', { samples: 1e7 }));
  expect(outrun(pictures, models)).toEqual([
    'samples-mnist-z20 is of the model after 4\u202f217\u202f000 samples, Figure 2 has it after 10\u202f000\u202f000',
  ]);
});
