// What the first picture of a process would otherwise wait for: code that is compiled when it first runs, and again when
// it has run often, schemas that are prepared when they are first asked, tables of the codecs. Models of two products are
// drawn before anybody comes.
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
/**
 * Hidden units of the models that are drawn in turn: first one that is large enough that the kernels which make its
 * weights are compiled well, and that the memory which a usual model takes is there; then so many small ones that most
 * of what each picture runs has been found to run often.
 */
const HIDDEN = [1024, 32, 32, 32, 32, 32, 32, 32, 32];

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

/** A decoder of `hidden` units as the export writes them, all of whose weights are 0. */
function decoder(hidden: number): Uint8Array<ArrayBuffer> {
  const weights = [
    half('a', [LATENTS, hidden]),
    half('b', [hidden]),
    half('c', [hidden, SIDE * SIDE]),
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
 * Draws pictures of models of its own by `engine`. The runtime makes no answer at start-up, so that what is asked of the
 * routes is one that the asker has already.
 * @throws Error when that fails
 */
export async function warmUp({ engine, version }: Pick<Deps, 'engine' | 'version'>): Promise<void> {
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
    files: [{ name: file, bytes: 0, sha256: NAME }],
  };
  let onnx: Uint8Array<ArrayBuffer> | undefined;
  const index = new TextEncoder().encode(modelList([card])).buffer;
  const deps: Deps = {
    engine,
    version,
    defaultModel: NAME,
    readFile: async (path) => (path === 'index.json' ? index : onnx!.buffer),
    // Nor does it compute digests.
    hash: async () => NAME,
  };
  const headers = { 'If-None-Match': '*' };
  const app = createApp(deps);
  const store = createModelStore(deps.readFile, deps, 0);
  for (const hidden of HIDDEN) {
    onnx = decoder(hidden);
    const { status } = await app.request(`/generate/${NAME}@1.png?seed=${NAME}`, { headers });
    if (status !== 304) throw new Error(`warm-up: the answer must be 304, was ${status}`);

    const { card: found } = await findAble(store, NAME, 'generate');
    const latents = await drawLatents(store, found, [{ seed: NAME, index: 0 }], 1);
    const [mean] = await decodeAll(store, found, latents, undefined);
    picture(toImage(mean!, SIDE, SIDE, 1), { scale: 1, colormap: 'gray' }, found, { seed: NAME });
  }
}
