// A picture of what edits do to faces of nobody: each row a seed, first as it is, then moved by each of the steps.
import { sheet, toImage } from '../../../core/image/compose.ts';
import type { Image } from '../../../core/image/png.ts';
import { drawLatent } from '../../../core/latents/draw.ts';
import type { Options } from '../../evaluate/for-images.ts';
import type { Inference } from '../../model.ts';
import { compile } from '../../runner/compile.ts';

const SEEDS = 8;
/** Plainer faces than at 1 are drawn better. */
const TEMPERATURE = 0.7;

export async function editSheet(
  vae: Inference,
  steps: readonly (readonly number[])[],
  options: Options,
): Promise<Image> {
  const J = vae.latentDimensions;
  const { width, height, channels } = vae.image;
  const columns = steps.length + 1;
  const z = { shape: [SEEDS * columns, J], data: new Float32Array(SEEDS * columns * J) };
  for (let row = 0; row < SEEDS; row++) {
    const from = drawLatent({ prior: 'gaussian', dimensions: J }, 'faces', row, TEMPERATURE);
    [undefined, ...steps].forEach((step, column) => {
      z.data.set(
        from.map((value, j) => value + (step?.[j] ?? 0)),
        (row * columns + column) * J,
      );
    });
  }
  const decoder = await compile(
    { z: z.shape },
    (inputs) => ({ mean: vae.decode({}, {}, inputs.z!) }),
    options,
  );
  const { mean } = await decoder.run({ z });
  await decoder.release();
  const size = width * height * channels;
  const images = Array.from({ length: SEEDS * columns }, (_, i) =>
    toImage(mean!.data.subarray(i * size, (i + 1) * size), width, height, channels),
  );
  return sheet(images, columns);
}
