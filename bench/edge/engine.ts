// The engines alone: dreamlet's own, onnxruntime-web and TensorFlow.js (wasm) on the same decoders, in turn.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setBackend, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { drawLatent } from '../../core/latents/draw.ts';
import type { PlainRow } from '../../figures/table.ts';
import type { Session } from '../../worker/engine/engine.ts';
import { createNodeEngine, createNodeReference } from '../../worker/node.ts';
import type { Report } from '../report.ts';
import { median } from '../statistics.ts';
import { createDecoders, type Decoder } from './decoders.ts';
import { get } from './load.ts';
import { createPeak } from './peak.ts';
import { startWorkerd, type Workerd } from './workerd.ts';

const SEED = 'bench';
const IMAGES = [1, 64];
const ROUNDS = 9;
/** Each round of each engine lasts at least so long; in workerd its runs are fitted to it. */
const ROUND_MILLISECONDS = 40;

function latents({ latents: dimensions }: Decoder, images: number): Float32Array {
  const data = new Float32Array(images * dimensions);
  for (let i = 0; i < images; i++)
    data.set(drawLatent({ prior: 'gaussian', dimensions }, SEED, i), i * dimensions);
  return data;
}

/** Milliseconds of one run, over one round. */
async function round(run: () => unknown): Promise<number> {
  const start = performance.now();
  let runs = 0;
  let now = start;
  while (now - start < ROUND_MILLISECONDS) {
    await run();
    runs += 1;
    now = performance.now();
  }
  return (now - start) / runs;
}

/** Medians of several rounds, the candidates in turn, after a round that is not counted. */
export async function inTurn(candidates: (() => unknown)[]): Promise<number[]> {
  const times = candidates.map((): number[] => []);
  for (let i = 0; i <= ROUNDS; i++)
    for (const [which, run] of candidates.entries()) {
      const milliseconds = await round(run);
      if (i > 0) times[which]!.push(milliseconds);
    }
  return times.map(median);
}

/** In this process, Node. */
async function inNode(decoder: Decoder, images: number, peak: () => number) {
  const data = latents(decoder, images);
  const feeds = { z: { shape: [images, decoder.latents], data } };
  const sessions: Session[] = [];
  for (const engine of [createNodeEngine(), createNodeReference()])
    sessions.push(await engine.load(decoder.onnx));
  await setBackend('wasm');
  const params = decoder.params();
  const z: Tensor = tensor(data, [images, decoder.latents]);
  const eager = () => tidy(() => decoder.decode(params, z).dataSync());
  const [simd, ort, tfjs, loop] = await inTurn([
    ...sessions.map((session) => () => session.run(feeds)),
    eager,
    peak,
  ]);
  return { simd: simd!, ort: ort!, tfjs: tfjs!, loop: loop! };
}

/** In workerd, where the clock stands still: the difference between requests of many runs and of one. */
async function inWorkerd({ urls }: Workerd, decoder: Decoder, images: number, guess: number) {
  const runs = Math.max(2, Math.round(ROUND_MILLISECONDS / guess));
  const ask = async (engine: string, n: number) =>
    (await get(`${urls.engines}/${engine}/${decoder.file}?images=${images}&runs=${n}`)).milliseconds;
  const times: Record<string, number[]> = { simd: [], ort: [] };
  for (let i = 0; i <= ROUNDS; i++)
    for (const engine of ['simd', 'ort']) {
      const milliseconds = ((await ask(engine, 1 + runs)) - (await ask(engine, 1))) / runs;
      if (i > 0) times[engine]!.push(milliseconds);
    }
  const ratios = times.simd!.map((own, i) => times.ort![i]! / own);
  return { simd: median(times.simd!), ratios: ratios.toSorted((a, b) => a - b) };
}

const ROUNDS_OF_PEAK = 10_000;

export async function engine(): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), 'dreamlet-engine-'));
  const decoders = createDecoders();
  for (const { file, onnx } of decoders) writeFileSync(join(folder, file), onnx);
  const peak = await createPeak();
  const workerd = await startWorkerd({ engines: 'bench/edge/engine-worker.ts' }, folder);
  const rows: PlainRow[] = [];
  try {
    for (const decoder of decoders)
      for (const images of IMAGES) {
        const node = await inNode(decoder, images, () => peak.run(ROUNDS_OF_PEAK));
        const edge = await inWorkerd(workerd, decoder, images, node.ort);
        const gigaflops = (images * decoder.operations) / (1e6 * node.simd);
        rows.push({
          decoder: decoder.name,
          images,
          MFLOP: (images * decoder.operations) / 1e6,
          'dreamlet ms, workerd': edge.simd,
          'onnxruntime-web, workerd, times as long': median(edge.ratios),
          'lowest and highest round': `${edge.ratios[0]!.toFixed(2)}–${edge.ratios.at(-1)!.toFixed(2)}`,
          'dreamlet ms, Node': node.simd,
          'onnxruntime-web, Node, times as long': node.ort / node.simd,
          'TensorFlow.js wasm, Node, times as long': node.tfjs / node.simd,
          'GFLOP/s, Node': gigaflops,
          'of the peak': gigaflops / ((ROUNDS_OF_PEAK * peak.operations) / (1e6 * node.loop)),
        });
      }
  } finally {
    await workerd.stop();
    rmSync(folder, { recursive: true });
  }
  return {
    title: 'Engines: one thread, float32, random weights',
    protocol: `Medians of ${ROUNDS} rounds of ${ROUND_MILLISECONDS} ms, the engines in turn, one run for all images. Peak: a WebAssembly loop of 128-bit multiplications and additions alone, in the same rounds. In workerd the clock stands still, so a time there is the difference between two requests. Behind a ReLU half of the numbers are 0 at these random weights, and their products, which dreamlet leaves out, are counted as done; behind a leaky ReLU none is.`,
    seed: SEED,
    packages: ['workerd', 'onnxruntime-web', '@tensorflow/tfjs-backend-wasm'],
    rows,
  };
}
