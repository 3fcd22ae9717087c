// Clients that are cut off while what others need as well is being read or loaded: the others get it.

import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { publishModels } from '../../export/publish.ts';
import { ask, startWorker } from './start-worker.ts';

const READ_MILLISECONDS = 300;
/** What lost work may cost whoever waits for it (worker/shared.ts) and the runtime's start on a busy machine. */
const ANSWER_MILLISECONDS = 15_000;
const folder = mkdtempSync(join(tmpdir(), 'dreamlet-abandoned-'));
let worker: Awaited<ReturnType<typeof startWorker>>;

beforeAll(async () => {
  await publishModels('models', folder);
  worker = await startWorker(async (path) => {
    await new Promise((done) => setTimeout(done, READ_MILLISECONDS));
    return Uint8Array.from(await readFile(join(folder, path))).buffer;
  });
}, 90_000);
afterAll(async () => {
  await worker.stop();
  rmSync(folder, { recursive: true });
});

/** Asks, and resets the connection after a while. */
const abandon = (path: string, milliseconds: number) =>
  new Promise<void>((done) => {
    const outgoing = request(worker.url + path, { agent: false });
    outgoing.on('error', () => {});
    outgoing.end();
    setTimeout(() => {
      outgoing.socket?.resetAndDestroy();
      done();
    }, milliseconds);
  });

const answer = async (path: string) => {
  const response = await ask(worker.url + path, ANSWER_MILLISECONDS);
  await response.arrayBuffer();
  return response.status;
};

test.each([
  ['the list of models', '/models', 150],
  ['a graph while it is read', '/generate/mnist-vae@1.png?seed=a', 150],
  ['a graph soon after', '/generate/mnist-vae-2d@1.png?seed=a', 320],
  ['the reference, while the graph is read', '/generate/mnist-vae@1.png?seed=a&engine=ort', 150],
  ['the reference, while its runtime starts', '/generate/mnist-vae-2d@1.png?seed=a&engine=ort', 400],
  ['the reference, while the graph is loaded', '/generate/fashion-vae@1.png?seed=a&engine=ort', 350],
])('%s', async (_, path, milliseconds) => {
  // So that the worker is awake and the request is on its way when it is cut off.
  expect(await answer('/nowhere')).toBe(404);
  await abandon(path, milliseconds);
  expect(await answer(path)).toBe(200);
});
