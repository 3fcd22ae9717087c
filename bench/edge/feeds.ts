// What a graph that draws is fed: a latent of the seed of the benchmarks for each image, and the first class where it takes one.
import { drawLatent } from '../../core/latents/draw.ts';
import { oneHotRow } from '../../core/sampling/label.ts';
import type { Feeds, Session } from '../../worker/engine/engine.ts';

/** A free dimension is `images`. */
export const feedsOf = ({ inputs }: Session, images: number): Feeds =>
  Object.fromEntries(
    inputs.map(({ name, shape: declared }) => {
      const shape = declared.map((size) => (typeof size === 'number' ? size : images));
      const size = shape.slice(1).reduce((n, d) => n * d, 1);
      const data = new Float32Array(images * size);
      for (let i = 0; i < images; i++) {
        const row =
          name === 'label'
            ? oneHotRow(0, size)
            : drawLatent({ prior: 'gaussian', dimensions: size }, 'bench', i);
        data.set(row, i * size);
      }
      return [name, { shape, data }];
    }),
  );
