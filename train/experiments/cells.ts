// The cells of results/: read from their JSON.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Point } from '../../figures/chart.ts';
import { writeAtomically } from '../run/files.ts';
import type { CellResult } from './experiment.ts';

export type Cell = Omit<CellResult, 'picture'> & {
  experiment: string;
  cell: string;
  picture?: string;
  /** `load`: the load average of the machine when the cell was done. */
  machine: { processor: string; threads: number; backend: string; load: number };
};

/** Writes a cell as JSON, a list of numbers on one line. */
export const writeCell = (file: string, cell: unknown): void =>
  writeAtomically(
    file,
    `${JSON.stringify(cell, null, 2).replace(/\[\n[-\d.e+,\s]+\]/g, (list) => list.replace(/\s+/g, ''))}\n`,
  );

/** The cells of an experiment by name, in the order of their names and of the numbers in them. */
export function readCells(root: string, experiment: string): Map<string, Cell> {
  const folder = join(root, experiment);
  if (!existsSync(folder)) return new Map();
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  const cells = files.map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Cell);
  cells.sort((a, b) => a.cell.localeCompare(b.cell, 'en', { numeric: true }));
  return new Map(cells.map((cell) => [cell.cell, cell]));
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

/** `name` of a cell with its standard error, or a dash. */
export function measured(cell: Cell | undefined, name: string): string {
  const value = cell?.values[name];
  if (value === undefined) return '–';
  return value.standardError === undefined
    ? String(Number(value.value.toFixed(2)))
    : `${value.value.toFixed(2)} ± ${value.standardError.toFixed(2)}`;
}
