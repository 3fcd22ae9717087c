// Serving: HTTP in `workerd serve`, the runtime of Cloudflare Workers, without the development proxy; against the
// least that Hono can do in the same process, and with the engine's own time apart.
import { readFileSync } from 'node:fs';
import type { ModelCard } from '../../models/card.ts';
import { build } from '../../scripts/build.ts';
import { createNodeEngine } from '../../worker/node.ts';
import { latentOf } from '../../worker/sampling/latent.ts';
import type { Report, Row } from '../report.ts';
import { median } from '../statistics.ts';
import { get, type Load, load } from './load.ts';
import { startWorkerd } from './workerd.ts';

const SEED = 'bench';
const STARTS = 3;
const DREAMLET = { dreamlet: 'worker/index.ts' };
const SERVED = { ...DREAMLET, hello: 'bench/edge/hello.ts' };
/** In a process of its own: beside two others, workerd's garbage collector has been seen to sweep without end. */
const DECODE = { decode: 'bench/edge/decode-worker.ts' };
/** Decodes per request of the engine's row, and how often it is asked. */
const DECODES = 64;
const ENGINE_ROUNDS = 9;

async function firstImage(path: string) {
  const milliseconds: number[] = [];
  const memory: { before: number; after: number }[] = [];
  for (let i = 0; i < STARTS; i++) {
    const workerd = await startWorkerd(DREAMLET, 'dist');
    try {
      const before = workerd.memory();
      milliseconds.push((await get(`${workerd.urls.dreamlet}${path}?seed=${SEED}`)).milliseconds);
      memory.push({ before, after: workerd.memory() });
    } finally {
      await workerd.stop();
    }
  }
  return {
    milliseconds: median(milliseconds),
    before: median(memory.map((one) => one.before)),
    after: median(memory.map((one) => one.after)),
  };
}

/** Milliseconds of one decode by the engine in workerd. */
async function engineInWorkerd(name: string): Promise<number> {
  const { urls, stop } = await startWorkerd(DECODE, 'dist');
  try {
    // The clock stands still inside a worker, so the engine's time is a difference between requests.
    const time = async (n: number) => (await get(`${urls.decode}/${name}?n=${n}`)).milliseconds;
    const once: number[] = [];
    const many: number[] = [];
    await time(DECODES);
    for (let round = 0; round < ENGINE_ROUNDS; round++) {
      once.push(await time(1));
      many.push(await time(1 + DECODES));
    }
    return (median(many) - median(once)) / DECODES;
  } finally {
    await stop();
  }
}

/** Milliseconds of one decode by the same engine in this process, Node. */
async function engineInNode({ graphs, latent }: ModelCard, folder: string): Promise<number> {
  const session = await createNodeEngine().load(readFileSync(`${folder}/${graphs.decoder.file}`));
  const decode = async (n: number) => {
    const start = performance.now();
    for (let i = 0; i < n; i++) {
      await session.run({ z: { shape: [1, latent.dimensions], data: latentOf(SEED, i, latent.dimensions) } });
    }
    return (performance.now() - start) / n;
  };
  const rounds: number[] = [];
  for (let round = 0; round < ENGINE_ROUNDS; round++) rounds.push(await decode(DECODES));
  return median(rounds);
}

export async function edge(): Promise<Report> {
  await build();
  const cards: ModelCard[] = JSON.parse(readFileSync('dist/models/index.json', 'utf8'));
  const card = cards.find(({ id }) => id === 'mnist-vae') ?? cards[0];
  if (card === undefined) throw new Error('bench edge: models/ must hold a model, it holds none');
  const name = `${card.id}@${card.version}`;
  const path = `/generate/${name}.png`;

  const first = await firstImage(path);
  const inNode = await engineInNode(card, `dist/models/${name}`);
  const engine = await engineInWorkerd(name);
  const workerd = await startWorkerd(SERVED, 'dist');
  try {
    const { dreamlet, hello } = workerd.urls;
    const images = (n: number) => (i: number) => `${dreamlet}${path}?seed=${SEED}-${n}-${i}&n=${n}`;

    // Warm-up: the isolate, its compiler and the engine.
    await load(images(1), { requests: 200 });
    await load(() => `${hello}/`, { requests: 2000 });

    const alone = await load(images(1), { connections: 1, requests: 500 });
    const peer = await load(() => `${hello}/`, { requests: 20_000 });
    const one = await load(images(1), { requests: 4000 });
    const sheet16 = await load(images(16), { requests: 500 });
    const sheet64 = await load(images(64), { requests: 150 });
    const memory = workerd.memory();

    const row = (what: string, n: number, result: Load): Row => ({
      what,
      'requests/s': result.requestsPerSecond,
      ...(n > 0 ? { 'images/s': n * result.requestsPerSecond } : {}),
      'p50 ms': result.p50,
      'p99 ms': result.p99,
      bytes: result.bytes,
      'of hello': result.requestsPerSecond / peer.requestsPerSecond,
    });
    const single = (what: string, milliseconds: number): Row => ({ what, 'p50 ms': milliseconds });
    return {
      title: `Serving ${name} from workerd (${(card.graphs.decoder.flopsPerImage / 1e6).toFixed(1)} MFLOP an image)`,
      protocol: `GET ${path}, another seed each time; 8 keep-alive connections for at most 5 s a row, server and load on the same processor. First image: median of ${STARTS} starts. Engine: difference between requests of ${1 + DECODES} and of 1 decodes, ${ENGINE_ROUNDS} rounds. Resident memory of workerd: ${first.before.toFixed(0)} MB before the first image, ${first.after.toFixed(0)} MB after it, ${memory.toFixed(0)} MB at the end (both workers).`,
      seed: SEED,
      packages: ['workerd', 'onnxruntime-web', 'hono'],
      rows: [
        row('Hono hello, 8 connections', 0, peer),
        row('one image, 8 connections', 1, one),
        row('sheet of 16', 16, sheet16),
        row('sheet of 64', 64, sheet64),
        row('one image, 1 connection', 1, alone),
        single('first image of a new process', first.milliseconds),
        single('engine alone in workerd, one image', engine),
        single('engine alone in Node, one image', inNode),
      ],
    };
  } finally {
    await workerd.stop();
  }
}
