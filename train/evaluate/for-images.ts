// A compiled function over a whole set of images, as people send them: grey levels in 0…1.
import type { Images } from '../data/data-set.ts';
import { oneHot } from '../data/labels.ts';
import type { HostTensors, Inference, Tensors } from '../model.ts';
import type { Backend } from '../runner/backends.ts';
import { compile } from '../runner/compile.ts';
import { group, prefix } from '../runner/names.ts';

export type Weighed = { model: Inference; params: HostTensors; state: HostTensors };
export type Options = { backend: Backend; threads?: number };

const BATCH = 250;

/**
 * Calls `each` with what `fn` gives for every image: its input `x` is [batch, channels, height, width], and `labels`,
 * of a conditional model, are those of the set, one-hot.
 */
export async function forImages(
  { model, params, state }: Omit<Weighed, 'model'> & { model: Pick<Inference, 'image' | 'classes'> },
  images: Images,
  fn: (params: Tensors, state: Tensors, inputs: Tensors) => Tensors,
  each: (index: number, outputs: Record<string, Float32Array>) => void,
  options: Options,
): Promise<void> {
  const { channels, height, width } = model.image;
  const size = channels * height * width;
  const { classes } = model;
  const { count } = images;
  const feeds = { ...prefix('params', params), ...prefix('state', state) };
  const feedsOf = (start: number): HostTensors => {
    const x = new Float32Array(BATCH * size);
    images.pixels.subarray(start * size, (start + BATCH) * size).forEach((value, i) => {
      x[i] = value / 255;
    });
    return {
      ...feeds,
      x: { shape: [BATCH, channels, height, width], data: x },
      ...(classes
        ? { labels: { shape: [BATCH, classes], data: oneHot(images.labels!, start, BATCH, classes) } }
        : {}),
    };
  };
  const shapes = Object.fromEntries(Object.entries(feedsOf(0)).map(([name, { shape }]) => [name, shape]));
  const compiled = await compile(
    shapes,
    (inputs) => fn(group(inputs, 'params'), group(inputs, 'state'), inputs),
    options,
  );
  for (let start = 0; start < count; start += BATCH) {
    const outputs = await compiled.run(feedsOf(start));
    for (let i = 0; i < Math.min(BATCH, count - start); i++)
      each(
        start + i,
        Object.fromEntries(
          Object.entries(outputs).map(([name, { shape, data }]) => {
            const length = data.length / shape[0]!;
            return [name, data.subarray(i * length, (i + 1) * length)];
          }),
        ),
      );
  }
  await compiled.release();
}
