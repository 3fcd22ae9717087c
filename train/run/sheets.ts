// Pictures of a run, of everything that its model can draw: samples, paths between latents, reconstructions and
// completions under their originals.
import { join } from 'node:path';
import { sheet, toImage } from '../../core/image/compose.ts';
import type { Image } from '../../core/image/image.ts';
import { encodePng } from '../../core/image/png.ts';
import { encodingOf } from '../../core/latents/encoding.ts';
import { interpolateLatents } from '../../core/latents/interpolate.ts';
import { createStream } from '../../core/sampling/stream.ts';
import { latentSize } from '../../models/latent.ts';
import { type Images, sliceImages } from '../data/data-set.ts';
import { imageRows, labelRows } from '../data/sources.ts';
import { compileGraph, runGraph } from '../evaluate/graph.ts';
import { createLatentSampler, requireLatent } from '../evaluate/sampler.ts';
import { writeAtomically } from '../io/files.ts';
import type { GraphSpec, Model, Weights } from '../model.ts';
import { type RowSource, type RunOptions, rowsOf } from '../runner/rows.ts';

/** Images of one sheet: 8 rows of 8 samples, 4 rows of 16 pairs, 8 paths of 8 steps. */
const COUNT = 64;
const PAIRS = 32;

export type SheetWriter = {
  /** samples/, reconstructions/ and completions/epoch-NNN.png, as far as the model makes such. */
  epoch(epoch: number, weights: Weights): Promise<void>;
  /** interpolation.png, of a model with latents. */
  interpolation(weights: Weights): Promise<void>;
  release(): Promise<void>;
};

/** One kind of sheet: its folder, and the images of one, in rows of `columns`. */
type Kind = {
  folder: string;
  columns: number;
  draw(weights: Weights): Promise<Image[]>;
  release(): Promise<void>;
};

/** Compiles a graph for COUNT rows, to be called with sources that it takes what it needs of. */
async function createDrawer(graph: GraphSpec, like: Weights, options: RunOptions) {
  const rows = await compileGraph(graph, like, { ...options, batch: COUNT });
  return {
    run: (weights: Weights, sources: Record<string, RowSource>, count: number) =>
      runGraph(graph, rows, weights, sources, count),
    release: rows.release,
  };
}

/** Originals in rows of 16, each row above what was made of it. */
const inPairs = (above: Image[], below: Image[]): Image[] =>
  [0, 16].flatMap((start) => [...above.slice(start, start + 16), ...below.slice(start, start + 16)]);

/** Latents, labels and originals are the same at every epoch, so that sheets can be compared. */
export async function createSheetWriter(
  folder: string,
  model: Model,
  like: Weights,
  originals: Images,
  options: RunOptions,
): Promise<SheetWriter> {
  const { width, height, channels } = model.image;
  const size = width * height * channels;
  const { decoder, encoder, completer } = model.graphs;
  const imagesOf = (values: Float32Array): Image[] =>
    Array.from({ length: values.length / size }, (_, i) =>
      toImage(values.subarray(i * size, (i + 1) * size), width, height, channels),
    );
  const { classes = 1 } = model;
  // A row of a sheet shows one class.
  const byRow = labelRows(
    Uint8Array.from({ length: COUNT }, (_, i) => Math.floor(i / 8) % classes),
    classes,
  );
  const shown = sliceImages(originals, 0, Math.min(PAIRS, originals.count));
  const values = new Float32Array(shown.count * size);
  imageRows(shown).fill(0, values);
  const ownLabels = labelRows(shown.labels ?? new Uint8Array(shown.count), classes);
  const kinds: Kind[] = [];
  let interpolation: Kind | undefined;

  if (decoder && model.latent) {
    const spec = requireLatent(model);
    const sampler = await createLatentSampler(model, like, options);
    const drawer = await createDrawer(decoder, like, options);
    const decode = async (weights: Weights, z: Float32Array, label: RowSource, count: number) =>
      imagesOf((await drawer.run(weights, { z: rowsOf(z, [latentSize(spec)]), label }, count)).mean!.data);
    kinds.push({
      folder: 'samples',
      columns: 8,
      draw: async (weights) => decode(weights, await sampler.draw(weights, 'samples', COUNT), byRow, COUNT),
      async release() {
        await sampler.release();
        await drawer.release();
      },
    });
    interpolation = {
      folder: '',
      columns: 8,
      async draw(weights) {
        const ends = await sampler.draw(weights, 'paths', 16);
        const n = latentSize(spec);
        const z = new Float32Array(COUNT * n);
        for (let i = 0; i < COUNT; i++) {
          const row = Math.floor(i / 8);
          const end = (k: number) => ends.slice((2 * row + k) * n, (2 * row + k + 1) * n);
          z.set(interpolateLatents(spec, end(0), end(1), (i % 8) / 7, { seed: `paths ${row}` }), i * n);
        }
        return decode(weights, z, byRow, COUNT);
      },
      release: async () => {},
    };
    if (encoder) {
      const encoding = await createDrawer(encoder, like, options);
      kinds.push({
        folder: 'reconstructions',
        columns: 16,
        async draw(weights) {
          // Noise of the way through the groups is left out: zeros follow the means.
          const zeros: RowSource = { shape: [latentSize(spec)], fill: () => {} };
          const sources = { x: imageRows(shown), label: ownLabels, epsilon: zeros };
          const encoded = await encoding.run(weights, sources, shown.count);
          const z = new Float32Array(shown.count * latentSize(spec));
          for (let i = 0; i < shown.count; i++) {
            const outputs = Object.entries(encoded).map(([name, { shape, data }]) => {
              const length = data.length / shown.count;
              return [name, { shape, data: data.subarray(i * length, (i + 1) * length) }];
            });
            z.set(encodingOf(spec, Object.fromEntries(outputs)).latent, i * latentSize(spec));
          }
          return inPairs(imagesOf(values), await decode(weights, z, ownLabels, shown.count));
        },
        release: encoding.release,
      });
    }
  }
  if (completer) {
    const drawer = await createDrawer(completer, like, options);
    const noise: RowSource = {
      shape: completer.inputs.noise!.shape,
      fill: (start, out) => createStream('completions', start).fillUniform(out),
    };
    const upper: RowSource = {
      shape: [channels, height, width],
      fill(start, out) {
        imageRows(shown).fill(start, out);
        for (let i = 0; i < out.length; i++) if (Math.floor(i / width) % height >= height / 2) out[i] = 0;
      },
    };
    kinds.push({
      folder: 'completions',
      columns: 16,
      async draw(weights) {
        const { mean } = await drawer.run(weights, { x: upper, noise }, shown.count);
        return inPairs(imagesOf(values), imagesOf(mean!.data));
      },
      release: drawer.release,
    });
  }

  const write = (name: string, images: Image[], columns: number) =>
    writeAtomically(join(folder, name), encodePng(sheet(images, columns)));
  return {
    async epoch(epoch, weights) {
      const name = `epoch-${String(epoch).padStart(3, '0')}.png`;
      for (const kind of kinds) write(`${kind.folder}/${name}`, await kind.draw(weights), kind.columns);
    },
    async interpolation(weights) {
      if (interpolation) write('interpolation.png', await interpolation.draw(weights), interpolation.columns);
    },
    async release() {
      for (const kind of kinds) await kind.release();
    },
  };
}
