// Scales, the nearest sample, and the values of a chart as a table.
import { expect, test } from 'vitest';
import { type Chart, chartTable, nearestIndex } from '../../figures/chart.ts';
import { frameOf, logTicks, rangesOf, ticks } from '../../figures/frame.ts';
import { layOut } from '../../figures/layout.ts';
import { formatCount, formatPoint, powerOfTen } from '../../figures/numbers.ts';
import { drawPanel } from '../../figures/panel.ts';
import { THEMES } from '../../figures/theme.ts';
import { sentence } from '../../site/results/readout.ts';

const chart: Chart = {
  title: 'Bound',
  xLabel: 'samples',
  yLabel: 'nats',
  rows: [
    [
      {
        title: 'three',
        series: [
          {
            subject: 'A',
            split: 'test',
            colour: 0,
            points: [
              [1e5, -150],
              [1e6, -120],
              [1e7, -100, 0.5],
            ],
          },
          {
            subject: 'B',
            split: 'test',
            colour: 1,
            points: [
              [1e5, -140],
              [1e6, -130],
            ],
          },
        ],
      },
      { title: 'one', series: [{ subject: 'B', split: 'test', colour: 1, points: [[1e6, -110]] }] },
    ],
  ],
};

test.each([
  [
    [-150, -100],
    [-150, -140, -130, -120, -110, -100],
  ],
  [
    [0, 1],
    [0, 0.2, 0.4, 0.6, 0.8, 1],
  ],
] as const)('ticks of %s', (range, expected) => {
  expect(ticks(range)).toEqual(expected);
});

test('a logarithmic axis is marked at every digit, and named at powers of ten', () => {
  const marks = logTicks([1e5, 4e6]);
  expect(marks.map(({ at }) => at / 1e5)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20, 30, 40]);
  expect(marks.filter(({ power }) => power !== undefined)).toEqual([
    { at: 1e5, power: 5 },
    { at: 1e6, power: 6 },
  ]);
});

test('the axes follow the data, and lead back to them', () => {
  const ranges = rangesOf(chart.rows[0]!);
  expect(ranges).toEqual({ samples: [1e5, 1e7], values: [-158, -94] });
  const frame = frameOf(ranges, { width: 250, height: 170, left: 40, right: 10, top: 20, bottom: 22 });
  expect([1e5, 1e6, 1e7].map((x) => Math.round(frame.toX(x)))).toEqual([40, 140, 240]);
  expect([-94, -126, -158].map(frame.toY)).toEqual([20, 84, 148]);
  expect(frame.toSamples(140)).toBeCloseTo(1e6, 3);
});

test.each([
  [1, 0],
  [3e5, 0],
  [3.3e5, 1],
  [1e9, 2],
])('the sample nearest to %d is number %d, by ratio', (samples, index) => {
  expect(nearestIndex([1e5, 1e6, 1e7], samples)).toBe(index);
  expect(nearestIndex([], samples)).toBe(-1);
});

test('the table has a row for every sample of a panel, and a gap where a curve has none', () => {
  const { columns, groups } = chartTable(chart);
  expect(columns).toEqual(['A, test', 'B, test']);
  expect(
    groups.map(({ rows }) => rows.map(({ samples, points }) => [samples, ...points.map(formatPoint)])),
  ).toEqual([
    [
      [1e5, '−150.00', '−140.00'],
      [1e6, '−120.00', '−130.00'],
      [1e7, '−100.00 ±\u00a00.50', '–'],
    ],
    [[1e6, '–', '−110.00']],
  ]);
  expect([4_217_000, 1234.5].map(formatCount)).toEqual(['4\u202f217\u202f000', '1\u202f234.5']);
  expect([0, 2, 5].map(powerOfTen)).toEqual(['1', '100', '10⁵']);
});

test('a panel is read aloud in the unit of its axis, and a curve of one point is a dot', () => {
  const panel = chart.rows[0]![1]!;
  expect(sentence(panel, 1e6, 'bytes')).toBe('1000000 bytes: B test −110.00');
  const [, placed] = layOut(chart, 600).lines[0]!;
  const svg = drawPanel(panel, placed!.frame, THEMES.light, false);
  expect(svg).toContain(`r="3" fill="${THEMES.light.colours[1]}"`);
});

test.each([
  [600, [2]],
  [250, [1, 1]],
])('%d pixels hold lines of %s panels, the first of each with labels', (width, panels) => {
  const { gap, lines } = layOut(chart, width);
  expect(lines.map((line) => line.length)).toEqual(panels);
  for (const line of lines) {
    expect(line.map(({ labelled }) => labelled)).toEqual(line.map((_, i) => i === 0));
    const taken = line.reduce((sum, { frame }) => sum + frame.width, gap * (line.length - 1));
    expect(taken).toBeLessThanOrEqual(width);
    // Plots are equally wide, with labels or without.
    const plots = line.map(({ frame }) => frame.width - frame.left - frame.right);
    expect(new Set(plots).size).toBe(1);
  }
});
