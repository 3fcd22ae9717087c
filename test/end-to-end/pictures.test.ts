// Own pictures the whole way, with the commands a user types: a folder, a run, a package, answers.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodePng } from '../../core/image/decode-png.ts';
import { encodePng } from '../../core/image/png.ts';
import { publishModels } from '../../export/publish.ts';
import { modelCardSchema } from '../../models/card-schema.ts';
import { OWN } from '../../models/folders.ts';
import { createNodeApp } from '../../worker/node.ts';

const folder = mkdtempSync(join(tmpdir(), 'dreamlet-pictures-'));
const SIDE = 8;
const SMALL = ['--size=8', '--channels=4,8', '--dense=16', '--latent=3', '--epochs=2', '--klWarmupEpochs=1'];
const FEW = ['--batchSize=8', '--evaluateSamples=2', '--evaluateImages=20', '--backend=cpu', '--name=own'];

const command = (script: string, ...args: string[]): string =>
  execFileSync(process.execPath, [resolve('node_modules/tsx/dist/cli.mjs'), resolve(script), ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '', DREAMLET_DATA: undefined, XDG_CACHE_HOME: folder },
  });

/** A square of one colour, a little different each time. */
const square = (colour: readonly number[], i: number) =>
  encodePng({
    width: SIDE,
    height: SIDE,
    channels: 3,
    pixels: Uint8Array.from({ length: 3 * SIDE * SIDE }, (_, at) => colour[at % 3]! + ((7 * i + at) % 40)),
  });

let app: ReturnType<typeof createNodeApp>;
let said: string;

beforeAll(async () => {
  for (const [name, colour] of [
    ['blue', [10, 20, 200]],
    ['amber', [210, 150, 10]],
  ] as const) {
    mkdirSync(join(folder, 'album/mine', name), { recursive: true });
    for (let i = 0; i < 60; i++)
      writeFileSync(join(folder, 'album/mine', name, `${i}.png`), square(colour, i));
  }
  command('train/cli.ts', 'pictures', '--dataset=folder:album/mine', ...SMALL, ...FEW);
  said = command('export/cli.ts', 'runs/own', '--id=mine', '--use=commercial');
  await publishModels(join(folder, OWN), join(folder, 'dist/models'));
  app = createNodeApp(join(folder, 'dist/models'), 'mine');
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true }));

test('the card names the folder and its labels, not where it lies, and what the pictures may be used for', () => {
  const text = readFileSync(join(folder, OWN, 'mine@1/model.json'), 'utf8');
  const card = modelCardSchema.parse(JSON.parse(text));
  expect(card.image).toEqual({ width: SIDE, height: SIDE, channels: 3 });
  expect([card.dataset.id, card.dataset.use, card.labels]).toEqual([
    'folder:mine',
    'commercial',
    ['amber', 'blue'],
  ]);
  expect(text).not.toContain('album');
  expect(card.training.command).toContain('--dataset=folder:mine');
  expect(card.capabilities).toEqual(expect.arrayContaining(['generate', 'encode']));
  expect(said).toContain('mine@1.png?seed=7');
});

test('it draws in colour, and encodes pictures of the folder to where it says', async () => {
  const drawn = await app.request('/generate/mine@1.png?seed=anna&n=4');
  expect([drawn.status, drawn.headers.get('Content-Type')]).toEqual([200, 'image/png']);
  const { width, height, channels } = decodePng(new Uint8Array(await drawn.arrayBuffer()), {
    maxPixels: 1e4,
  });
  expect([width, height, channels]).toEqual([2 * SIDE, 2 * SIDE, 3]);
  const rebuilt = await app.request('/reconstruct?model=mine@1&format=png', {
    method: 'POST',
    body: square([10, 20, 200], 3),
    headers: { 'Content-Type': 'image/png' },
  });
  expect(rebuilt.status).toBe(200);
  const encoded = await (await app.request('/models/mine@1/encoded.json')).json();
  expect(encoded).toMatchObject({ split: expect.stringMatching(/^test, \d+ images$/) });
  const page = await (await app.request('/models/mine@1?format=html')).text();
  expect(page).toContain('amber, blue');
});
