// Minutes of everything at once: every model drawn and encoded, eight at a time without a pause, in `workerd serve`. Memory
// that grows from one stretch to the next would be a leak.
import { readFileSync } from 'node:fs';
import type { PlainRow } from '../../figures/table.ts';
import type { ModelCard } from '../../models/card.ts';
import { build } from '../../scripts/build.ts';
import type { Report } from '../report.ts';
import { createSend, everyModel, saturate } from './ask.ts';
import { baseMemory, startWorkerd } from './workerd.ts';

const STRETCHES = 10;
const STRETCH_SECONDS = Number(process.env.SATURATION_SECONDS ?? 300) / STRETCHES;
const AT_ONCE = 8;
const SEED = 'saturation';

export async function saturation(): Promise<Report> {
  await build();
  const cards: ModelCard[] = JSON.parse(readFileSync('dist/models/index.json', 'utf8'));
  const asks = everyModel(cards.map(({ id, version }) => `${id}@${version}`));
  const base = await baseMemory();
  const workerd = await startWorkerd({ dreamlet: 'worker/index.ts' }, 'dist');
  try {
    const send = createSend(workerd.urls.dreamlet!, SEED);
    const rows: PlainRow[] = [];
    for (let i = 1; i <= STRETCHES; i++) {
      workerd.peakMemory(true);
      const { requests, failures } = await saturate(send, asks, AT_ONCE, STRETCH_SECONDS);
      rows.push({
        what: `seconds ${(i - 1) * STRETCH_SECONDS} to ${i * STRETCH_SECONDS}`,
        requests,
        '5xx': failures,
        'peak MB': workerd.peakMemory() - base,
        'MB at its end': workerd.memory() - base,
      });
    }
    return {
      title: 'Memory under minutes of everything at once',
      protocol: `Every model drawn (16 images) and encoded in turn, ${AT_ONCE} requests at a time, a connection each; resident memory of workerd above that of a process which serves Hono's hello (${base.toFixed(0)} MB).`,
      seed: SEED,
      packages: ['workerd', 'hono'],
      rows,
    };
  } finally {
    await workerd.stop();
  }
}
