// Tiny models in memory, and an app that serves them. Here are those of 3 Gaussian latents, one with three classes.
import wasm from 'onnxruntime-web/ort-wasm-simd-threaded.wasm';
import jpeg from '../../core/image/photo-decoders/jpeg.wasm';
import webp from '../../core/image/photo-decoders/webp.wasm';
import { createReadPhoto } from '../../core/image/photos.ts';
import type { ModelCard, TensorCard } from '../../models/card.ts';
import { modelList } from '../../models/list.ts';
import type { CompressionCard } from '../../models/sections.ts';
import { createApp } from '../../worker/app.ts';
import type { Deps } from '../../worker/deps.ts';
import type { Engine } from '../../worker/engine/engine.ts';
import { createOrtEngine } from '../../worker/engine/ort.ts';
import { createSimdEngine } from '../../worker/engine/simd/engine.ts';
import kernels from '../../worker/engine/simd/kernels.wasm';
import { holdToContract } from './contract.ts';
import { familyCards, familyFiles } from './families.ts';
import { floats, graphFile, ints, listFiles, node } from './graphs.ts';

const SIZE = 8;
const LATENTS = 3;
const CLASSES = ['circle', '0', 'square'];

const IMAGE = [1, SIZE, SIZE];
const decoder = graphFile(
  'decoder',
  { z: [LATENTS] },
  { mean: IMAGE },
  [
    node('Gemm', ['z', 'w', 'b'], 'logits'),
    node('Sigmoid', ['logits'], 'flat'),
    node('Reshape', ['flat', 'shape'], 'mean'),
  ],
  [floats('w', [LATENTS, SIZE * SIZE]), floats('b', [SIZE * SIZE]), ints('shape', [-1, ...IMAGE])],
);
const encoder = graphFile(
  'encoder',
  { x: IMAGE },
  { mean: [LATENTS], log_variance: [LATENTS] },
  [
    node('Reshape', ['x', 'shape'], 'flat'),
    node('Gemm', ['flat', 'wm'], 'mean'),
    node('Gemm', ['flat', 'wv'], 'log_variance'),
  ],
  [
    floats('wm', [SIZE * SIZE, LATENTS]),
    floats('wv', [SIZE * SIZE, LATENTS]),
    ints('shape', [-1, SIZE * SIZE]),
  ],
);

const joined = { axis: { type: 'int', value: 1 } } as const;
const labelledDecoder = graphFile(
  'decoder',
  { z: [LATENTS], label: [CLASSES.length] },
  { mean: IMAGE },
  [
    node('Concat', ['z', 'label'], 'both', joined),
    node('Gemm', ['both', 'w'], 'logits'),
    node('Sigmoid', ['logits'], 'flat'),
    node('Reshape', ['flat', 'shape'], 'mean'),
  ],
  [floats('w', [LATENTS + CLASSES.length, SIZE * SIZE]), ints('shape', [-1, ...IMAGE])],
);
const labelledEncoder = graphFile(
  'encoder',
  { x: IMAGE, label: [CLASSES.length] },
  { mean: [LATENTS], log_variance: [LATENTS] },
  [
    node('Reshape', ['x', 'shape'], 'flat'),
    node('Concat', ['flat', 'label'], 'both', joined),
    node('Gemm', ['both', 'wm'], 'mean'),
    node('Gemm', ['both', 'wv'], 'log_variance'),
  ],
  [
    floats('wm', [SIZE * SIZE + CLASSES.length, LATENTS], 0.1),
    floats('wv', [SIZE * SIZE + CLASSES.length, LATENTS], 0.1),
    ints('shape', [-1, SIZE * SIZE]),
  ],
);

const files: Record<string, Uint8Array<ArrayBuffer>> = {
  'decoder.onnx': decoder,
  'encoder.onnx': encoder,
  'labelled-decoder.onnx': labelledDecoder,
  'labelled-encoder.onnx': labelledEncoder,
  ...familyFiles,
};

const graph = (file: string, flopsPerImage: number, inputs: TensorCard[] = []) => ({
  file,
  inputs,
  outputs: [],
  parameters: 256,
  flopsPerImage,
});

const anomaly: ModelCard['anomaly'] = {
  estimator: 'none',
  split: 'none, first 2 images',
  images: 2,
  falseAlarms: {
    split: 'test, 1 images',
    images: 1,
    reached: [{ rate: 0.01, share: 0, interval: [0, 0.8] }],
  },
  levels: [0, 0.5, 1],
  quantiles: { score: [0, 100, 200], excess: [0, 50, 100], reconstruction: [0, 60, 120], kl: [0, 40, 80] },
};

