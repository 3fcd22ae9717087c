// What the dearest requests cost that each route allows: processor time, and memory for eight at once, of the process and
// of the isolate in it, in `workerd serve`; and what is left of memory after a while of everything at once.

import { readFileSync } from 'node:fs';
import type { PlainRow } from '../../figures/table.ts';
import type { ModelCard } from '../../models/card.ts';
import { build } from '../../scripts/build.ts';
import type { Report } from '../report.ts';
import { type Ask, createSend, everyModel, saturate } from './ask.ts';
import { type Dear, dearestAsks } from './dearest.ts';
import { firstPicture, STARTS } from './first-picture.ts';
import { HEAP_MEGABYTES, startIsolate, sumOf } from './isolate.ts';
import { baseMemory, startWorkerd } from './workerd.ts';

const REPEATS = 8;
const AT_ONCE = 8;
const SATURATION_SECONDS = Number(process.env.SATURATION_SECONDS ?? 60);
const SEED = 'costs';
const EVERYTHING = `every model, ${AT_ONCE} at once, ${SATURATION_SECONDS} s`;

const atOnce = (send: (ask: Ask) => Promise<number>, ask: Ask) =>
  Promise.all(Array.from({ length: AT_ONCE }, () => send(ask)));

/** What the isolate holds, in MB, at each of the asks and at last under `mixed`. */
async function heldBy(asks: readonly Dear[], mixed: readonly Ask[]): Promise<Map<string, number>> {
  const isolate = await startIsolate('dist');
  try {
    const send = createSend(isolate.urls.dreamlet!, SEED);
    const held = new Map<string, number>();
    for (const ask of asks) {
      for (let i = 0; i < REPEATS; i++) await send(ask);
      await atOnce(send, ask);
      held.set(ask.what, sumOf(await isolate.peak()));
    }
    const { failures } = await saturate(send, mixed, AT_ONCE, SATURATION_SECONDS);
    if (failures > 0) throw new Error(`costs: ${failures} requests to the watched isolate were answered 5xx`);
    return held.set(EVERYTHING, sumOf(await isolate.peak()));
  } finally {
    await isolate.stop();
  }
}

export async function costs(): Promise<Report> {
  await build();
  const { start, first, slowest } = await firstPicture();
  const cards: ModelCard[] = JSON.parse(readFileSync('dist/models/index.json', 'utf8'));
  const mixed = everyModel(cards.map(({ id, version }) => `${id}@${version}`));
  const workerd = await startWorkerd({ dreamlet: 'worker/index.ts' }, 'dist');
  const send = createSend(workerd.urls.dreamlet!, SEED);
  const rows: PlainRow[] = [];
  try {
    const empty = await baseMemory();
    const asks = await dearestAsks(cards, send);
    for (const ask of asks) {
      const status = await send(ask);
      if (status !== 200) throw new Error(`costs: ${ask.path} must be answered 200, was ${status}`);
      workerd.peakMemory(true);
      const start = workerd.processorTime();
      for (let i = 0; i < REPEATS; i++) await send(ask);
      const each = (workerd.processorTime() - start) / REPEATS;
      await atOnce(send, ask);
      const peak = workerd.peakMemory() - empty;
      rows.push({ what: ask.what, 'CPU ms': each, 'process, peak MB': peak });
    }
    workerd.peakMemory(true);
    const { requests, failures } = await saturate(send, mixed, AT_ONCE, SATURATION_SECONDS);
    rows.push({ what: EVERYTHING, 'process, peak MB': workerd.peakMemory() - empty });
    const held = await heldBy(asks, mixed);
    return {
      title: 'What the dearest requests cost that each route allows',
      protocol: `Processor time of workerd, mean of ${REPEATS} requests after one. Memory with ${AT_ONCE} at once, in one process that has answered all rows above: the most resident memory above that of a process which serves Hono's hello (${empty.toFixed(0)} MB); and, in a second process, the most that the isolate holds, which is what Cloudflare bounds: V8's heap, of ${HEAP_MEGABYTES} MB at most, with its garbage, array buffers and WebAssembly memories. “Enlarged”: by the largest scale that is allowed. Start of the process: ${start.toFixed(0)} ms of processor time; its first request, a picture: ${first.toFixed(0)} ms, the slowest ${slowest.toFixed(0)}; medians of ${STARTS} processes. Of ${requests} mixed requests ${failures} were answered 5xx.`,
      seed: SEED,
      packages: ['workerd', 'hono'],
      rows: rows.map((row) => ({ ...row, 'isolate, peak MB': held.get(String(row.what))! })),
    };
  } finally {
    await workerd.stop();
  }
}
