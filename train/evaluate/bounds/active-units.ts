// How many latent dimensions a model uses.
import { labelRows } from '../../data/sources.ts';
import type { Inference, Weights } from '../../model.ts';
import { overRows, type RunOptions, rowsOf } from '../../runner/rows.ts';

/** A unit is active when its posterior mean varies by more than this over images (Burda et al. 2016, Section 4.2). */
const ACTIVE_VARIANCE = 0.01;

/** Active units of `values` [n · pixels]: those with Cov_x(E_q(u|x)[u]) > 0.01. */
export async function activeUnits(
  vae: Inference,
  weights: Weights,
  values: Float32Array,
  options: RunOptions & { labels?: Uint8Array | undefined },
): Promise<number> {
  const { channels, height, width } = vae.image;
  const count = values.length / (channels * height * width);
  const J = vae.latentDimensions;
  const [sums, squares] = [new Float64Array(J), new Float64Array(J)];
  const { labels, ...run } = options;
  await overRows(
    weights,
    {
      x: rowsOf(values, [channels, height, width]),
      ...(vae.classes ? { labels: labelRows(labels!, vae.classes) } : {}),
    },
    count,
    (params, state, inputs) => ({ mean: vae.encode(params, state, inputs.x!, inputs.labels).mean }),
    (_, { mean }) =>
      mean!.forEach((value, j) => {
        sums[j]! += value;
        squares[j]! += value * value;
      }),
    run,
  );
  return squares.filter((square, j) => square / count - (sums[j]! / count) ** 2 > ACTIVE_VARIANCE).length;
}
