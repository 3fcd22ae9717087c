// The pictures of many latents.
import { oneHot } from '../data/labels.ts';
import type { HostTensors } from '../model.ts';
import { compile } from '../runner/compile.ts';
import { group, prefix } from '../runner/names.ts';
import type { Options, Weighed } from './for-images.ts';

const BATCH = 250;

/** Calls `each` with the pixel means 0…1 of every one of `latents` [n · J]; a conditional model takes `labels` [n]. */
export async function decodeLatents(
  { model, params, state }: Weighed,
  latents: Float32Array,
  labels: Uint8Array | undefined,
  each: (index: number, means: Float32Array) => void,
  options: Options,
): Promise<void> {
  const { classes, latentDimensions: J } = model;
  const feeds = { ...prefix('params', params), ...prefix('state', state) };
  const feedsOf = (start: number): HostTensors => {
    const z = new Float32Array(BATCH * J);
    z.set(latents.subarray(start * J, (start + BATCH) * J));
    return {
      ...feeds,
      z: { shape: [BATCH, J], data: z },
      ...(classes
        ? { labels: { shape: [BATCH, classes], data: oneHot(labels!, start, BATCH, classes) } }
        : {}),
    };
  };
  const compiled = await compile(
    Object.fromEntries(Object.entries(feedsOf(0)).map(([name, { shape }]) => [name, shape])),
    (inputs) => ({
      mean: model.decode(group(inputs, 'params'), group(inputs, 'state'), inputs.z!, inputs.labels),
    }),
    options,
  );
  const count = latents.length / J;
  for (let start = 0; start < count; start += BATCH) {
    const { data } = (await compiled.run(feedsOf(start))).mean!;
    const size = data.length / BATCH;
    for (let i = 0; i < Math.min(BATCH, count - start); i++)
      each(start + i, data.subarray(i * size, (i + 1) * size));
  }
  await compiled.release();
}
