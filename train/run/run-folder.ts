// The folder of one training run: resolved recipe, metrics, checkpoints, sheets, report.
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { FAMILIES } from '../families/families.ts';
import type { Recipe } from '../families/family.ts';
import { readJson, writeAtomically, writeJson, writing } from '../io/files.ts';
import type { ImageShape } from '../model.ts';
import { withDefaults } from '../recipes/resolve.ts';
import { BACKENDS, type Backend } from '../runner/backends.ts';
import { LOCK } from './lock.ts';

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

const recipeOf = (folder: string): string => join(folder, 'recipe.json');

/** Whether a run has begun there: a folder alone is what a kill may leave of one, before its recipe is written. */
export const isRun = (folder: string): boolean => existsSync(recipeOf(folder));

/** Makes the folder of a new run, or begins in one that is only locked. @throws Error when there is one already, or anything else. */
export function createRun(folder: string, record: RunRecord): void {
  const files = existsSync(folder)
    ? readdirSync(folder).filter((name) => name !== LOCK && !name.endsWith('.tmp'))
    : [];
  if (files.length > 0)
    throw new Error(`${folder} exists; continue it with --resume, or choose another --name`);
  mkdirSync(folder, { recursive: true });
  writeJson(recipeOf(folder), record);
}

/** @throws Error naming the file, when the folder is not that of a run. */
export function readRunRecord(folder: string): RunRecord {
  const path = recipeOf(folder);
  if (!isRun(folder)) throw new Error(`${folder} is not a run: it has no recipe.json`);
  const record = readJson(path) as RunRecord;
  if (!record.settings || !BACKENDS.includes(record.backend))
    throw new Error(`${path}: not the record of a run`);
  if (!(record.settings.family in FAMILIES))
    throw new Error(
      `${path}: names no family of models, so it is of an earlier version; train it again with: npm run train -- ${record.recipe}`,
    );
  // Settings that were not there yet when the run began had what is their default now.
  return { ...record, settings: withDefaults(record.settings) };
}

/** A line of metrics.jsonl. */
export type EpochMetrics = {
  epoch: number;
  step: number;
  train: Record<string, number>;
  validation: Record<string, number>;
  schedule: Record<string, number>;
  seconds: number;
  imagesPerSecond: number;
};

const metricsOf = (folder: string): string => join(folder, 'metrics.jsonl');

/** Before the checkpoint of the epoch: a kill between the two loses no line, and `trimMetrics` takes what is ahead. */
export const appendMetrics = (folder: string, metrics: unknown): void =>
  writing(metricsOf(folder), () => appendFileSync(metricsOf(folder), `${JSON.stringify(metrics)}\n`));

/** Leaves the lines of the epochs up to `epoch`: what comes after them will be trained, and written, again. */
export function trimMetrics(folder: string, epoch: number): void {
  const path = metricsOf(folder);
  if (!existsSync(path)) return;
  const text = readFileSync(path, 'utf8');
  const kept = text.split('\n').filter((line) => {
    try {
      return (JSON.parse(line) as { epoch: number }).epoch <= epoch;
    } catch {
      return false;
    }
  });
  const whole = kept.map((line) => `${line}\n`).join('');
  if (whole !== text) writeAtomically(path, whole);
}

/** What `appendMetrics` has written, epoch by epoch; a line that is being written is left out. */
export function readMetrics(folder: string): EpochMetrics[] {
  if (!existsSync(metricsOf(folder))) return [];
  const lines = readFileSync(metricsOf(folder), 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line));
}

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
