// How many digits are told from how few labels: mnist-m2-warped by the number of its labels.
import { classify } from '../../evaluate/classification-measure.ts';
import { build } from '../../families/families.ts';
import type { Weights } from '../../model.ts';
import { mnistM2Warped } from '../../recipes/mnist-m2-warped.ts';
import { resolveRecipe } from '../../recipes/resolve.ts';
import { factsOf, initialWeights, trainRecipe } from '../../run/train.ts';
import { NO_PROGRESS } from '../../runner/checkpoint.ts';
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
  let trained: Weights | undefined;
  const curve: number[][] = [];
  await trainRecipe(
    recipe,
    dataset,
    { progress: NO_PROGRESS, weights: initialWeights(recipe, dataset) },
    { backend, threads },
    {
      async onEpoch({ epoch, validation }, _, weights) {
        const accuracy = 100 * validation.accuracy!;
        curve.push([epoch * UNLABELLED, accuracy]);
        log(`epoch ${epoch}: ${accuracy.toFixed(2)} % of validation images`);
        trained = weights;
      },
    },
  );
  const { model } = build(recipe, factsOf(dataset));
  const { right, of, calibrationError } = await classify(model, trained!, dataset.test, { backend, threads });
  return {
    values: {
      accuracy: { count: right, of },
      'calibration-error': { value: 100 * calibrationError },
    },
    unit: 'accuracy: share of test images; calibration-error: % between confidence and accuracy',
    protocol: `the recipe mnist-m2-warped with ${labels} labels, as many of each class, ${recipe.epochs} epochs of ${dataset.train.count} images without label, the last weights; argmax of q(y|x) on grey test images, which chose nothing; settings of the recipe were chosen by the labels of ${dataset.validation.count} validation images with 100 labels of seeds 1 and 2`,
    settings: { labels, epochs: recipe.epochs, labelledBatch: Math.min(labels, LABELLED_BATCH) },
    seed,
    data: { set: dataset.title, variant: 'grey', train: dataset.train.count, test: dataset.test.count },
    samples,
    wallSeconds: (performance.now() - began) / 1000,
    curve: { columns: ['samples', 'validation'], rows: curve },
  };
}

/** Images without label of one run. */
export const samples = mnistM2Warped.epochs * UNLABELLED;

export const cells: Program['cells'] = Object.fromEntries(
  SEEDS.flatMap((seed) =>
    LABELS.map((labels) => [nameOf(labels, seed), (context: Context) => cell(labels, seed, context)]),
  ),
);
