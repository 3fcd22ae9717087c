// Figure 2 of Auto-Encoding Variational Bayes: the bound against training samples, AEVB beside wake-sleep.
import type { CellResult, Context, Program } from '../experiment.ts';
import {
  describeCandidates,
  describeData,
  describeTraining,
  METHODS,
  type Method,
  outcomeOf,
  PANELS,
  type Panel,
  POINTS,
  SEED,
  trainPanel,
} from './panels.ts';

/** N_z of the panels. */
const LATENTS: Record<Panel, number[]> = { mnist: [3, 5, 10, 20, 200], frey: [2, 5, 10, 20] };

/**
 * Wake-sleep on digits: with weights scaled by fan-in it leads after 10⁵ samples and then stalls, where N(0, 0.01) goes on
 * for another 40 nats. So its starts are judged after 10⁶ as well.
 */
const finalOf = (panel: Panel, method: Method): number | undefined =>
  panel === 'mnist' && method === 'wake-sleep' ? 1_000_000 : undefined;

async function cell(
  panel: Panel,
  latentDimensions: number,
  method: Method,
  context: Context,
): Promise<CellResult> {
  const { hidden, likelihood } = PANELS[panel];
  const final = finalOf(panel, method);
  const run = await trainPanel(
    { panel, latentDimensions, method, ...(final === undefined ? {} : { final }) },
    context,
  );
  const { dataset, trainImages } = run;
  return {
    ...outcomeOf(run),
    unit: 'nats per image, lower bound on log p(x)',
    protocol:
      `${method}, ${describeTraining(hidden, likelihood, final)}; bound by estimator B with one posterior sample an image ` +
      `on the first ${trainImages} training images and all ${dataset.test.count} test images`,
    settings: {
      method,
      latent: latentDimensions,
      hidden,
      likelihood,
      ...describeCandidates(run),
      batchSize: 100,
    },
    seed: SEED,
    data: describeData(dataset, likelihood, run.trainCount),
  };
}

/** Training samples of a finished cell. */
export const samples = POINTS.at(-1)!;

export const cells: Program['cells'] = Object.fromEntries(
  (Object.keys(PANELS) as Panel[]).flatMap((panel) =>
    LATENTS[panel].flatMap((latents) =>
      METHODS.map((method) => [
        `${panel}-z${latents}-${method}`,
        (context: Context) => cell(panel, latents, method, context),
      ]),
    ),
  ),
);
