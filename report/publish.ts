// What the page of results is given: its sections in one compact file; each experiment in full precision, for whoever
// wants to compute with it, as JSON and as CSV; and the pictures.
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chartCsv, tableCsv } from '../figures/csv.ts';
import type { PublishedSection } from '../figures/section.ts';
import { readCells } from '../train/experiments/cells.ts';
import { readSections } from './sections.ts';

/** Nine digits, so that what is rounded once more for the page does not change. */
const rounded = (_: string, value: unknown) =>
  typeof value === 'number' ? Number(value.toPrecision(9)) : value;

/** Writes sections.json, and <experiment>.json, <experiment>.csv and its pictures, from `root` into `folder`. */
export function publishResults(root: string, folder: string): void {
  const sections = readSections(root);
  mkdirSync(folder, { recursive: true });
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  const published = sections.map(
    ({ game, ...section }): PublishedSection => ({
      ...section,
      ...(game ? { gameFile: `${section.id}-game.json` } : {}),
    }),
  );
  write('sections.json', JSON.stringify(published, rounded));
  for (const section of sections) {
    const { id, chart, game, table, pictures } = section;
    write(`${id}.json`, JSON.stringify({ ...section, cells: [...readCells(root, id).values()] }));
    if (game) write(`${id}-game.json`, JSON.stringify(game));
    if (chart) write(`${id}.csv`, chartCsv(chart));
    else if (table) write(`${id}.csv`, tableCsv(table));
    if (pictures.length > 0) mkdirSync(join(folder, id), { recursive: true });
    for (const { file } of pictures) copyFileSync(join(root, id, file), join(folder, id, file));
  }
}
