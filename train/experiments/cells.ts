// The cells of results/: read from their JSON, and written to it.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Point } from '../../figures/chart.ts';
import { formatCount, type Quantity } from '../../figures/numbers.ts';
import type { Share } from '../../figures/share.ts';
import { writeAtomically } from '../io/files.ts';
import type { Cell, Cells } from './experiment.ts';

/** Writes a cell as JSON, a list of numbers on one line. */
export function writeCell(file: string, cell: unknown): void {
  const text = JSON.stringify(cell, null, 2);
  writeAtomically(
    file,
    `${text.replace(/\[\n[-\d.e+,\s]+\]/g, (list) => list.replace(/\s+/g, '').replaceAll(',', ', '))}\n`,
  );
}

/** The cells of an experiment, in the order of their names and of the numbers in them. */
export function readCells(root: string, experiment: string): Cells {
  const folder = join(root, experiment);
  if (!existsSync(folder)) return new Map();
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  const cells = files.map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Cell);
  cells.sort((a, b) => a.cell.localeCompare(b.cell, 'en', { numeric: true }));
  return new Map(cells.map((cell) => [cell.cell, cell]));
}

/** A figure of a cell that is a measurement; nothing where there is none. */
export function quantityOf(cell: Cell | undefined, name: string): Quantity | undefined {
  const value = cell?.values[name];
  return value && 'value' in value ? value : undefined;
}

/** A figure of a cell that is a share; nothing where there is none. */
export function shareOf(cell: Cell | undefined, name: string): Share | undefined {
  const value = cell?.values[name];
  return value && 'count' in value ? value : undefined;
}

/** Two columns of a cell's curve, side by side. */
export function columnsOf({ curve, experiment, cell }: Cell, x: string, y: string): [number, number][] {
  const index = (column: string) => {
    const at = curve?.columns.indexOf(column) ?? -1;
    if (at < 0) throw new Error(`${experiment}/${cell}: the curve has no column '${column}'`);
    return at;
  };
  const [from, to] = [index(x), index(y)];
  return curve!.rows.map((row): [number, number] => [row[from]!, row[to]!]);
}

/** One column of a cell's curve against samples, with its errors where the next column holds them. */
export function points(cell: Cell, column: string): Point[] {
  const { columns, rows } = cell.curve ?? { columns: [], rows: [] };
  const at = columns.indexOf(column);
  if (at < 0) throw new Error(`${cell.experiment}/${cell.cell}: the curve has no column '${column}'`);
  const withErrors = columns[at + 1] === 'error';
  return rows.map((row): Point => (withErrors ? [row[0]!, row[at]!, row[at + 1]!] : [row[0]!, row[at]!]));
}

/** `1 000 000 to 10 000 000`: the training samples of the cells. */
export function samplesOf(cells: Cells): string {
  const all = [...cells.values()].map(({ samples }) => samples);
  const [least, most] = [Math.min(...all), Math.max(...all)];
  return least === most ? formatCount(most) : `${formatCount(least)} to ${formatCount(most)}`;
}
