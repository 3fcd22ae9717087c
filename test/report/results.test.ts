// results/ as a whole: what is shown is what the cells say, whichever of them are there.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readCards } from '../../export/publish.ts';
import { renderResults } from '../../report/markdown.ts';
import { commandsOf, readSections } from '../../report/sections.ts';
import { readCells, writeCell } from '../../train/experiments/cells.ts';
import type { Cells, Experiment } from '../../train/experiments/experiment.ts';
import { ENDED_BY_SAMPLES, EXPERIMENTS } from '../../train/experiments/registry.ts';
import { cell, cellsOf } from './cells.ts';

const EXPERIMENT_CELLS = new Map(EXPERIMENTS.map(({ id }) => [id, readCells('results', id)]));

test('results/README.md and its pictures are what `npm run report` makes of the cells', () => {
  expect(readFileSync('results/README.md', 'utf8')).toBe(renderResults(readSections('results')));
});

test.each(EXPERIMENTS.map((experiment) => [experiment.id, experiment] as const))(
  '%s: every cell in results/ is one that it computes',
  async (id, experiment) => {
    const { cells, samples } = await experiment.load();
    const of = typeof samples === 'number' ? () => samples : samples;
    const short = [...EXPERIMENT_CELLS.get(id)!.values()].filter((one) => one.samples < of(one.cell));
    expect([short.length > 0, id, ENDED_BY_SAMPLES.includes(experiment)]).not.toEqual([true, id, false]);
    expect(Math.min(...Object.keys(cells).map(of))).toBeGreaterThan(0);
    expect(Object.keys(cells)).toEqual(expect.arrayContaining([...EXPERIMENT_CELLS.get(id)!.keys()]));
  },
);

test('cells that were ended early have the command that makes them, by their lengths', () => {
  const of = (name: string, samples: number) => cell(name, { samples });
  expect(commandsOf('x', cellsOf(of('a', 300), of('b', 300), of('costs', 1)))).toEqual([
    'Made by npm run experiment -- x --samples=300: without --samples, cells are longer.',
  ]);
  expect(commandsOf('x', cellsOf(of('a', 300), of('b', 20), of('c', 300)))[0]).toContain(
    'npm run experiment -- x --samples=20 --cell=b and npm run experiment -- x --samples=300 --cell=NAME for the other 2:',
  );
});

/** All the text of a section, and the numbers of its table. */
const textOf = ({ length, report }: Experiment, cells: Cells): string =>
  JSON.stringify([length(cells), report(cells, (other) => EXPERIMENT_CELLS.get(other)!)], (_, value) =>
    typeof value === 'number' && !Number.isFinite(value) ? 'NaN' : value,
  );

test.each(EXPERIMENTS.map((experiment) => [experiment.id, experiment] as const))(
  '%s: any cell may be alone, or missing',
  (id, experiment) => {
    const all = [...EXPERIMENT_CELLS.get(id)!];
    for (const [i, one] of all.entries())
      for (const some of [[one], all.slice(i), all.filter((_, j) => j !== i)]) {
        if (some.length === 0) continue;
        const text = textOf(experiment, new Map(some));
        expect(text).not.toMatch(/NaN|Infinity|undefined|\[object/);
      }
  },
);

test('every section says how long the paper trained, and no verdict is of a kind that has no name', () => {
  for (const { length, claims } of readSections('results')) {
    expect(length).toMatch(/\bpapers?\b/);
    for (const { verdict, claim, found } of claims) {
      expect(['held', 'held in part', 'not held', 'ahead so far', 'not reached']).toContain(verdict);
      expect(claim).not.toMatch(/\.$/);
      expect(found).toMatch(/\.$/);
    }
  }
});

test('shares have an interval and no standard error, on cards and in results', async () => {
  for (const { id, metrics } of await readCards('models'))
    for (const { name, unit, value, interval, standardError } of metrics)
      if (unit.startsWith('% of')) {
        expect([id, name, standardError]).toEqual([id, name, undefined]);
        expect(interval![0]).toBeLessThan(interval![1]);
        expect(interval![0] <= value && value <= interval![1]).toBe(true);
        // The share of a count, not what rounding left of one.
        const round = Number(value.toFixed(4));
        expect(value === round || Math.abs(value - round) > 1e-9).toBe(true);
      }
  const pages = ['README.md', 'results/README.md', 'docs/measurements.md'].map((file) =>
    readFileSync(file, 'utf8'),
  );
  for (const page of pages) {
    expect(page).not.toMatch(/\d\.\d{8}/);
    expect(page).not.toMatch(/\b100(\.0+)?.%(?! \()/);
  }
});

test('a folder of no experiment is named, and a list of numbers stands on one line of a cell', () => {
  const root = mkdtempSync(join(tmpdir(), 'dreamlet-results-'));
  mkdirSync(join(root, 'aevb-figure-9'));
  expect(() => readSections(root)).toThrow(
    `report: ${join(root, 'aevb-figure-9')} is of no experiment; train/experiments/registry.ts has aevb-figure-2, `,
  );
  const written = cell('a', {
    protocol: 'on [1,\n2]',
    curve: { columns: ['x'], rows: [[-1.5], [2e-7]] },
    perImage: { nll: [1, 2] },
  });
  writeCell(join(root, 'made-up', 'a.json'), written);
  expect([...readCells(root, 'made-up')]).toEqual([['a', written]]);
  expect(readFileSync(join(root, 'made-up', 'a.json'), 'utf8')).toContain('"nll": [1, 2]\n');
  expect(readdirSync(join(root, 'made-up'))).toEqual(['a.json']);
  rmSync(root, { recursive: true });
});
