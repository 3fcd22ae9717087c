// Pictures of a run: samples, reconstructions under their originals, paths between latents.
import { join } from 'node:path';
import { sheet, toImage } from '../../core/image/compose.ts';
import { encodePng, type Image } from '../../core/image/png.ts';
import { drawLatent } from '../../core/latents/draw.ts';
import { slerp } from '../../core/latents/paths.ts';
import type { Images } from '../data/data-set.ts';
import { oneHot } from '../data/labels.ts';
import type { HostTensors, Tensors, Vae } from '../model.ts';
import type { Backend } from '../runner/backends.ts';
import { compile, type Shapes } from '../runner/compile.ts';
import { group, prefix } from '../runner/names.ts';
import { writeAtomically } from './files.ts';

/** Images of one sheet: 8 rows of 8 samples, 4 rows of 16 reconstructions, 8 paths of 8 steps. */
const COUNT = 64;

export type SheetWriter = {
  /** samples/epoch-NNN.png and reconstructions/epoch-NNN.png. */
  epoch(epoch: number, weights: { params: HostTensors; state: HostTensors }): Promise<void>;
  /** interpolation.png */
  interpolation(weights: { params: HostTensors; state: HostTensors }): Promise<void>;
  release(): Promise<void>;
};

/** Latents and originals are the same at every epoch, so that sheets can be compared. */
export async function createSheetWriter(
  folder: string,
  vae: Vae,
  shapes: { params: HostTensors; state: HostTensors },
  originals: Images,
  options: { backend: Backend; threads?: number },
): Promise<SheetWriter> {
  const { width, height, channels } = vae.image;
  const size = width * height * channels;
  const J = vae.latentDimensions;
  const latent = { prior: 'gaussian', dimensions: J } as const;
  const specs = Object.fromEntries(
    Object.entries({ ...prefix('params', shapes.params), ...prefix('state', shapes.state) }).map(
      ([name, t]) => [name, t.shape],
    ),
  );
  const xShape = [COUNT, channels, height, width];
  const { classes } = vae;
  const labelShape: Shapes = classes ? { labels: [COUNT, classes] } : {};
  const given = (labels: Uint8Array): HostTensors =>
    classes ? { labels: { shape: [COUNT, classes], data: oneHot(labels, 0, COUNT, classes) } } : {};
  // A row of a sheet shows one class.
  const byRow = given(Uint8Array.from({ length: COUNT }, (_, i) => Math.floor(i / 8) % (classes ?? 1)));
  const call = (fn: (params: Tensors, state: Tensors, inputs: Tensors) => Tensors) => (inputs: Tensors) =>
    fn(group(inputs, 'params'), group(inputs, 'state'), inputs);
  const decoder = await compile(
    { ...specs, ...labelShape, z: [COUNT, J] },
    call((params, state, { z, labels }) => ({ mean: vae.decode(params, state, z!, labels) })),
    options,
  );
  const reconstructor = await compile(
    { ...specs, ...labelShape, x: xShape },
    call((params, state, { x, labels }) => ({
      mean: vae.decode(params, state, vae.encode(params, state, x!, labels).mean, labels),
    })),
    options,
  );
  const count = Math.min(COUNT, originals.count);
  const x = { shape: xShape, data: new Float32Array(COUNT * size) };
  for (let i = 0; i < count * size; i++) x.data[i] = originals.pixels[i]! / 255;

  const images = (data: Float32Array): Image[] =>
    Array.from({ length: COUNT }, (_, i) =>
      toImage(data.subarray(i * size, (i + 1) * size), width, height, channels),
    );
  const decode = async (weights: { params: HostTensors; state: HostTensors }, latents: Float32Array[]) => {
    const z = { shape: [COUNT, J], data: new Float32Array(COUNT * J) };
    latents.forEach((latent, i) => {
      z.data.set(latent, i * J);
    });
    const { mean } = await decoder.run({
      ...prefix('params', weights.params),
      ...prefix('state', weights.state),
      ...byRow,
      z,
    });
    return images(mean!.data);
  };
  const write = (name: string, list: Image[], columns: number) =>
    writeAtomically(join(folder, name), encodePng(sheet(list, columns)));

  return {
    async epoch(epoch, weights) {
      const name = `epoch-${String(epoch).padStart(3, '0')}.png`;
      const samples = Array.from({ length: COUNT }, (_, i) => drawLatent(latent, 'samples', i));
      write(`samples/${name}`, await decode(weights, samples), 8);
      const feeds = { ...prefix('params', weights.params), ...prefix('state', weights.state), x };
      const { mean } = await reconstructor.run({ ...feeds, ...given(originals.labels ?? new Uint8Array(0)) });
      const [above, below] = [images(x.data), images(mean!.data)];
      const rows = [0, 16].flatMap((start) => [
        ...above.slice(start, start + 16),
        ...below.slice(start, start + 16),
      ]);
      write(`reconstructions/${name}`, rows, 16);
    },
    async interpolation(weights) {
      const paths = Array.from({ length: COUNT }, (_, i) => {
        const row = Math.floor(i / 8);
        return slerp(
          drawLatent(latent, 'paths', 2 * row),
          drawLatent(latent, 'paths', 2 * row + 1),
          (i % 8) / 7,
        );
      });
      write('interpolation.png', await decode(weights, paths), 8);
    },
    async release() {
      await decoder.release();
      await reconstructor.release();
    },
  };
}
