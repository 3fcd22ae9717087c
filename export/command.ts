// What a card says of how its model is made again.
import { join } from 'node:path';
import { publicName } from '../train/data/folder/folder.ts';
import type { Recipe } from '../train/families/family.ts';
import { NOTHING } from '../train/families/settings.ts';
import { recipeNamed } from '../train/recipes/recipes.ts';
import { resolveRecipe, settingsOf } from '../train/recipes/resolve.ts';
import { epochOf } from '../train/run/done.ts';
import type { Report } from '../train/run/report.ts';
import { isRun, RUNS, type RunRecord, readRunRecord } from '../train/run/run-folder.ts';
import { BEST } from '../train/runner/checkpoint.ts';

type Asked = Pick<RunRecord, 'recipe' | 'settings'>;

/** As strangers may read them: own pictures by the name of their folder, not by its path. */
export const publicSettings = (settings: Recipe): Recipe => ({
  ...settings,
  dataset: publicName(settings.dataset),
});

/** The settings that are not the recipe's own are part of it. */
function trainingOf({ recipe, settings: own }: Asked, name?: string): string {
  const settings = publicSettings(own);
  const stated = recipeNamed(recipe);
  const changed = (epochs?: string) => {
    const defaults = resolveRecipe(stated, epochs ? { epochs } : {});
    // What another setting leaves without meaning is not there.
    return Object.keys(settingsOf(stated)).filter(
      (key) => settings[key] !== undefined && String(settings[key]) !== String(defaults[key]),
    );
  };
  // A recipe that is told to be longer scales what counts in epochs, so the length goes first.
  const length = changed().includes('epochs') ? [`--epochs=${settings.epochs}`] : [];
  const others = changed(String(settings.epochs)).map((key) => `--${key}=${settings[key]}`);
  const called = name === undefined ? [] : [`--name=${name}`];
  return ['npm run train --', recipe, ...called, ...length, ...others].join(' ');
}

/** The trainings that lead to a run, that of the run that it went on from before its own, under the name that it has here. */
function trainingsOf(run: Asked, name?: string): string[] {
  const { from } = run.settings;
  // A package is named with its version; names of runs have no @.
  if (from === NOTHING || from.includes('@')) return [trainingOf(run, name)];
  const folder = join(RUNS, from);
  if (!isRun(folder))
    throw new Error(
      `export: the run went on from ${folder}, which is gone: nobody could make this model again by its card`,
    );
  return [...trainingsOf(readRunRecord(folder), from), trainingOf(run, name)];
}

/** Epochs, each run up to its best, that the weights had seen before a run; nothing where these began with a package. */
export function epochsBefore({ settings: { from } }: Asked): number | undefined {
  if (from === NOTHING) return 0;
  if (from.includes('@')) return undefined;
  const folder = join(RUNS, from);
  const before = epochsBefore(readRunRecord(folder));
  return before === undefined ? undefined : before + epochOf(folder, BEST)!;
}

/**
 * What makes the model and its card again, from the first training on.
 * @throws Error when a run that it goes back to is not here any more.
 */
export function commandOf(run: Asked, { samples, images, weights }: Report, id: string): string {
  const evaluate = `npm run evaluate -- --samples=${samples} --images=${images} --weights=${weights}`;
  return [...trainingsOf(run), evaluate, `npm run export -- --id=${id} --weights=${weights}`].join(' && ');
}
