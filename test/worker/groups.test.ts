// A model of everything that cards can say besides: pictures 2 wide and 3 high, Gaussian pixels, whose log-variances
// the decoder gives as well, and an encoder that goes through groups of latents and takes the noise of that way.
import { expect, test } from 'vitest';
import { decodePng } from '../../core/image/decode-png.ts';
import { drawLatent } from '../../core/latents/draw.ts';
import type { ModelCard, TensorCard } from '../../models/card.ts';
import { encodeModel, type TensorProto } from '../../onnx/model.ts';
import { createFixtureApp, fixtureCards } from './fixture.ts';
import { ints, listFiles, node } from './graphs.ts';

const floats = (name: string, shape: number[], values: number[]): TensorProto => ({
  name,
  type: 'float32',
  shape,
  data: new Uint8Array(Float32Array.from(values).buffer),
});
const value = (name: string, shape: number[]) => ({
  name,
  type: 'float32' as const,
  shape: ['batch', ...shape],
});

// The first latent lights the upper half, the second the lower one.
const decoder = encodeModel({
  opset: 17,
  producer: 'test',
  graph: {
    name: 'decoder',
    nodes: [
      node('MatMul', ['z', 'w'], 'y'),
      node('Reshape', ['y', 'shape'], 'log_variance'),
      node('Sigmoid', ['log_variance'], 'mean'),
    ],
    initialisers: [floats('w', [2, 6], [1, 1, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1]), ints('shape', [-1, 1, 3, 2])],
    inputs: [value('z', [2])],
    outputs: [value('mean', [1, 3, 2]), value('log_variance', [1, 3, 2])],
  },
});
// mean = (brightness, brightness + 100 ε₀): whatever noise came in would show.
const encoder = encodeModel({
  opset: 17,
  producer: 'test',
  graph: {
    name: 'encoder',
    nodes: [
      node('Reshape', ['x', 'shape'], 'flat'),
      node('MatMul', ['flat', 'sum'], 'seen'),
      node('MatMul', ['epsilon', 'carry'], 'carried'),
      node('Add', ['seen', 'carried'], 'mean'),
      node('Sub', ['carried', 'seen'], 'log_variance'),
    ],
    initialisers: [
      ints('shape', [-1, 6]),
      floats('sum', [6, 2], Array(12).fill(1)),
      floats('carry', [2, 2], [0, 100, 0, 0]),
    ],
    inputs: [value('x', [1, 3, 2]), value('epsilon', [2])],
    outputs: [value('mean', [2]), value('log_variance', [2])],
  },
});
const files: Record<string, Uint8Array<ArrayBuffer>> = { 'decoder.onnx': decoder, 'encoder.onnx': encoder };

async function readFile(path: string): Promise<ArrayBuffer | null> {
  if (path !== 'index.json') return files[path.split('/')[1]!]?.slice().buffer ?? null;
  const [tiny] = await fixtureCards();
  const { decoder: decode, encoder: encode } = tiny!.graphs;
  const epsilon: TensorCard = { name: 'epsilon', dtype: 'float32', shape: ['batch', 2], meaning: 'noise' };
  const card: ModelCard = {
    ...tiny!,
    id: 'groups',
    image: { width: 2, height: 3, channels: 1 },
    latent: { prior: 'gaussian', dimensions: 2 },
    likelihood: 'gaussian',
    directions: [{ name: 'lower', meaning: 'a brighter lower half', vector: [0, 1] }],
    capabilities: ['generate', 'interpolate', 'encode', 'edit'],
    graphs: { decoder: decode, encoder: { ...encode!, inputs: [epsilon] } },
    files: await listFiles(files),
  };
  return new TextEncoder().encode(JSON.stringify([card])).buffer as ArrayBuffer;
}

const app = createFixtureApp({ readFile, defaultModel: 'groups' });
const post = (path: string, body: unknown) =>
  app.request(path, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'Content-Type': 'application/json' },
  });
const image = { pixels: [1, 0, 0, 1, 0, 0], width: 2, height: 3 };
const byte = (logit: number) => Math.floor(255 / (1 + Math.exp(-logit)) + 0.5);
const half = (upper: number, lower: number) => [upper, upper, upper, lower, lower, lower].map(byte);
const png = async (response: Response) =>
  decodePng(new Uint8Array(await response.arrayBuffer()), { maxPixels: 1e4 });

test.each(['simd', 'ort'])('%s: an image is encoded without noise, along the means', async (engine) => {
  const response = await post(`/encode?engine=${engine}`, image);
  expect(await response.json()).toEqual({
    model: 'groups',
    version: 1,
    mean: [2, 2],
    logVariance: [-2, -2],
  });
});

test('pictures are the means, in their own shape, on every route', async () => {
  const rebuilt = await png(await post('/reconstruct', image));
  expect(rebuilt).toMatchObject({ width: 2, height: 3 });
  expect([...rebuilt.pixels]).toEqual(half(2, 2));
  const decoded = await png(await post('/decode', { latents: [[2, -1]] }));
  expect([...decoded.pixels]).toEqual(half(2, -1));
  const edited = await png(await post('/edit?direction=lower&strength=2&format=png', image));
  expect([...edited.pixels]).toEqual(half(2, 4));
  const [upper, lower] = drawLatent({ prior: 'gaussian', dimensions: 2 }, 'anna', 0);
  const drawn = await png(await app.request('/generate/groups@1.png?seed=anna'));
  expect([...drawn.pixels]).toEqual(half(upper!, lower!));
  const wide = await png(await app.request('/generate/groups@1.png?seed=anna&n=5&scale=2'));
  expect(wide).toMatchObject({ width: 2 * 2 * 3, height: 2 * 3 * 2 });
  const path = await png(await app.request('/interpolate/groups@1.png?from=anna&to=otto&steps=4'));
  expect(path).toMatchObject({ width: 8, height: 3 });
  expect([0, 1, 8, 9, 16, 17].map((at) => path.pixels[at])).toEqual([...drawn.pixels]);
});
