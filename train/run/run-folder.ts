// The folder of one training run: resolved recipe, metrics, checkpoints, sheets, report.
import { appendFileSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { FAMILIES } from '../families/families.ts';
import type { Recipe } from '../families/family.ts';
import { readJson, writeJson } from '../io/files.ts';
import type { ImageShape } from '../model.ts';
import { BACKENDS, type Backend } from '../runner/backends.ts';

export const RUNS = 'runs';

/** recipe.json: what the run was asked to do. `backend` is the one it began on. */
export type RunRecord = {
  recipe: string;
  settings: Recipe;
  backend: Backend;
  image: ImageShape;
  /** `images`: those that are trained on. */
  dataset: { id: string; title: string; terms: string; images: number; labelNames?: string[] };
};

/** Makes the folder of a new run. @throws Error when it is there already. */
export function createRun(folder: string, record: RunRecord): void {
  if (existsSync(folder))
    throw new Error(`${folder} exists; continue it with --resume, or choose another --name`);
  mkdirSync(folder, { recursive: true });
  writeJson(join(folder, 'recipe.json'), record);
}

/** @throws Error naming the file, when the folder is not that of a run. */
export function readRunRecord(folder: string): RunRecord {
  const path = join(folder, 'recipe.json');
  if (!existsSync(path)) throw new Error(`${folder} is not a run: it has no recipe.json`);
  const record = readJson(path) as RunRecord;
  if (!record.settings || !BACKENDS.includes(record.backend))
    throw new Error(`${path}: not the record of a run`);
  if (!(record.settings.family in FAMILIES))
    throw new Error(
      `${path}: names no family of models, so it is of an earlier version; train it again with: npm run train -- ${record.recipe}`,
    );
  return record;
}

export const appendMetrics = (folder: string, metrics: unknown): void =>
  appendFileSync(join(folder, 'metrics.jsonl'), `${JSON.stringify(metrics)}\n`);

/** Folders of runs, newest first; of one recipe if it is named. */
export function listRuns(recipe?: string, root = RUNS): string[] {
  if (!existsSync(root)) return [];
  const folders = readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(root, entry.name, 'recipe.json')))
    .map((entry) => join(root, entry.name))
    .filter((folder) => !recipe || readRunRecord(folder).recipe === recipe);
  const age = (folder: string) => statSync(join(folder, 'recipe.json')).mtimeMs;
  return folders.sort((a, b) => age(b) - age(a));
}
