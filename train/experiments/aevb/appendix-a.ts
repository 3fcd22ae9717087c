// Appendix A of Auto-Encoding Variational Bayes: manifolds of two-dimensional models, and samples of MNIST models.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { sheet } from '../../../core/image/compose.ts';
import type { Image } from '../../../core/image/image.ts';
import { normalQuantile } from '../../../core/sampling/normal.ts';
import { createStream } from '../../../core/sampling/stream.ts';
import type { Share } from '../../../figures/share.ts';
import type { Images } from '../../data/data-set.ts';
import { picturesOf } from '../../evaluate/decode-latents.ts';
import { RUNS } from '../../run/run-folder.ts';
import type { CellResult, Context, Program } from '../experiment.ts';
import { checkpointOf } from './curve.ts';
import { cells as figure2 } from './figure-2.ts';
import {
  describeCandidates,
  describeData,
  describeTraining,
  PANELS,
  type Panel,
  SEED,
  trainPanel,
} from './panels.ts';

/** Points a side of a manifold, and samples a side of a sheet. */
const SIDE = 20;
const SHEET_SIDE = 10;
/** Samples that are counted; the sheet shows the first of them. */
const COUNTED = 1000;

/** A grid on the unit square, evenly spaced, through the inverse distribution function of the prior. */
function manifoldLatents(): Float32Array {
  const at = (i: number) => normalQuantile((i + 0.5) / SIDE);
  return Float32Array.from({ length: 2 * SIDE * SIDE }, (_, i) =>
    i % 2 === 0 ? at((i / 2) % SIDE) : at(Math.floor(i / 2 / SIDE)),
  );
}

const meanGrey = (pixels: Uint8Array): number =>
  pixels.reduce((sum, value) => sum + value, 0) / pixels.length;

/**
 * Samples that are lighter as a whole than every test image. Codes may leave a region of the prior empty at small cost,
 * −log of the share that is left, and nothing says what the decoder makes of such a place.
 */
export function lighterThanAny(samples: readonly Image[], { count, pixels }: Images): Share {
  const size = pixels.length / count;
  const lightest = Array.from({ length: count }, (_, i) =>
    meanGrey(pixels.subarray(i * size, (i + 1) * size)),
  ).reduce((a, b) => Math.max(a, b));
  return { count: samples.filter((sample) => meanGrey(sample.pixels) > lightest).length, of: samples.length };
}

/** The AEVB model of Figure 2 as its checkpoint stands, trained where there is none, and the means of p(x|z) it gives. */
async function cell(
  panel: Panel,
  latentDimensions: number,
  latents: Float32Array,
  columns: number,
  context: Context,
): Promise<CellResult> {
  const name = `${panel}-z${latentDimensions}-aevb`;
  const folder = join(RUNS, 'aevb-figure-2', name);
  const limit = name in figure2 && existsSync(checkpointOf(folder)) ? 0 : context.limit;
  const run = await trainPanel({ panel, latentDimensions, method: 'aevb' }, { ...context, folder, limit });
  const { vae, weights, dataset } = run;
  const images = await picturesOf({ model: vae, ...weights }, latents, undefined, context);
  const { hidden, likelihood } = PANELS[panel];
  const isGrid = latents.length === 2 * SIDE * SIDE;
  const [reached, , , test, testError] = run.rows.at(-1) as [number, number, number, number, number];
  return {
    values: {
      test: { value: test, standardError: testError },
      ...(isGrid ? {} : { lighter: lighterThanAny(images, dataset.test) }),
    },
    unit: 'nats per image, lower bound on log p(x)',
    protocol:
      `means of p(x|z), the model of Figure 2: aevb, ${describeTraining(hidden, likelihood)}; ` +
      (isGrid
        ? `z on a grid of ${SIDE} × ${SIDE} points, evenly spaced on the unit square and mapped through the inverse ` +
          'normal distribution function'
        : `z drawn from N(0, I), ${COUNTED} times, of which the first ${SHEET_SIDE ** 2} are shown`),
    settings: { latent: latentDimensions, hidden, likelihood, ...describeCandidates(run) },
    seed: SEED,
    data: describeData(dataset, likelihood, run.trainCount),
    samples: reached,
    wallSeconds: run.seconds,
    picture: sheet(images.slice(0, isGrid ? SIDE ** 2 : SHEET_SIDE ** 2), columns),
  };
}

function randomLatents(latentDimensions: number): Float32Array {
  const data = new Float32Array(COUNTED * latentDimensions);
  createStream(SEED, 'samples', latentDimensions).fillNormal(data);
  return data;
}

/** No cell is finished: the model that it shows may have been trained further since. */
export const samples = Number.POSITIVE_INFINITY;

export const cells: Program['cells'] = {
  'manifold-mnist': (context) => cell('mnist', 2, manifoldLatents(), SIDE, context),
  'manifold-frey': (context) => cell('frey', 2, manifoldLatents(), SIDE, context),
  ...Object.fromEntries(
    [2, 5, 10, 20].map((latents) => [
      `samples-mnist-z${latents}`,
      (context: Context) => cell('mnist', latents, randomLatents(latents), SHEET_SIDE, context),
    ]),
  ),
};
