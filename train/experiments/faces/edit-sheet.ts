// A picture of what edits do to faces of nobody: each row a seed, first as it is, then moved by each of the steps.
import { sheet } from '../../../core/image/compose.ts';
import type { Image } from '../../../core/image/image.ts';
import { drawLatent } from '../../../core/latents/draw.ts';
import { picturesOf } from '../../evaluate/decode-latents.ts';
import type { Options } from '../../evaluate/for-images.ts';
import type { Inference } from '../../model.ts';

const SEEDS = 8;
/** Plainer faces than at 1 are drawn better. */
const TEMPERATURE = 0.7;

export async function editSheet(
  vae: Inference,
  steps: readonly (readonly number[])[],
  options: Options,
): Promise<Image> {
  const J = vae.latentDimensions;
  const columns = steps.length + 1;
  const z = new Float32Array(SEEDS * columns * J);
  for (let row = 0; row < SEEDS; row++) {
    const from = drawLatent({ prior: 'gaussian', dimensions: J }, 'faces', row, TEMPERATURE);
    [undefined, ...steps].forEach((step, column) => {
      z.set(
        from.map((value, j) => value + (step?.[j] ?? 0)),
        (row * columns + column) * J,
      );
    });
  }
  return sheet(await picturesOf({ model: vae, params: {}, state: {} }, z, undefined, options), columns);
}
