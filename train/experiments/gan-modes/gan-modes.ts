// How many of a thousand modes adversarial networks find: short games on stacked digits, told by a classifier of digits.
import { sheet, toImage } from '../../../core/image/compose.ts';
import type { DataSet, Images } from '../../data/data-set.ts';
import { featureFolder } from '../../evaluate/fidelity/feature-folder.ts';
import { openFeatureSpace } from '../../evaluate/fidelity/feature-space.ts';
import { createImageSampler, imagesOf } from '../../evaluate/fidelity/samples.ts';
import type { GanRecipe } from '../../families/gan.ts';
import { resolveRecipe } from '../../recipes/resolve.ts';
import { initialWeights } from '../../run/train.ts';
import type { CellResult, Context, Program } from '../experiment.ts';
import { playGame, UNLABELLED } from '../game.ts';
import { modesOf, stackDigits, unstacked } from './stacked.ts';

const SEED = '1';
/** Validation images of the digits, which the classifier does not learn from. */
const HELD_OUT = 5000;
/** Images that modes are counted in. */
const JUDGED = 25_600;
const STEPS = 5000;
const [ROWS, COLUMNS] = [8, 16];

const COMMON: GanRecipe = {
  ...UNLABELLED,
  dataset: 'mnist',
  averageSteps: 500,
  epochs: 1,
};
const GAMES = {
  'non-saturating': { loss: 'non-saturating', criticNorm: 'none' },
  'hinge-spectral': { loss: 'hinge', criticNorm: 'spectral' },
} as const;

async function judge(images: Images, digits: DataSet, context: Context): Promise<CellResult['values']> {
  const { backend, threads, log } = context;
  const space = await openFeatureSpace(digits, featureFolder(), { backend, threads, log });
  const { found, divergence } = modesOf(await space.classes(unstacked(images)));
  log(`${found} modes, divergence ${divergence.toFixed(3)}`);
  return { modes: { value: found }, divergence: { value: divergence } };
}

const PROTOCOL = `modes: of 1000, those that one of ${JUDGED} images is taken for, channel by channel, by the classifier of the Fréchet distances of MNIST; divergence: of the shares of the modes from equal ones, KL(found ‖ equal) in nats`;

const result = (
  digits: DataSet,
  began: number,
  found: Pick<CellResult, 'values' | 'protocol' | 'settings' | 'samples' | 'picture'>,
): CellResult => ({
  ...found,
  unit: 'modes of 1000; nats',
  seed: SEED,
  data: {
    set: `Stacked ${digits.title}`,
    variant: 'grey',
    train: digits.train.count,
    test: digits.test.count,
  },
  wallSeconds: (performance.now() - began) / 1000,
});

async function realCell(context: Context): Promise<CellResult> {
  const began = performance.now();
  const digits = await context.load('mnist', HELD_OUT);
  const images = stackDigits(digits.test, JUDGED, `${SEED}/test`);
  return result(digits, began, {
    values: await judge(images, digits, context),
    protocol: `stacked test digits in the place of generated images. ${PROTOCOL}`,
    settings: {},
    samples: 1,
  });
}

const gameCell = (name: keyof typeof GAMES) => async (context: Context) => {
  const began = performance.now();
  const digits = await context.load('mnist', HELD_OUT);
  const recipe = resolveRecipe({ ...COMMON, ...GAMES[name] }, {});
  const { batchSize } = recipe;
  const train = stackDigits(digits.train, STEPS * batchSize, SEED);
  const dataset = { ...digits, train };
  const { backend, threads, log } = context;
  const start = { round: 0, step: 0, weights: initialWeights(recipe, dataset) };
  const { built, weights: trained } = await playGame(
    recipe,
    dataset,
    { steps: STEPS, rounds: 1 },
    start,
    { backend, threads },
    async ({ seconds }) => log(`trained in ${seconds.toFixed(0)} s`),
  );
  const weights = built.settle(trained);
  const sampler = await createImageSampler(built.model, weights, { backend, threads });
  const drawn = await sampler.draw(weights, SEED, JUDGED);
  await sampler.release();
  const { width, height } = train;
  const pictures = Array.from({ length: ROWS * COLUMNS }, (_, i) =>
    toImage(drawn.data.subarray(i * drawn.size, (i + 1) * drawn.size), width, height, 3),
  );
  return result(digits, began, {
    values: await judge(imagesOf(drawn, built.model), digits, context),
    protocol: `${STEPS} steps of ${batchSize} images, each new: three training digits drawn by the seed as red, green and blue; networks and rates of glyphs-cgan without labels, ${recipe.loss} loss, critic's norm ${recipe.criticNorm}; nothing was chosen by its outcome. ${PROTOCOL}`,
    settings: {
      loss: String(recipe.loss),
      criticNorm: String(recipe.criticNorm),
      steps: STEPS,
      batchSize,
      latent: Number(recipe.latent),
      channels: recipe.channels as number[],
      criticChannels: recipe.criticChannels as number[],
      averageSteps: Number(recipe.averageSteps),
    },
    samples: STEPS * batchSize,
    picture: sheet(pictures, COLUMNS),
  });
};

export const { samples, cells }: Program = {
  samples: 1,
  cells: {
    'real-test-digits': realCell,
    ...Object.fromEntries(
      (Object.keys(GAMES) as (keyof typeof GAMES)[]).map((name) => [name, gameCell(name)]),
    ),
  },
};
