// A compiled function over a whole set of images, as people send them: grey levels in 0…1.
import type { Images } from '../data/data-set.ts';
import { imageRows, labelRows } from '../data/sources.ts';
import type { Inference, Tensors, Weights } from '../model.ts';
import { overRows, type RunOptions } from '../runner/rows.ts';

export type Weighed = Weights & { model: Inference };
export type Options = RunOptions;

/**
 * Calls `each` with what `fn` gives for every image: its input `x` is [batch, channels, height, width], and `labels`,
 * of a conditional model, are those of the set, one-hot.
 */
export const forImages = (
  { model, params, state }: Weights & { model: Pick<Inference, 'classes'> },
  images: Images,
  fn: (params: Tensors, state: Tensors, inputs: Tensors) => Tensors,
  each: (index: number, outputs: Record<string, Float32Array>) => void,
  options: Options,
): Promise<void> =>
  overRows(
    { params, state },
    {
      x: imageRows(images),
      ...(model.classes ? { labels: labelRows(images.labels!, model.classes) } : {}),
    },
    images.count,
    fn,
    each,
    options,
  );
