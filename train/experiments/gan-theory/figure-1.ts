// Figure 1 of Goodfellow et al. 2014, as it comes about: both densities, the critic, and the map from z to x.
import type { CellResult, Context } from '../experiment.ts';
import { BATCH_SIZE, MIXTURES, PLAYERS, play, QUANTILES } from './algorithm-1.ts';
import { density, midpoints } from './mixture.ts';

/** Kept small: frames × places numbers of each kind. */
const PLACES = 61;
const RANGE = [-4, 4] as const;
const MIXTURE = 'two-modes';
const LOSS = 'non-saturating';
/** With one the game goes on in circles. */
const CRITIC_STEPS = 5;
const SEED = '1';
/** Steps of the generator: denser at first, when most happens. */
const AT = Array.from({ length: 32 }, (_, i) => Math.round(3000 ** ((i + 1) / 32) + 4 * i));
/** Points nearer to a place than this share of the distance between places count for the density there. */
const REACH = 1;

const digits = (value: number): number => Number(value.toFixed(4));

export async function figure1Cell(context: Context): Promise<CellResult> {
  const began = performance.now();
  const mixture = MIXTURES[MIXTURE]!;
  const places = midpoints(RANGE, PLACES);
  const spacing = places[1]! - places[0]!;
  const rows: number[][] = [];
  let last = 0;
  await play(
    mixture,
    LOSS,
    CRITIC_STEPS,
    SEED,
    AT,
    async ({ step, points, divergence, critic }) => {
      const judged = await critic(Float32Array.from(places));
      last = divergence;
      places.forEach((x, i) => {
        const near = points.filter((point) => Math.abs(point - x) < REACH * spacing).length;
        const quantile = Math.floor(((i + 0.5) / PLACES) * QUANTILES);
        rows.push(
          [
            step,
            x,
            density(mixture, x),
            near / QUANTILES / (2 * REACH * spacing),
            judged[i]!,
            points[quantile]!,
          ].map(digits),
        );
      });
    },
    context,
  );
  return {
    values: { JSD: { value: last } },
    unit: 'nats',
    protocol:
      `${PLAYERS}, ${LOSS} loss, k = ${CRITIC_STEPS}, ${AT.at(-1)} steps of the generator; p_g by ${QUANTILES} quantiles of the prior, ` +
      `G(z) of the quantile at (i + ½) / ${PLACES} in row i of each frame`,
    settings: { mixture: MIXTURE, loss: LOSS, criticSteps: CRITIC_STEPS, steps: AT },
    seed: SEED,
    data: { set: `${mixture.length} Gaussians on a line`, variant: 'drawn', train: 0, test: 0 },
    samples: AT.at(-1)! * CRITIC_STEPS * BATCH_SIZE,
    wallSeconds: (performance.now() - began) / 1000,
    curve: { columns: ['step', 'x', 'p_data', 'p_g', 'D', 'G(z)'], rows },
  };
}
