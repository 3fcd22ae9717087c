// Typed tables: what is judged and downloaded are numbers; text is made of them last.
import { expect, test } from 'vitest';
import { tableCsv } from '../../figures/csv.ts';
import { formatNumber, formatQuantity, formatShare } from '../../figures/numbers.ts';
import { percent, wilson } from '../../figures/share.ts';
import { type Column, markdownOf, plainTable, tableOf, terminalOf } from '../../figures/table.ts';

type Row = {
  name: string;
  bound?: { value: number; standardError: number };
  right?: { count: number; of: number };
  never?: undefined;
};
const COLUMNS: Column<Row>[] = [
  { name: 'model', kind: 'text', of: ({ name }) => name },
  { name: 'bound', unit: 'nats', kind: 'number', decimals: 1, of: ({ bound }) => bound },
  { name: 'right', kind: 'share', of: ({ right }) => right },
  { name: 'never', kind: 'number', of: ({ never }) => never },
];
const ROWS: Row[] = [
  {
    name: 'a, "b"',
    bound: { value: -10_234.5678, standardError: 0.25 },
    right: { count: 100, of: 100 },
  },
  { name: 'c' },
];
const TABLE = tableOf(ROWS, COLUMNS);

test('a table keeps its numbers as they are; a column without any is left out', () => {
  expect(TABLE).toEqual({
    columns: [
      { name: 'model', kind: 'text' },
      { name: 'bound', unit: 'nats', kind: 'number', decimals: 1 },
      { name: 'right', kind: 'share' },
    ],
    rows: [
      ['a, "b"', { value: -10_234.5678, standardError: 0.25 }, { count: 100, of: 100 }],
      ['c', null, null],
    ],
  });
});

test('in Markdown and on a terminal numbers stand to the right, and what is missing is a dash', () => {
  expect(markdownOf(TABLE)).toBe(
    [
      '| model | bound, nats | right |',
      '| --- | --: | --: |',
      '| a, "b" | −10\u202f234.6 ±\u00a00.3 | 100.0\u00a0% (96.3–100.0) |',
      '| c | – | – |',
    ].join('\n'),
  );
  expect(terminalOf(TABLE)).toBe(
    [
      'model       bound, nats                 right',
      '------  ---------------  --------------------',
      'a, "b"  −10\u202f234.6 ±\u00a00.3  100.0\u00a0% (96.3–100.0)',
      'c                     –                     –',
    ].join('\n'),
  );
});

test('CSV has every number in full, its error and the ends of its interval in columns of their own', () => {
  const low = wilson({ count: 100, of: 100 })[0];
  expect(tableCsv(TABLE)).toBe(
    'model,"bound, nats","bound, nats, error",right,"right, count","right, of","right, low","right, high"\n' +
      `"a, ""b""",-10234.5678,0.25,1,100,100,${low},1\n` +
      'c,,,,,,,\n',
  );
});

test('bare rows of benchmarks: a column with any text is text, three digits of a number say something', () => {
  const table = plainTable([
    { what: 'x', ms: 0.123456, note: 1 },
    { what: 'y', ms: 12.3456, note: 'many' },
    { what: 'z', ms: 1234.5 },
  ]);
  expect(table.columns.map(({ kind }) => kind)).toEqual(['text', 'number', 'text']);
  expect(markdownOf(table).split('\n').slice(2)).toEqual([
    '| x | 0.12 | 1 |',
    '| y | 12.3 | many |',
    '| z | 1235 | – |',
  ]);
});

// None of n: z² / (n + z²). The others solve (count / n − p)² = z² p (1 − p) / n.
test.each([
  [{ count: 0, of: 10 }, 0, 0.277533],
  [{ count: 10, of: 10 }, 0.722467, 1],
  [{ count: 5, of: 10 }, 0.236593, 0.763407],
  [{ count: 1, of: 29 }, 0.006113, 0.171755],
])('the 95 %% interval of %o', (share, low, high) => {
  const [a, b] = wilson(share);
  expect(a).toBeCloseTo(low, 6);
  expect(b).toBeCloseTo(high, 6);
});

test('an interval holds its share, near the ends as well', () => {
  const z = 1.959964;
  for (const of of [1, 7, 1000])
    for (let count = 0; count <= of; count++) {
      const [low, high] = wilson({ count, of });
      // The ends are the shares p at which count is as far from n p as a test at 5 % allows.
      for (const p of [low, high].filter((end) => end > 0 && end < 1))
        expect(Math.abs(count / of - p)).toBeCloseTo(z * Math.sqrt((p * (1 - p)) / of), 9);
      expect(low <= count / of && count / of <= high && low < high).toBe(true);
      expect([low === 0, high === 1]).toEqual([count === 0, count === of]);
    }
  expect(percent({ count: 10_000, of: 10_000 })).toEqual({
    value: 100,
    interval: [expect.closeTo(99.9616, 4), 100],
  });
});

test.each([
  [{ count: 659, of: 773 }, '85.3\u00a0% (82.6–87.6)'],
  [{ count: 10_000, of: 10_000 }, '100.00\u00a0% (99.96–100.00)'],
  [{ count: 9999, of: 10_000 }, '99.990\u00a0% (99.943–99.998)'],
  [{ count: 0, of: 10_000 }, '0.00\u00a0% (0.00–0.04)'],
  [{ count: 1, of: 773 }, '0.13\u00a0% (0.02–0.73)'],
])('%o is printed so that the ends of its interval can be told apart', (share, text) => {
  expect(formatShare(share)).toBe(text);
});

test.each([
  [0.9999, 0.0004, 3, '1.000 ±\u00a0<0.001'],
  [-1.3863, 0.00001, 4, '−1.3863 ±\u00a0<0.0001'],
  [-0.0004, 0.2, 2, '0.00 ±\u00a00.20'],
  [1, 0, 2, '1.00 ±\u00a00.00'],
])('%d ± %d with %d decimals', (value, standardError, decimals, text) => {
  expect(formatQuantity({ value, standardError }, decimals)).toBe(text);
});

test('numbers have a true minus sign, and digits in groups', () => {
  expect([-1234567.891, 99_999.96, 5, 0.5].map((value) => formatNumber(value))).toEqual([
    '−1\u202f234\u202f568',
    '100\u202f000',
    '5',
    '0.50',
  ]);
});
