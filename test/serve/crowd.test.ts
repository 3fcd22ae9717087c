// Many at once ask the reference for every model that ships: each is answered, or told to come back, and none stays away
// for good.
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { publishModels } from '../../export/publish.ts';
import { isAble } from '../../models/able.ts';
import { ask, startWorker } from './start-worker.ts';

const AT_ONCE = 60;
const folder = mkdtempSync(join(tmpdir(), 'dreamlet-crowd-'));
let worker: Awaited<ReturnType<typeof startWorker>>;
let models: string[];

beforeAll(async () => {
  const cards = await publishModels('models', folder);
  models = cards.filter((card) => isAble(card, 'generate')).map(({ id, version }) => `${id}@${version}`);
  worker = await startWorker(async (path) => Uint8Array.from(await readFile(join(folder, path))).buffer);
}, 90_000);
afterAll(async () => {
  await worker.stop();
  rmSync(folder, { recursive: true });
});

/** Longest wait for an answer; an unanswered question is named. */
const PATIENCE_MILLISECONDS = 60_000;

const askFor = async (i: number) => {
  const path = `/generate/${models[i % models.length]}.png?seed=${i}&engine=ort`;
  try {
    const response = await ask(worker.url + path, PATIENCE_MILLISECONDS);
    await response.arrayBuffer();
    return [response.status, response.headers.get('Retry-After')] as const;
  } catch (cause) {
    throw new Error(`${path} got no answer`, { cause });
  }
};

test('nobody gets 500, and who comes back is answered', async () => {
  const answers = await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => askFor(i)));
  const kinds = new Set(answers.map((answer) => answer.join()));
  expect(kinds.has('200,')).toBe(true);
  kinds.delete('503,2');
  expect([...kinds]).toEqual(['200,']);
  for (let i = 0; i < models.length; i++) {
    let [status, after] = await askFor(i);
    for (let tries = 0; status === 503 && tries < 10; tries++) {
      await new Promise((done) => setTimeout(done, 1000 * Number(after)));
      [status, after] = await askFor(i);
    }
    expect([models[i], status]).toEqual([models[i], 200]);
  }
}, 240_000);
