// Minutes of everything at once: every model drawn and encoded, and the largest photographs, eight at a time without a
// pause, in `workerd serve`. Memory that grows from one stretch to the next would be a leak.
import { readFileSync } from 'node:fs';
import type { PlainRow } from '../../figures/table.ts';
import type { ModelCard } from '../../models/card.ts';
import { build } from '../../scripts/build.ts';
import type { Report } from '../report.ts';
import { type Ask, createSend, everyModel, saturate } from './ask.ts';
import { HEAP_MEGABYTES, startIsolate } from './isolate.ts';
import { largestJpeg, largestWebp } from './uploads.ts';
import { baseMemory } from './workerd.ts';

const STRETCHES = 10;
const STRETCH_SECONDS = Number(process.env.SATURATION_SECONDS ?? 300) / STRETCHES;
const AT_ONCE = 8;
const SEED = 'saturation';

export async function saturation(): Promise<Report> {
  await build();
  const cards: ModelCard[] = JSON.parse(readFileSync('dist/models/index.json', 'utf8'));
  const asks: Ask[] = [
    ...everyModel(cards.map(({ id, version }) => `${id}@${version}`)),
    { path: '/encode?model=faces-vae', body: await largestJpeg(), type: 'image/jpeg' },
    { path: '/encode?model=mnist-vae', body: largestWebp(), type: 'image/webp' },
  ];
  const base = await baseMemory();
  const isolate = await startIsolate('dist');
  try {
    const send = createSend(isolate.urls.dreamlet!, SEED);
    const rows: PlainRow[] = [];
    for (let i = 1; i <= STRETCHES; i++) {
      isolate.peakMemory(true);
      const { requests, failures } = await saturate(send, asks, AT_ONCE, STRETCH_SECONDS);
      const { heap, buffers, memories } = await isolate.peak();
      rows.push({
        what: `seconds ${(i - 1) * STRETCH_SECONDS} to ${i * STRETCH_SECONDS}`,
        requests,
        '5xx': failures,
        'V8 heap, MB': heap,
        'array buffers, MB': buffers,
        'WebAssembly, MB': memories,
        'isolate, peak MB': heap + buffers + memories,
        'process, peak MB': isolate.peakMemory() - base,
      });
    }
    return {
      title: 'Memory under minutes of everything at once',
      protocol: `Every model drawn (16 images) and encoded in turn, and a JPEG and a WebP of 1024 × 1024, ${AT_ONCE} requests at a time, a connection each. The isolate, which is what Cloudflare bounds, when it holds most: V8's heap, of ${HEAP_MEGABYTES} MB at most, with its garbage, array buffers and WebAssembly memories; the process: resident memory above that of one which serves Hono's hello (${base.toFixed(0)} MB).`,
      seed: SEED,
      packages: ['workerd', 'hono'],
      rows,
    };
  } finally {
    await isolate.stop();
  }
}
