// Serving: HTTP in `workerd serve`, the runtime of Cloudflare Workers, without the development proxy; against the
// least that Hono can do in the same process, and against the same worker on onnxruntime-web.
import { readFileSync } from 'node:fs';
import type { PlainRow } from '../../figures/table.ts';
import { isAble } from '../../models/able.ts';
import type { ModelCard } from '../../models/card.ts';
import { build } from '../../scripts/build.ts';
import type { Report } from '../report.ts';
import { median } from '../statistics.ts';
import { get, type Load, load } from './load.ts';
import { startWorkerd } from './workerd.ts';

const SEED = 'bench';
const STARTS = 7;
const HELLO = 'bench/edge/hello.ts';
const OWN = 'worker/index.ts';
const PEER = 'bench/edge/ort-worker.ts';

type Start = { start: number; first: number; before: number; after: number };

/** A new process that serves `entry`: milliseconds until it answers, and of the answer to `path`; memory in MB. */
async function startOnce(entry: string, path: string, others: readonly string[] = []): Promise<Start> {
  const workerd = await startWorkerd({ worker: entry }, 'dist');
  try {
    const before = workerd.memory();
    const { milliseconds } = await get(`${workerd.urls.worker}${path}`);
    for (const other of others) await get(`${workerd.urls.worker}${other}`);
    return { start: workerd.startMilliseconds, first: milliseconds, before, after: workerd.memory() };
  } finally {
    await workerd.stop();
  }
}

/** Medians over several starts, the entries in turn. */
async function starts(path: string): Promise<Record<'hello' | 'own' | 'peer', Start>> {
  const seen = { hello: [] as Start[], own: [] as Start[], peer: [] as Start[] };
  for (let i = 0; i < STARTS; i++) {
    seen.hello.push(await startOnce(HELLO, '/'));
    seen.own.push(await startOnce(OWN, path));
    seen.peer.push(await startOnce(PEER, path));
  }
  const middle = (list: Start[]) =>
    Object.fromEntries(
      (['start', 'first', 'before', 'after'] as const).map((key) => [
        key,
        median(list.map((one) => one[key])),
      ]),
    ) as Start;
  return { hello: middle(seen.hello), own: middle(seen.own), peer: middle(seen.peer) };
}

export async function edge(): Promise<Report> {
  await build();
  const cards: ModelCard[] = JSON.parse(readFileSync('dist/models/index.json', 'utf8'));
  const generators = cards.filter((one) => isAble(one, 'generate'));
  const card = generators.find(({ id }) => id === 'mnist-vae') ?? generators[0];
  if (card === undefined)
    throw new Error('bench edge: models/ must hold a model that generates, it holds none');
  const name = `${card.id}@${card.version}`;
  const path = `/generate/${name}.png`;
  const address = `${path}?seed=${SEED}`;

  const { hello, own, peer } = await starts(address);
  // Every graph that ships, decoders in two batch sizes.
  const zoo = generators.flatMap(({ id, version }) =>
    [1, 64].map((n) => `/generate/${id}@${version}.png?seed=${SEED}&n=${n}`),
  );
  const whole = await startOnce(OWN, address, zoo);

  const workerd = await startWorkerd({ dreamlet: OWN, peer: PEER, hello: HELLO }, 'dist');
  try {
    const { urls } = workerd;
    const images = (worker: string, n: number) => (i: number) =>
      `${urls[worker]}${path}?seed=${SEED}-${n}-${i}&n=${n}`;
    const bare = () => `${urls.hello}/`;

    // Warm-up: the isolates, their compilers and the engines.
    await load(bare, { requests: 4000 });
    for (const worker of ['dreamlet', 'peer']) {
      await load(images(worker, 1), { requests: 1000 });
      await load(images(worker, 64), { requests: 20 });
    }

    const helloAlone = await load(bare, { connections: 1, requests: 2000 });
    const oneAlone = await load(images('dreamlet', 1), { connections: 1, requests: 2000 });
    const least = await load(bare, { requests: 20_000 });
    const rows: PlainRow[] = [];
    const row = (what: string, n: number, result: Load, beside: Load): void => {
      rows.push({
        what,
        'requests/s': result.requestsPerSecond,
        ...(n > 0 ? { 'images/s': n * result.requestsPerSecond } : {}),
        'p50 ms': result.p50,
        'p99 ms': result.p99,
        bytes: result.bytes,
        'of hello': result.requestsPerSecond / beside.requestsPerSecond,
      });
    };
    row('Hono hello', 0, least, least);
    for (const [n, requests] of [
      [1, 10_000],
      [16, 1500],
      [64, 500],
    ] as const) {
      const what = n === 1 ? 'one image' : `sheet of ${n}`;
      row(what, n, await load(images('dreamlet', n), { requests }), least);
      row(`${what}, onnxruntime-web`, n, await load(images('peer', n), { requests }), least);
    }
    row('Hono hello, 1 connection', 0, helloAlone, helloAlone);
    row('one image, 1 connection', 1, oneAlone, helloAlone);
    const single = (what: string, milliseconds: number) => rows.push({ what, 'p50 ms': milliseconds });
    single('first image of a new process', own.first);
    single('first image of a new process, onnxruntime-web', peer.first);
    single('start of a process until it answers', own.start);
    single('start, onnxruntime-web', peer.start);
    single('start, Hono hello', hello.start);
    const megabytes = (value: number) => `${value.toFixed(0)} MB`;
    return {
      title: `Serving ${name} from workerd (${(card.graphs.decoder.flopsPerImage / 1e6).toFixed(1)} MFLOP an image)`,
      protocol: `GET ${path}, another seed each time; 8 keep-alive connections for at most 5 s a row, server and load on the same processor. Starts: medians of ${STARTS}. Resident memory of workerd: ${megabytes(hello.before)} with Hono hello; ${megabytes(own.before)} with dreamlet, ${megabytes(own.after)} after the first image, ${megabytes(whole.after)} with every model loaded; ${megabytes(peer.before)} and ${megabytes(peer.after)} with onnxruntime-web inside.`,
      seed: SEED,
      packages: ['workerd', 'onnxruntime-web', 'hono'],
      rows,
    };
  } finally {
    await workerd.stop();
  }
}
