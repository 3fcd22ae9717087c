// What the first picture of a process would otherwise wait for: code that is compiled when it first runs, schemas that
// are prepared when they are first asked, tables of the codecs. A model of two products is drawn before anybody comes, and
// is large enough that the kernels which make its weights are compiled well.
import { toImage } from '../core/image/compose.ts';
import { modelList } from '../models/list.ts';
import { encodeModel, type Node, type TensorProto } from '../onnx/model.ts';
import { createApp } from './app.ts';
import type { Deps } from './deps.ts';
import { decodeAll, drawLatents } from './models/run.ts';
import { createModelStore } from './models/store.ts';
import { picture } from './routes/encodings.ts';
import { findAble } from './routes/limits.ts';

const NAME = 'warm-up';
const SIDE = 28;
const LATENTS = 4;
const HIDDEN = 512;

const half = (name: string, shape: number[]): TensorProto => ({
  name,
  type: 'float16',
  shape,
  data: new Uint8Array(2 * shape.reduce((n, size) => n * size, 1)),
});
const node = (op: string, inputs: string[], output: string): Node => ({
  op,
  inputs,
  outputs: [output],
  attributes: op === 'Cast' ? { to: { type: 'int', value: 1 } } : {},
});

/** A decoder as the export writes them, all of whose weights are 0. */
function decoder(): Uint8Array<ArrayBuffer> {
  const weights = [
    half('a', [LATENTS, HIDDEN]),
    half('b', [HIDDEN]),
    half('c', [HIDDEN, SIDE * SIDE]),
    half('d', [SIDE * SIDE]),
  ];
  const shape = new Uint8Array(BigInt64Array.from([-1n, 1n, BigInt(SIDE), BigInt(SIDE)]).buffer);
  return encodeModel({
    opset: 17,
    producer: NAME,
    graph: {
      name: NAME,
      nodes: [
        ...weights.map(({ name }) => node('Cast', [name], `wide-${name}`)),
        node('Gemm', ['z', 'wide-a', 'wide-b'], 'hidden'),
        node('LeakyRelu', ['hidden'], 'leaky'),
        node('Gemm', ['leaky', 'wide-c', 'wide-d'], 'logits'),
        node('Reshape', ['logits', 'shape'], 'planes'),
        node('Sigmoid', ['planes'], 'mean'),
      ],
      initialisers: [...weights, { name: 'shape', type: 'int64', shape: [4], data: shape }],
      inputs: [{ name: 'z', type: 'float32', shape: ['batch', LATENTS] }],
      outputs: [{ name: 'mean', type: 'float32', shape: ['batch', 1, SIDE, SIDE] }],
    },
  });
}

/**
 * Draws a picture of a model of its own by `engine`. The runtime makes no answer at start-up, so that what is asked of the
 * routes is one that the asker has already.
 * @throws Error when that fails
 */
export async function warmUp({ engine, version }: Pick<Deps, 'engine' | 'version'>): Promise<void> {
  const onnx = decoder();
  const file = 'decoder.onnx';
  const card = {
    schema: 1,
    id: NAME,
    version: 1,
    title: NAME,
    image: { width: SIDE, height: SIDE, channels: 1 },
    latent: { prior: 'gaussian', dimensions: LATENTS },
    capabilities: ['generate'],
    graphs: { decoder: { file, inputs: [], outputs: [], parameters: 0, flopsPerImage: 0 } },
    files: [{ name: file, bytes: onnx.length, sha256: NAME }],
  };
  const index = new TextEncoder().encode(modelList([card])).buffer;
  const deps: Deps = {
    engine,
    version,
    defaultModel: NAME,
    readFile: async (path) => (path === 'index.json' ? index : onnx.buffer),
    // Nor does it compute digests.
    hash: async () => NAME,
  };
  const headers = { 'If-None-Match': '*' };
  const { status } = await createApp(deps).request(`/generate/${NAME}@1.png?seed=${NAME}`, { headers });
  if (status !== 304) throw new Error(`warm-up: the answer must be 304, was ${status}`);

  const store = createModelStore(deps.readFile, deps, 0);
  const { card: found } = await findAble(store, NAME, 'generate');
  const latents = await drawLatents(store, found, [{ seed: NAME, index: 0 }], 1);
  const [mean] = await decodeAll(store, found, latents, undefined);
  picture(toImage(mean!, SIDE, SIDE, 1), { scale: 1, colormap: 'gray' }, found, { seed: NAME });
}
