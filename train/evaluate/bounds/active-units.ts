// How many latent dimensions a model uses.
import { oneHot } from '../../data/labels.ts';
import type { HostTensors, Inference, Tensors } from '../../model.ts';
import type { Backend } from '../../runner/backends.ts';
import { compile } from '../../runner/compile.ts';
import { group, prefix } from '../../runner/names.ts';

/** A unit is active when its posterior mean varies by more than this over images (Burda et al. 2016, Section 4.2). */
const ACTIVE_VARIANCE = 0.01;
const BATCH = 100;

/** Active units of `values` [n · pixels]: those with Cov_x(E_q(u|x)[u]) > 0.01. */
export async function activeUnits(
  vae: Inference,
  weights: { params: HostTensors; state: HostTensors },
  values: Float32Array,
  options: { backend: Backend; threads?: number; labels?: Uint8Array | undefined },
): Promise<number> {
  const { channels, height, width } = vae.image;
  const size = channels * height * width;
  const feeds = { ...prefix('params', weights.params), ...prefix('state', weights.state) };
  const x = [BATCH, channels, height, width];
  const encoder = await compile(
    {
      ...Object.fromEntries(Object.entries(feeds).map(([name, { shape }]) => [name, shape])),
      x,
      ...(vae.classes ? { labels: [BATCH, vae.classes] } : {}),
    },
    (inputs: Tensors) => ({
      mean: vae.encode(group(inputs, 'params'), group(inputs, 'state'), inputs.x!, inputs.labels).mean,
    }),
    options,
  );
  const J = vae.latentDimensions;
  const [sums, squares] = [new Float64Array(J), new Float64Array(J)];
  const count = values.length / size;
  for (let start = 0; start < count; start += BATCH) {
    // The last batch is filled up with zeros, whose means are dropped.
    const images = Math.min(BATCH, count - start);
    const data = new Float32Array(BATCH * size);
    data.set(values.subarray(start * size, (start + images) * size));
    const given: HostTensors = vae.classes
      ? { labels: { shape: [BATCH, vae.classes], data: oneHot(options.labels!, start, BATCH, vae.classes) } }
      : {};
    const { mean } = await encoder.run({ ...feeds, ...given, x: { shape: x, data } });
    mean!.data.subarray(0, images * J).forEach((value, i) => {
      sums[i % J]! += value;
      squares[i % J]! += value * value;
    });
  }
  await encoder.release();
  return squares.filter((square, j) => square / count - (sums[j]! / count) ** 2 > ACTIVE_VARIANCE).length;
}
