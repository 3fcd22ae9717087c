// Appendix A of Auto-Encoding Variational Bayes: manifolds of two-dimensional models, and samples of MNIST models.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { sheet } from '../../../core/image/compose.ts';
import { normalQuantile } from '../../../core/sampling/normal.ts';
import { createStream } from '../../../core/sampling/stream.ts';
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

/** A grid on the unit square, evenly spaced, through the inverse distribution function of the prior. */
function manifoldLatents(): Float32Array {
  const at = (i: number) => normalQuantile((i + 0.5) / SIDE);
  return Float32Array.from({ length: 2 * SIDE * SIDE }, (_, i) =>
    i % 2 === 0 ? at((i / 2) % SIDE) : at(Math.floor(i / 2 / SIDE)),
  );
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
  const [reached, , , test, testError] = run.rows.at(-1) as [number, number, number, number, number];
  return {
    values: { test: { value: test, standardError: testError } },
    unit: 'nats per image, lower bound on log p(x)',
    protocol:
      `means of p(x|z), the model of Figure 2: aevb, ${describeTraining(hidden, likelihood)}; ` +
      (latents.length === 2 * SIDE * SIDE
        ? `z on a grid of ${SIDE} × ${SIDE} points, evenly spaced on the unit square and mapped through the inverse ` +
          'normal distribution function'
        : `z drawn from N(0, I)`),
    settings: { latent: latentDimensions, hidden, likelihood, ...describeCandidates(run) },
    seed: SEED,
    data: describeData(dataset, likelihood, run.trainCount),
    samples: reached,
    wallSeconds: run.seconds,
    picture: sheet(images, columns),
  };
}

function randomLatents(latentDimensions: number): Float32Array {
  const data = new Float32Array(SHEET_SIDE * SHEET_SIDE * latentDimensions);
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
