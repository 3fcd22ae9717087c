// Which folder and recipe a session of training works on: a new run, or one that --resume finds.
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Recipe } from '../families/family.ts';
import { recipeNamed } from '../recipes/recipes.ts';
import { resolveRecipe, type Stated, settingsOf } from '../recipes/resolve.ts';
import type { Backend } from '../runner/backends.ts';
import { LAST, readCheckpoint } from '../runner/checkpoint.ts';
import { isRun, listRuns, RUNS, readRunRecord } from './run-folder.ts';

/** What --dry-run puts over a recipe: one small step of everything. */
const DRY_RUN: Record<string, string> = {
  epochs: '1',
  klWarmupEpochs: '0',
  tightenEpochs: '0',
  batchSize: '20',
  validation: '100',
  selectSamples: '1',
  evaluateSamples: '2',
  evaluateImages: '100',
};

export type Chosen = { folder: string; settings: Recipe; begun: boolean; backend?: Backend };

/** The run that --resume means: the latest of the recipe with these settings, or the one with this name. */
function runToResume(recipeName: string, name: string | undefined, wanted: Recipe, given: string[]) {
  const folders = name ? [join(RUNS, name)].filter(isRun) : listRuns(recipeName);
  for (const folder of folders) {
    const { settings, backend, recipe } = readRunRecord(folder);
    if (recipe !== recipeName) throw new Error(`${folder} is a run of ${recipe}, not of ${recipeName}`);
    const other = given.find((key) => String(settings[key]) !== String(wanted[key]));
    if (!other) return { folder, settings, backend, begun: true };
    if (name)
      throw new Error(`${folder} began with ${other}=${settings[other]}; a setting cannot change on the way`);
  }
  const which = [name ?? recipeName, ...given.map((key) => `${key}=${wanted[key]}`)].join(' ');
  console.log(`--resume: there is no run of ${which} under ${RUNS}/ yet, so one begins`);
  return undefined;
}

/**
 * What a run begins with: its folder and recipe, new or found by --resume.
 * @throws Error naming the recipe, the setting or the name that is not allowed.
 */
export function chooseRun(
  recipeName: string,
  options: { name?: string; resume: boolean; dryRun: boolean },
  overrides: Record<string, string>,
): Chosen {
  const { name, resume, dryRun } = options;
  if (name && !/^[A-Za-z0-9][\w.-]*$/.test(name))
    throw new Error(
      `--name=${name} is not allowed; it names a folder under ${RUNS}/: letters, digits, . _ -`,
    );
  const stated: Stated = recipeNamed(recipeName);
  const small = Object.entries(DRY_RUN).filter(([setting]) => setting in settingsOf(stated));
  const settings = resolveRecipe(stated, { ...(dryRun ? Object.fromEntries(small) : {}), ...overrides });
  if (dryRun)
    return { folder: join(mkdtempSync(join(tmpdir(), 'dreamlet-')), 'run'), settings, begun: false };
  const old = resume ? runToResume(recipeName, name, settings, Object.keys(overrides)) : undefined;
  if (old) return old;
  const stamp = new Date().toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
  return { folder: join(RUNS, name ?? `${recipeName}-${stamp}`), settings, begun: false };
}

/** Whether there is nothing left to train. */
export function isFinished({ folder, settings }: Chosen): boolean {
  const last = join(folder, LAST);
  return existsSync(last) && readCheckpoint(last).progress.epoch >= settings.epochs;
}
