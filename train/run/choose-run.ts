// Which folder and recipe a session of training works on: a new run, or one that --resume finds.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Recipe } from '../families/family.ts';
import { recipeNamed } from '../recipes/recipes.ts';
import { resolveRecipe, type Stated, settingsOf } from '../recipes/resolve.ts';
import type { Backend } from '../runner/backends.ts';
import { isRun, listRuns, RUNS, readRunRecord } from './run-folder.ts';

/** What --dry-run puts over a recipe, or what its family allows that comes nearest: one small step of everything. */
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

export type Chosen = {
  folder: string;
  recipe: string;
  settings: Recipe;
  begun: boolean;
  backend?: Backend;
  /** The same settings over another recipe. */
  resolve(recipe: string): Recipe;
};

export type ChooseOptions = { name?: string; resume: boolean; dryRun: boolean };

const smallest = (stated: Stated): Record<string, string> =>
  Object.fromEntries(
    Object.entries(DRY_RUN).flatMap(([name, value]) => {
      const rule = settingsOf(stated)[name];
      if (!rule) return [];
      return [[name, 'min' in rule ? String(Math.max(rule.min, Number(value))) : value]];
    }),
  );

/** The run that --resume means: the latest of the recipe with these settings, or the one with this name. */
function runToResume(
  recipeName: string,
  name: string | undefined,
  wanted: Recipe,
  given: string[],
): Omit<Chosen, 'resolve'> | undefined {
  const folders = name ? [join(RUNS, name)].filter(isRun) : listRuns(recipeName);
  for (const folder of folders) {
    const { settings, backend, recipe } = readRunRecord(folder);
    if (recipe !== recipeName) throw new Error(`${folder} is a run of ${recipe}, not of ${recipeName}`);
    const other = given.find((key) => String(settings[key]) !== String(wanted[key]));
    if (!other) return { folder, recipe, settings, backend, begun: true };
    if (name)
      throw new Error(`${folder} began with ${other}=${settings[other]}; a setting cannot change on the way`);
  }
  const which = [name ?? recipeName, ...given.map((key) => `${key}=${wanted[key]}`)].join(' ');
  console.log(`--resume: there is no run of ${which} under ${RUNS}/ yet, so one begins`);
  return undefined;
}

/** The recipe of a run that is named alone. @throws Error listing the runs, when there is none of this name. */
function recipeOfRun(name: string): string {
  const folder = join(RUNS, name);
  if (isRun(folder)) return readRunRecord(folder).recipe;
  const runs = listRuns().map((one) => basename(one));
  throw new Error(
    `there is no run '${name}' under ${RUNS}/ to resume; ${runs.length > 0 ? `the runs are ${runs.join(', ')}` : 'there are none yet'}; to begin one of that name, say its recipe too`,
  );
}

/**
 * What a run begins with: its folder and recipe, new or found by --resume. A run that is named knows its recipe;
 * without recipe and name it is `quick`. `options` are other words of a command line, which may have been meant by one
 * that is unknown.
 * @throws Error naming the recipe, the setting or the name that is not allowed.
 */
export function chooseRun(
  asked: string | undefined,
  { name, resume, dryRun }: ChooseOptions,
  overrides: Record<string, string>,
  options: readonly string[] = [],
): Chosen {
  if (name !== undefined && !/^[A-Za-z0-9][\w.-]*$/.test(name))
    throw new Error(
      `--name=${name} is not allowed; it names a folder under ${RUNS}/: letters, digits, . _ -`,
    );
  const recipe = asked ?? (resume && name ? recipeOfRun(name) : 'quick');
  const resolve = (of: string): Recipe => {
    const stated = recipeNamed(of);
    return resolveRecipe(stated, { ...(dryRun ? smallest(stated) : {}), ...overrides }, options);
  };
  const settings = resolve(recipe);
  if (dryRun)
    return {
      folder: join(mkdtempSync(join(tmpdir(), 'dreamlet-')), 'run'),
      recipe,
      settings,
      begun: false,
      resolve,
    };
  const old = resume ? runToResume(recipe, name, settings, Object.keys(overrides)) : undefined;
  if (old) return { ...old, resolve };
  const stamp = new Date().toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
  return { folder: join(RUNS, name ?? `${recipe}-${stamp}`), recipe, settings, begun: false, resolve };
}
