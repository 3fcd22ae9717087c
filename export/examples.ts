// Inputs that the graphs of a package are proved on, and the pictures of its preview: images 0 to 63 of seed `preview`;
// of a conditional model, images 0 to 7 of it as every class in turn.
import { toImage } from '../core/image/compose.ts';
import type { Image } from '../core/image/image.ts';
import { createStream } from '../core/sampling/stream.ts';
import type { GraphName } from '../models/card.ts';
import { latentSize } from '../models/latent.ts';
import { drawDigit } from '../train/data/glyphs.ts';
import { labelRows } from '../train/data/sources.ts';
import { compileGraph, runGraph } from '../train/evaluate/graph.ts';
import { createLatentSampler } from '../train/evaluate/sampler.ts';
import type { HostTensor, HostTensors, Model, Weights } from '../train/model.ts';
import { type RowSource, rowsOf, sizeOf } from '../train/runner/rows.ts';

export const PREVIEW_COLUMNS = 8;
const PREVIEW_ROWS = 8;
const OPTIONS = { backend: 'cpu' } as const;

export type Examples = { inputs: Partial<Record<GraphName, HostTensors>>; pictures: Image[] };

const uniformRows = (name: string, shape: readonly number[]): RowSource => ({
  shape,
  fill: (start, out) => createStream('preview', name, start).fillUniform(out),
});

/** Digits drawn by code, 0 below their middle, for models of their size; of any other size, nothing. */
const digitRows = (shape: readonly number[]): RowSource => ({
  shape,
  fill(start, out) {
    const size = sizeOf(shape);
    for (let at = 0; at < out.length; at += size) {
      const digit = Math.floor((start + at / size) / PREVIEW_COLUMNS) % 10;
      const drawn = drawDigit(digit, createStream('preview', 'digit', digit));
      if (drawn.length !== size) return;
      for (let p = 0; p < size / 2; p++) out[at + p] = drawn[p]! / 255;
    }
  },
});

const filled = ({ shape, fill }: RowSource, count: number): HostTensor => {
  const data = new Float32Array(count * sizeOf(shape));
  fill(0, data);
  return { shape: [count, ...shape], data };
};

/** Latents of the preview, [count · latentSize]; those of a conditional model are the same for every class. */
async function previewLatents(model: Model, weights: Weights, count: number): Promise<Float32Array> {
  const sampler = await createLatentSampler(model, weights, OPTIONS);
  const drawn = await sampler.draw(weights, 'preview', model.classes ? PREVIEW_COLUMNS : count);
  await sampler.release();
  const z = new Float32Array(count * latentSize(model.latent!));
  for (let at = 0; at < z.length; at += drawn.length) z.set(drawn, at);
  return z;
}

/** The pictures that a graph makes of inputs, [count, channels, height, width] in 0…1. */
async function picturesFrom(
  graph: NonNullable<Model['graphs']['decoder']>,
  weights: Weights,
  sources: Record<string, RowSource>,
  count: number,
): Promise<HostTensor> {
  const rows = await compileGraph(graph, weights, { ...OPTIONS, batch: count });
  const { mean } = await runGraph(graph, rows, weights, sources, count);
  await rows.release();
  return mean!;
}

export async function createExamples(model: Model, weights: Weights): Promise<Examples> {
  const { channels, height, width } = model.image;
  const { decoder, completer } = model.graphs;
  const count = PREVIEW_COLUMNS * (model.classes ?? PREVIEW_ROWS);
  const shape = [channels, height, width];
  const sources: Record<string, RowSource> = {};
  if (model.classes)
    sources.label = labelRows(
      Uint8Array.from({ length: count }, (_, i) => Math.floor(i / PREVIEW_COLUMNS)),
      model.classes,
    );
  if (model.latent) {
    sources.z = rowsOf(await previewLatents(model, weights, count), [latentSize(model.latent)]);
    sources.codes = sources.z;
    // The noise of the way through groups of latents.
    sources.epsilon = sources.z;
  }
  if (completer) sources.noise = uniformRows('noise', completer.inputs.noise!.shape);
  // Without a decoder the pictures are what a completer makes of drawn digits, a row of each.
  const known = digitRows(shape);
  const made =
    decoder && model.latent
      ? await picturesFrom(decoder, weights, sources, count)
      : completer && (await picturesFrom(completer, weights, { ...sources, x: known }, count));
  const pictures = Array.from({ length: made ? count : 0 }, (_, i) =>
    toImage(made!.data.subarray(i * sizeOf(shape), (i + 1) * sizeOf(shape)), width, height, channels),
  );
  sources.x = made ? rowsOf(made.data, shape) : uniformRows('x', shape);
  const inputs = Object.entries(model.graphs).map(([name, graph]) => [
    name,
    Object.fromEntries(Object.keys(graph.inputs).map((input) => [input, filled(sources[input]!, count)])),
  ]);
  return { inputs: Object.fromEntries(inputs), pictures };
}
