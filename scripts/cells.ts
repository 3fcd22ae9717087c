// The cells of results/: read from their JSON.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CellResult } from '../train/experiments/experiment.ts';

export type Cell = Omit<CellResult, 'picture'> & {
  experiment: string;
  cell: string;
  picture?: string;
  /** `load`: the load average of the machine when the cell was done. */
  machine: { processor: string; threads: number; backend: string; load: number };
};

/** The cells of an experiment by name. */
export function readCells(root: string, experiment: string): Map<string, Cell> {
  const folder = join(root, experiment);
  if (!existsSync(folder)) return new Map();
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  const cells = files.map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Cell);
  return new Map(cells.map((cell) => [cell.cell, cell]));
}

/** Two columns of a cell's curve, side by side. */
export function columnsOf(cell: Cell, x: string, y: string): [number, number][] {
  const [from, to] = [x, y].map((column) => {
    const at = cell.curve?.columns.indexOf(column) ?? -1;
    if (at < 0) throw new Error(`${cell.experiment}/${cell.cell}: the curve has no column '${column}'`);
    return at;
  }) as [number, number];
  return cell.curve!.rows.map((row): [number, number] => [row[from]!, row[to]!]);
}

/** One column of a cell's curve against samples. */
export const points = (cell: Cell, column: string): [number, number][] => columnsOf(cell, 'samples', column);
