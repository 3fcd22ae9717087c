// One training as the command line asks for it: its data, its folder, its epochs, and what it says at its end.
import { rmSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { type DataSet, sliceImages } from '../data/data-set.ts';
import { requireDataFolders } from '../data/files.ts';
import { loadFor } from '../data/registry.ts';
import { build } from '../families/families.ts';
import type { Recipe } from '../families/family.ts';
import { chooseBackend } from '../runner/backends.ts';
import { LAST } from '../runner/checkpoint.ts';
import type { Chosen } from './choose-run.ts';
import { createDisplay } from './display.ts';
import { epochOf, isFinished } from './done.ts';
import { lockRun } from './lock.ts';
import { createRun } from './run-folder.ts';
import { finishedLines, reportRun, trainRun } from './session.ts';
import { factsOf } from './train.ts';

export type TrainOptions = {
  /** The one that was asked for; else that of the run, or the fastest that works. */
  backend?: string;
  threads?: number;
  data?: string;
  download: boolean;
  dryRun: boolean;
  shouldStop(): boolean;
};

/** Images of a dry run. */
const DRY_RUN_IMAGES = 200;

/** What `quick` becomes where MNIST is not to be had. */
const OFFLINE = 'glyphs-cgan';

/** The recipe with its data; `quick`, which asks for nothing, becomes `OFFLINE` where MNIST is not to be had. */
async function loadData(
  { recipe, settings, begun, resolve }: Chosen,
  options: { dir?: string; download: boolean },
): Promise<{ dataset: DataSet; recipe: string; settings: Recipe }> {
  try {
    return { dataset: await loadFor(settings, options), recipe, settings };
  } catch (error) {
    if (recipe !== 'quick' || settings.dataset !== 'mnist' || begun) throw error;
    const reason = error instanceof Error ? error.message : error;
    console.log(
      `MNIST is not to be had here (${reason}), so this run learns digits that dreamlet draws itself: ${OFFLINE}.`,
    );
    const instead = resolve(OFFLINE);
    return { dataset: await loadFor(instead, options), recipe: OFFLINE, settings: instead };
  }
}

/** Builds what would be trained, so that a setting that does not fit the data is refused before there is a folder. */
function requireTrainable(settings: Recipe, dataset: DataSet): void {
  const built = build(settings, factsOf(dataset));
  built.batches(dataset);
  if (settings.patience > 0 && built.select === 'last')
    throw new Error(
      `--patience=${settings.patience} needs a validation figure to wait for; this recipe keeps the last epoch`,
    );
}

/**
 * Trains what was chosen. A folder that it made, and that no epoch came into, goes again where training fails.
 * @returns false where it was stopped before its end.
 */
export async function trainOne(chosen: Chosen, options: TrainOptions): Promise<boolean> {
  const { folder, begun } = chosen;
  const { dryRun } = options;
  const finish = () => {
    for (const line of finishedLines(folder)) console.log(line);
    return true;
  };
  if (begun && isFinished(chosen)) {
    console.log(`${folder} is finished`);
    return finish();
  }
  let created = false;
  let unlock = () => {};
  try {
    requireDataFolders(options.data);
    const { backend, reason } = await chooseBackend(options.backend ?? chosen.backend);
    console.log(`backend ${backend} (${reason})`);
    const {
      dataset: whole,
      recipe,
      settings,
    } = await loadData(chosen, {
      ...(options.data ? { dir: options.data } : {}),
      download: options.download,
    });
    const dataset = dryRun ? { ...whole, train: sliceImages(whole.train, 0, DRY_RUN_IMAGES), whole } : whole;
    requireTrainable(settings, dataset);
    const { id, title, terms, labelNames, train, validation, test } = dataset;
    unlock = lockRun(folder);
    if (!begun) {
      const { width, height, channels, count } = train;
      createRun(folder, {
        recipe,
        settings,
        backend,
        image: { width, height, channels },
        dataset: { id, title, terms, images: count, ...(labelNames ? { labelNames } : {}) },
      });
      created = true;
    }
    const runner = { backend, ...(options.threads ? { threads: options.threads } : {}) };
    const images = `${train.count} + ${validation.count} + ${test.count}`;
    console.log(`${folder}: ${recipe} on ${title} (${images} images), seed ${settings.seed}`);
    const display = createDisplay(settings.epochs);
    const { shouldStop } = options;
    const { epoch } = await trainRun(folder, dataset, { ...runner, display, shouldStop });
    if (!isFinished({ folder, settings })) {
      const again = `npm run train -- --name=${basename(folder)} --resume`;
      console.log(`stopped after epoch ${epoch}; go on with: ${again}`);
      return false;
    }
    if (epoch < settings.epochs)
      console.log(`ended after epoch ${epoch}: the last ${settings.patience} were no better than one before`);
    if (!dryRun) return finish();
    await reportRun(folder, dataset, runner);
    console.log('dry run: everything works');
    return true;
  } catch (error) {
    // It would only stand in the way of the next try.
    if (created && epochOf(folder, LAST) === undefined) rmSync(folder, { recursive: true, force: true });
    throw error;
  } finally {
    unlock();
    if (dryRun) rmSync(dirname(folder), { recursive: true, force: true });
  }
}
