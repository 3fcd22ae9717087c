// The files that the page of results is given.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { chartTable } from '../../figures/chart.ts';
import { chartCsv } from '../../figures/csv.ts';
import { formatPoint } from '../../figures/numbers.ts';
import type { Section } from '../../figures/section.ts';
import { markdownOf } from '../../figures/table.ts';
import { publishResults } from '../../report/publish.ts';
import { readSections } from '../../report/sections.ts';

test('CSV: a line for each sample of each panel, errors beside their values, gaps empty', () => {
  const series = { subject: 'A', colour: 0 };
  const chart = {
    title: 'Bound',
    xLabel: 'samples',
    yLabel: 'nats',
    rows: [
      [
        {
          title: 'MNIST, "3"',
          series: [
            { ...series, split: 'train', points: [[100, -1.23456, 0.5]] as const },
            { ...series, split: 'test', points: [[100, -2] as const, [200, -1.5] as const] },
          ],
        },
      ],
    ],
  };
  expect(chartCsv(chart)).toBe(
    'panel,samples,"A, train","A, train, error","A, test","A, test, error"\n' +
      '"MNIST, ""3""",100,-1.23456,0.5,-2,\n' +
      '"MNIST, ""3""",200,,,-1.5,\n',
  );
});

test('every section has its cells, its values and its pictures; the page’s own file is small', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dreamlet-published-'));
  publishResults('results', folder);
  const files = readdirSync(folder, { recursive: true }).map(String);
  for (const { id, pictures, chart, table } of readSections('results')) {
    expect(files).toEqual(
      expect.arrayContaining([`${id}.json`, ...pictures.map(({ file }) => join(id, file))]),
    );
    expect(files.includes(`${id}.csv`)).toBe(chart !== undefined || table !== undefined);
  }
  for (const { id, game } of readSections('results'))
    if (game) expect(JSON.parse(readFileSync(join(folder, `${id}-game.json`), 'utf8'))).toEqual(game);
  const text = readFileSync(join(folder, 'sections.json'), 'utf8');
  expect(text).not.toMatch(/[1-9]\.\d{9}/);
  expect(gzipSync(text).length / JSON.parse(text).length).toBeLessThan(2500);
  // The page prints what the report does: what is rounded for it does not round otherwise afterwards.
  const printed = (sections: Section[]) =>
    sections.map(({ chart, table }) => [
      chart && chartTable(chart).groups.map(({ rows }) => rows.map(({ points }) => points.map(formatPoint))),
      table && markdownOf(table),
    ]);
  expect(printed(JSON.parse(text))).toEqual(printed(readSections('results')));
  // What the page rounds is whole in the files beside it.
  const { area, error } = JSON.parse(
    readFileSync('results/anomaly/fashion-vae.json', 'utf8'),
    (key, value) =>
      key === 'values'
        ? { area: value['mnist, score'].value, error: value['mnist, score'].standardError }
        : value,
  ).values;
  expect(String(area).length).toBeGreaterThan(8);
  expect(readFileSync(join(folder, 'anomaly.csv'), 'utf8')).toContain(`fashion-vae,mnist,${area},${error},`);
  expect(readFileSync(join(folder, 'anomaly.json'), 'utf8')).toContain(
    `["fashion-vae","mnist",{"value":${area},"standardError":${error}}`,
  );
  rmSync(folder, { recursive: true });
});
