// Would integers be worth it? Activations of 16 bits and weights of 8 in the engine's product: how fast, how small, and
// what becomes of the pictures.
import { readFileSync } from 'node:fs';
import { drawLatent } from '../../core/latents/draw.ts';
import { createStream } from '../../core/sampling/stream.ts';
import { readCards } from '../../export/publish.ts';
import type { PlainRow } from '../../figures/table.ts';
import { isAble } from '../../models/able.ts';
import { classesOf } from '../../models/card.ts';
import { latentSize } from '../../models/latent.ts';
import { encodeModel } from '../../onnx/model.ts';
import { createNodeEngine, createNodeReference } from '../../worker/node.ts';
import { inTurn } from '../edge/engine.ts';
import type { Report } from '../report.ts';
import { createIntegerKernel } from './kernel.ts';
import { createDecoder } from './quantise.ts';

const SEED = 'bench';
const PICTURES = 64;
const K = 512;
const COLUMNS = 768;

/** One product of K × COLUMNS: float by the engine and by onnxruntime-web, integers by the kernel. */
async function speed(rows: number): Promise<PlainRow> {
  const weights = new Float32Array(K * COLUMNS);
  createStream(SEED, 'weights').fillNormal(weights);
  const onnx = encodeModel({
    opset: 17,
    producer: 'bench',
    graph: {
      name: 'product',
      nodes: [{ op: 'MatMul', inputs: ['x', 'w'], outputs: ['y'], attributes: {} }],
      initialisers: [
        { name: 'w', type: 'float32', shape: [K, COLUMNS], data: new Uint8Array(weights.buffer) },
      ],
      inputs: [{ name: 'x', type: 'float32', shape: ['rows', K] }],
      outputs: [{ name: 'y', type: 'float32', shape: ['rows', COLUMNS] }],
    },
  });
  const x = new Float32Array(rows * K);
  createStream(SEED, 'activations').fillNormal(x);
  const feeds = { x: { shape: [rows, K], data: x } };
  const own = await createNodeEngine().load(onnx);
  const ort = await createNodeReference().load(onnx);

  const kernel = await createIntegerKernel();
  const [a, b, out] = [1 << 16, 1 << 20, 1 << 22];
  new Int16Array(kernel.memory.buffer, a, rows * K).set(Int16Array.from(x, (value) => 1000 * value));
  new Int8Array(kernel.memory.buffer, b, K * COLUMNS).set(Int8Array.from(weights, (value) => 30 * value));
  const integers = () =>
    rows === 1 ? kernel.row(a, b, out, K, COLUMNS) : kernel.product(a, b, out, rows, K, COLUMNS);
  const [float, reference, integer] = (await inTurn([
    () => own.run(feeds),
    () => ort.run(feeds),
    integers,
  ])) as [number, number, number];
  return {
    what: `product of ${rows} × ${K} × ${COLUMNS}`,
    'G operations/s, integers': (2 * rows * K * COLUMNS) / (1e6 * integer),
    'float, times as long': float / integer,
    'onnxruntime-web float, times as long': reference / integer,
  };
}

async function pictures(
  name: string,
  file: string,
  dimensions: number,
  parameters: number,
): Promise<PlainRow> {
  const onnx = readFileSync(`models/${name}/${file}`);
  const [exact, integers] = [createDecoder(onnx, false), createDecoder(onnx, true)];
  let most = 0;
  let squares = 0;
  let changed = 0;
  let pixels = 0;
  for (let i = 0; i < PICTURES; i++) {
    const z = drawLatent({ prior: 'gaussian', dimensions }, SEED, i);
    const [wanted, made] = [exact(z), integers(z)];
    wanted.forEach((value, p) => {
      const difference = Math.abs(value - made[p]!);
      most = Math.max(most, difference);
      squares += difference ** 2;
      if (Math.floor(255 * value + 0.5) !== Math.floor(255 * made[p]! + 0.5)) changed += 1;
    });
    pixels += wanted.length;
  }
  return {
    what: `${name}, ${PICTURES} pictures`,
    'largest difference': most,
    'PSNR dB': -10 * Math.log10(squares / pixels),
    'pixels that change, of 255 steps': changed / pixels,
    'decoder kB, float16 and int8': `${Math.round((2 * parameters) / 1000)}, ${Math.round(parameters / 1000)}`,
  };
}

export async function integer(): Promise<Report> {
  const rows = [await speed(1), await speed(64)];
  // The experiment knows chains of products from the latents alone: no labels beside them.
  const chains = (await readCards('models'))
    .filter((card) => isAble(card, 'generate'))
    .filter((card) => !classesOf(card));
  for (const { id, version, graphs, latent } of chains)
    rows.push(
      await pictures(`${id}@${version}`, graphs.decoder.file, latentSize(latent), graphs.decoder.parameters),
    );
  return {
    title: 'An experiment: products of 16-bit activations and 8-bit weights',
    protocol:
      'Speed: the product alone, of numbers that are integers already, against a MatMul by the engine and by onnxruntime-web, in turn, medians of 9 rounds. Pictures: weights rounded to 8 bits by a step of each output, activations to 14 bits by a step of each layer and image, against the same decoder in float32.',
    seed: SEED,
    packages: ['onnxruntime-web'],
    rows,
  };
}
