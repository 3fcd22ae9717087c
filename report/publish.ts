// What the page of results is given: its sections in one compact file, the cells and values of each experiment for
// whoever wants to compute with them, and the pictures.
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chartTable } from '../figures/chart.ts';
import type { Section } from '../figures/section.ts';
import { readCells } from '../train/experiments/cells.ts';
import { readSections } from './sections.ts';

const csvLine = (cells: readonly (string | number)[]): string =>
  cells
    .map((cell) => (/[",\n]/.test(String(cell)) ? `"${String(cell).replaceAll('"', '""')}"` : cell))
    .join();

/** The values of the chart, in full precision, else the table of the section. */
export function toCsv({ chart, table }: Pick<Section, 'chart' | 'table'>): string {
  const lines: (string | number)[][] = [];
  if (chart) {
    const { columns, groups } = chartTable(chart);
    lines.push(['panel', chart.xLabel, ...columns.flatMap((name) => [name, `${name}, error`])]);
    for (const { title, rows } of groups)
      for (const { samples, points } of rows)
        lines.push([title, samples, ...points.flatMap((point) => [point?.[1] ?? '', point?.[2] ?? ''])]);
  } else if (table)
    lines.push(
      table.columns.map(({ name }) => name),
      ...table.rows,
    );
  return lines.map((line) => `${csvLine(line)}\n`).join('');
}

/** Two decimals are what the page shows. */
const rounded = (_: string, value: unknown) =>
  typeof value === 'number' ? Math.round(value * 100) / 100 : value;

/** Writes sections.json, and <experiment>.json, <experiment>.csv and its pictures, from `root` into `folder`. */
export function publishResults(root: string, folder: string): void {
  const sections = readSections(root);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'sections.json'), JSON.stringify(sections, rounded));
  for (const section of sections) {
    writeFileSync(
      join(folder, `${section.id}.json`),
      JSON.stringify([...readCells(root, section.id).values()]),
    );
    const csv = toCsv(section);
    if (csv !== '') writeFileSync(join(folder, `${section.id}.csv`), csv);
    if (section.pictures.length > 0) mkdirSync(join(folder, section.id), { recursive: true });
    for (const { file } of section.pictures)
      copyFileSync(join(root, section.id, file), join(folder, section.id, file));
  }
}
