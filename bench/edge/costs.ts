// What the dearest requests cost that each route allows: processor time, and memory for one and for eight at once, in
// `workerd serve`; and what is left of memory after a while of everything at once.

import { readFileSync } from 'node:fs';
import type { PlainRow } from '../../figures/table.ts';
import type { ModelCard } from '../../models/card.ts';
import { build } from '../../scripts/build.ts';
import type { Report } from '../report.ts';
import { type Ask, createSend, everyModel, json, saturate, somePixels } from './ask.ts';
import { largestJpeg, largestPng, largestWebp } from './uploads.ts';
import { baseMemory, startWorkerd } from './workerd.ts';

const REPEATS = 8;
const AT_ONCE = 8;
const SATURATION_SECONDS = Number(process.env.SATURATION_SECONDS ?? 60);
const SEED = 'costs';

type Row = Ask & { what: string };

export async function costs(): Promise<Report> {
  await build();
  const cards: ModelCard[] = JSON.parse(readFileSync('dist/models/index.json', 'utf8'));
  const names = cards.map(({ id, version }) => `${id}@${version}`);
  const workerd = await startWorkerd({ dreamlet: 'worker/index.ts' }, 'dist');
  const { dreamlet } = workerd.urls;
  const send = createSend(dreamlet!, SEED);
  /** The largest scale at which the path is answered. */
  const largest = async (path: string) => {
    for (let scale = 16; scale > 1; scale--)
      if ((await send({ path: `${path}&scale=${scale}` })) === 200) return `${path}&scale=${scale}`;
    return path;
  };
  try {
    const empty = await baseMemory();
    const started = workerd.processorTime();
    await send({ path: '/generate/mnist-vae@1.png?seed=SEED' });
    const first = workerd.processorTime() - started;

    const faces = cards.find(({ id }) => id === 'faces-vae')!;
    const dimensions = (faces.latent as { dimensions: number }).dimensions;
    const latents = Array.from({ length: 64 }, (_, i) =>
      Array.from({ length: dimensions }, (_, j) => Math.sin(i * j)),
    );
    const pixels = somePixels(200 * 200);
    const asks: Row[] = [
      { what: 'a digit', path: '/generate/mnist-vae@1.png?seed=SEED' },
      { what: '64 digits', path: '/generate/mnist-vae@1.png?seed=SEED&n=64' },
      { what: '64 digits, enlarged', path: await largest('/generate/mnist-vae@1.png?seed=SEED&n=64') },
      { what: '64 faces, enlarged', path: await largest('/generate/faces-vae@1.png?seed=SEED&n=64') },
      {
        what: 'map of faces, 16 × 16, enlarged',
        path: await largest('/manifold/faces-vae@1.png?origin=SEED&right=b&down=c&size=16'),
      },
      {
        what: 'walk of 64 faces and back, animated, enlarged',
        path: await largest('/interpolate/faces-vae@1.apng?from=SEED&to=b&steps=64&loop=true'),
      },
      { what: 'a face in a size, WebP', path: '/generate/faces-vae@1/1024x1024.webp?seed=SEED&radius=20' },
      { what: 'a digit in a size, PNG', path: '/generate/mnist-vae@1/1600x1600.png?seed=SEED&radius=20' },
      { what: '64 rows-models’ digits', path: '/generate/mnist-rows@1.png?seed=SEED&n=64' },
      {
        what: 'encode a PNG of 1024 × 1024, 16-bit RGBA',
        path: '/encode?model=mnist-vae@1',
        body: largestPng(),
        type: 'image/png',
      },
      {
        what: 'encode a JPEG of 1024 × 1024, progressive, turned',
        path: '/encode?model=faces-vae@1',
        body: await largestJpeg(),
        type: 'image/jpeg',
      },
      {
        what: 'encode a WebP of 1024 × 1024, lossless',
        path: '/encode?model=faces-vae@1',
        body: largestWebp(),
        type: 'image/webp',
      },
      {
        what: 'encode 40000 pixels as JSON',
        path: '/encode?model=mnist-vae@1',
        ...json({ pixels, width: 200, height: 200 }),
      },
      {
        what: 'anomaly, every class tried',
        path: '/anomaly?model=mnist-cvae@1',
        ...json({ pixels: pixels.slice(0, 784), width: 28, height: 28 }),
      },
      {
        what: 'decode 64 faces, .npy',
        path: '/decode?model=faces-vae@1&format=npy',
        ...json({ latents }),
      },
      { what: 'reference page', path: '/docs' },
    ];
    const rows: PlainRow[] = [];
    for (const ask of asks) {
      const status = await send(ask);
      if (status !== 200) throw new Error(`costs: ${ask.path} must be answered 200, was ${status}`);
      workerd.peakMemory(true);
      const start = workerd.processorTime();
      for (let i = 0; i < REPEATS; i++) await send(ask);
      const each = (workerd.processorTime() - start) / REPEATS;
      const one = workerd.peakMemory(true) - empty;
      await Promise.all(Array.from({ length: AT_ONCE }, () => send(ask)));
      rows.push({
        what: ask.what,
        'CPU ms': each,
        'peak MB, one': one,
        'peak MB, eight': workerd.peakMemory(true) - empty,
      });
    }
    workerd.peakMemory(true);
    const mixed = await saturate(send, everyModel(names), AT_ONCE, SATURATION_SECONDS);
    rows.push({
      what: `every model, ${AT_ONCE} at once, ${SATURATION_SECONDS} s`,
      'peak MB, eight': workerd.peakMemory() - empty,
    });
    return {
      title: 'What the dearest requests cost that each route allows',
      protocol: `Processor time of workerd, mean of ${REPEATS} requests after one; most resident memory above that of a process which serves Hono's hello (${empty.toFixed(0)} MB), one at a time and ${AT_ONCE} at once, in one process that has answered all rows above. “Enlarged”: by the largest scale that is allowed. Start of the process: ${started.toFixed(0)} ms of processor time; its first request, a picture: ${first.toFixed(0)} ms. Of ${mixed.requests} mixed requests ${mixed.failures} were answered 5xx.`,
      seed: SEED,
      packages: ['workerd', 'hono'],
      rows,
    };
  } finally {
    await workerd.stop();
  }
}