const compression = (tag: string): CompressionCard => ({
  tag,
  split: 'none',
  centres: [0.5, 0, 0],
  deviations: [8, 1, 0.01],
  steps: [0.25, 0.5, 1],
});

/**
 * Two versions of `tiny`, of which the first compresses; `decoder-only`, which has no encoder; and `shapes`, which takes
 * a label, can be edited and compresses; and the models of other families.
 */
export async function fixtureCards(): Promise<ModelCard[]> {
  const list = await listFiles(files);
  const labelInput: TensorCard = {
    name: 'label',
    dtype: 'float32',
    shape: ['batch', CLASSES.length],
    meaning: 'class, one-hot',
  };
  const tiny: ModelCard = {
    schema: 1,
    id: 'tiny',
    version: 1,
    title: 'Tiny',
    description: 'For tests.',
    family: 'vae',
    dataset: { id: 'none', title: 'None', variant: 'grey', terms: 'none', use: 'unknown' },
    image: { width: SIZE, height: SIZE, channels: 1 },
    latent: { prior: 'gaussian', dimensions: LATENTS },
    likelihood: 'bernoulli',
    capabilities: ['generate', 'interpolate', 'encode', 'anomaly'],
    anomaly,
    graphs: { decoder: graph('decoder.onnx', 1e6), encoder: graph('encoder.onnx', 1e6) },
    metrics: [],
    training: { recipe: 'none', settings: {}, seed: 1, backend: 'cpu', epochs: 1, command: 'none' },
    parity: { maxAbsDifference: 0, tolerance: 1e-4, images: 1 },
    weights: 'float32',
    files: list,
  };
  const { anomaly: _, ...rest } = tiny;
  const { latent: _l, likelihood: _p, graphs: _g, capabilities: _c, ...base } = rest;
  return [
    { ...tiny, capabilities: [...tiny.capabilities, 'compress'], compression: compression('0001') },
    { ...tiny, version: 2 },
    {
      ...rest,
      id: 'decoder-only',
      capabilities: ['generate', 'interpolate'],
      graphs: { decoder: tiny.graphs.decoder },
    },
    {
      ...tiny,
      id: 'shapes',
      labels: CLASSES,
      directions: [
        { name: 'size', meaning: 'larger', vector: [1, -0.5, 0] },
        { name: 'tilt', meaning: 'further to the right', vector: [0, 2, 0.25] },
      ],
      capabilities: [...tiny.capabilities, 'edit', 'compress'],
      compression: compression('0a02'),
      graphs: {
        decoder: graph('labelled-decoder.onnx', 1e6, [labelInput]),
        encoder: graph('labelled-encoder.onnx', 1e6, [labelInput]),
      },
    },
    ...familyCards(base, anomaly),
  ];
}

/** Reads the fixture's files as the worker reads its assets. */
export async function readFixture(path: string): Promise<ArrayBuffer | null> {
  if (path === 'index.json')
    return new TextEncoder().encode(modelList(await fixtureCards())).buffer as ArrayBuffer;
  const bytes = files[path.split('/')[1] ?? ''];
  return bytes ? bytes.slice().buffer : null;
}

export const engine: Engine = createSimdEngine(kernels);

const readPhoto = createReadPhoto(async (format) => ({ jpeg, webp })[format]);

/** One for all tests of a file: the runtime starts once. */
export const reference: Engine = createOrtEngine(async () => wasm);

export const createFixtureApp = (deps: Partial<Deps> = {}) =>
  holdToContract(
    createApp({
      engine,
      reference,
      readPhoto,
      readFile: readFixture,
      defaultModel: 'tiny',
      version: '0.0.0',
      ...deps,
    }),
  );

/** Reads the fixture with every card changed. */
const readWith =
  (change: (card: ModelCard) => ModelCard) =>
  async (path: string): Promise<ArrayBuffer | null> => {
    if (path !== 'index.json') return readFixture(path);
    const cards = (await fixtureCards()).map(change);
    return new TextEncoder().encode(JSON.stringify(cards)).buffer as ArrayBuffer;
  };

/** Pictures of 64×64: a request can ask for more than an isolate holds. */
export const readLarge = readWith((card) => ({ ...card, image: { ...card.image, width: 64, height: 64 } }));

/** Graphs that cost so many floating-point operations an image. */
export const readCosting = (flopsPerImage: number) =>
  readWith((card) => ({
    ...card,
    graphs: Object.fromEntries(
      Object.entries(card.graphs).map(([name, graph]) => [name, { ...graph, flopsPerImage }]),
    ),
  }));
