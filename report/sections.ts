// What results/ says, experiment by experiment, from the JSON of its cells alone.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatCount } from '../figures/numbers.ts';
import type { Picture, Section, View } from '../figures/section.ts';
import { readCells } from '../train/experiments/cells.ts';
import type { Cell, Cells, Experiment } from '../train/experiments/experiment.ts';
import { ENDED_BY_SAMPLES, EXPERIMENTS } from '../train/experiments/registry.ts';
import { listOf } from '../train/experiments/words.ts';

function pictureOf(root: string, { experiment, cell, samples, picture }: Cell, view?: View): Picture[] {
  if (picture === undefined) return [];
  // The header of a PNG: width and height stand at byte 16 and 20.
  const bytes = readFileSync(join(root, experiment, picture));
  const size = { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
  // A cell that trains nothing counts one sample.
  const trained = samples > 1 ? ` (${formatCount(samples)} training samples)` : '';
  return [{ file: picture, caption: `${cell}${trained}`, ...size, ...(view ? { view } : {}) }];
}

/** The commands that make the cells again, of every length of training among them. */
export function commandsOf(id: string, cells: Cells): string[] {
  const trained = [...cells.values()].filter(({ samples }) => samples > 1);
  const lengths = [...new Set(trained.map(({ samples }) => samples))].map((length) => ({
    length,
    names: trained.filter(({ samples }) => samples === length).map(({ cell }) => cell),
  }));
  const commands = lengths
    .sort((a, b) => a.names.length - b.names.length)
    .map(({ length, names }, i) => {
      const command = `npm run experiment -- ${id} --samples=${length}`;
      if (lengths.length === 1) return command;
      return i < lengths.length - 1
        ? `${command} --cell=${names.join(',')}`
        : `${command} --cell=NAME for the other ${names.length}`;
    });
  return commands.length === 0 ? [] : [`Made by ${listOf(commands)}: without --samples, cells are longer.`];
}

/** `grey` is what sets in colour have as well: pixels that are not made black and white. */
const VARIANTS: Record<string, string> = {
  grey: 'pixels as they are',
  dynamic: 'dynamic binarisation',
  static: 'static binarisation',
};
const variantWords = (variant: string): string => VARIANTS[variant] ?? variant;

/**
 * A section for every experiment that has cells.
 * @throws Error naming a folder of `root` that belongs to none.
 */
export function readSections(root: string, experiments: readonly Experiment[] = EXPERIMENTS): Section[] {
  const folders = existsSync(root) ? readdirSync(root, { withFileTypes: true }) : [];
  const orphan = folders.find(
    (entry) => entry.isDirectory() && !experiments.some(({ id }) => id === entry.name),
  );
  if (orphan)
    throw new Error(
      `report: ${join(root, orphan.name)} is of no experiment; train/experiments/registry.ts has ${experiments.map(({ id }) => id).join(', ')}`,
    );
  return experiments.flatMap(({ id, title, length, report }) => {
    const cells = readCells(root, id);
    if (cells.size === 0) return [];
    const {
      claims = [],
      notes = [],
      chart,
      game,
      table,
      views = {},
    } = report(cells, (other) => readCells(root, other));
    const data = new Set([...cells.values()].map(({ data }) => `${data.set}: ${variantWords(data.variant)}`));
    return [
      {
        id,
        title,
        length: length(cells),
        claims,
        ...(chart && chart.rows.length > 0 ? { chart } : {}),
        ...(game ? { game } : {}),
        pictures: [...cells.values()].flatMap((cell) => pictureOf(root, cell, views[cell.cell])),
        ...(table && table.rows.length > 0 ? { table } : {}),
        notes: ENDED_BY_SAMPLES.some((one) => one.id === id) ? [...notes, ...commandsOf(id, cells)] : notes,
        data: [...data].join('; '),
      },
    ];
  });
}
