// A seed is a picture, for ever: every model that ships gives these bytes, in Node and in workerd.
import { expect, test } from 'vitest';
import { decodePng } from '../../core/image/decode-png.ts';
import { isAble } from '../../models/able.ts';
import type { GraphName } from '../../models/card.ts';
import { modelCardSchema } from '../../models/card-schema.ts';
import type { Engine } from '../../worker/engine/engine.ts';
import { createModelStore } from '../../worker/models/store.ts';
import completed from './completions.golden.json';
import { engine } from './fixture.ts';
import { completions, generated, goldenHash } from './golden-request.ts';
import golden from './zoo.golden.json';
import { createZooApp, readZoo } from './zoo.ts';

const app = createZooApp();

const SEEDS = ['0', '7', 'anna', 'otto', '日本'];

test.each([
  ['generate', golden],
  ['complete', completed],
] as const)('the golden files name every model that ships and can %s', async (capability, file) => {
  const cards = modelCardSchema.array().parse(await (await app.request('/models')).json());
  const able = cards.filter((card) => isAble(card, capability));
  expect(Object.keys(file).toSorted()).toEqual(able.map(({ id, version }) => `${id}@${version}`).toSorted());
});

const hashes = async (ask: typeof generated, name: string) => {
  const made: Record<string, string> = {};
  for (const seed of SEEDS) made[seed] = await goldenHash(app, ask(name, seed));
  return made;
};

test.each(Object.entries(golden))('%s', async (name, expected) => {
  expect(await hashes(generated, name)).toEqual(expected);
});

test.each(Object.entries(completed))('%s finishes a picture', async (name, expected) => {
  expect(await hashes(completions, name)).toEqual(expected);
});

test.each(Object.keys(golden))('%s has the pixel means of the reference, to 1e-5', async (name) => {
  const means = async (engineName: string) => {
    const response = await app.request(`/generate/${name}.npy?seed=anna&n=21&engine=${engineName}`);
    expect(response.status).toBe(200);
    // A header of 128 bytes, then float32.
    return new Float32Array((await response.arrayBuffer()).slice(128));
  };
  const [own, theirs] = [await means('simd'), await means('ort')];
  const card = modelCardSchema.parse(await (await app.request(`/models/${name}`)).json());
  expect(own.length).toBe(21 * card.image.width * card.image.height * card.image.channels);
  expect(Math.max(...own.map((value, i) => Math.abs(value - theirs[i]!)))).toBeLessThan(1e-5);
});

test.each(Object.keys(golden))(
  '%s knows its own pictures, if it encodes: they come back from their latents',
  async (name) => {
    const card = modelCardSchema.parse(await (await app.request(`/models/${name}`)).json());
    if (!isAble(card, 'encode')) return;
    const drawn = async (seed: string) =>
      (await app.request(`/generate/${name}.png?seed=${seed}&temperature=0.5`)).arrayBuffer();
    const rebuilt = await app.request(`/reconstruct?model=${name}&format=png`, {
      method: 'POST',
      body: await drawn('anna'),
      headers: { 'Content-Type': 'image/png' },
    });
    const images = [await drawn('anna'), await drawn('otto'), await rebuilt.arrayBuffer()];
    const [anna, otto, again] = images.map((png) => decodePng(new Uint8Array(png), { maxPixels: 1e6 }));
    expect({ ...again, pixels: 0 }).toEqual({ ...anna, pixels: 0 });
    const distance = (a: Uint8Array, b: Uint8Array) =>
      a.reduce((sum, value, i) => sum + Math.abs(value - b[i]!), 0);
    const [own, other] = [distance(anna!.pixels, again!.pixels), distance(otto!.pixels, again!.pixels)];
    expect(own).toBeLessThan(0.8 * other);
  },
);

const DIGITS = [...'0123456789'];
type Answer = { label?: string; images: { pixels: string }[] };
const asJson = async (path: string, init?: RequestInit) =>
  (await (await app.request(path, init)).json()) as Answer;
const pixelsOf = ({ images }: Answer) => Uint8Array.from(atob(images[0]!.pixels), (c) => c.charCodeAt(0));

test('mnist-cvae draws the digit that it is asked for: read backwards, it finds the label again', async () => {
  const found: (string | undefined)[] = [];
  for (const digit of DIGITS) {
    const picture = await app.request(`/generate/mnist-cvae@1.png?seed=anna&temperature=0.5&label=${digit}`);
    const body = await picture.arrayBuffer();
    const headers = { 'Content-Type': 'image/png' };
    found.push((await asJson('/encode?model=mnist-cvae@1', { method: 'POST', body, headers })).label);
  }
  expect(found).toEqual(DIGITS);
});

test('mnist-cgan draws the digit that it is asked for, as mnist-cvae reads it', async () => {
  const found: (string | undefined)[] = [];
  for (const digit of DIGITS) {
    const picture = await app.request(`/generate/mnist-cgan@1.png?seed=anna&label=${digit}`);
    const body = await picture.arrayBuffer();
    const headers = { 'Content-Type': 'image/png' };
    found.push((await asJson('/encode?model=mnist-cvae@1', { method: 'POST', body, headers })).label);
  }
  expect(found).toEqual(DIGITS);
});

test('mnist-cvae makes every digit thicker and thinner, as its card says it can', async () => {
  const ink = async (digit: string, strength: number) => {
    const query = `seed=anna&label=${digit}&direction=thickness&strength=${strength}&format=json`;
    const pixels = pixelsOf(await asJson(`/edit?model=mnist-cvae@1&${query}`, { method: 'POST' }));
    return pixels.reduce((sum, value) => sum + value, 0);
  };
  for (const digit of DIGITS) {
    const [thin, as, thick] = [await ink(digit, -2), await ink(digit, 0), await ink(digit, 2)];
    expect([digit, thin < as, as < thick]).toEqual([digit, true, true]);
  }
});

test('all graphs that ship have room at once: none makes way for another, and none is loaded twice', async () => {
  let loads = 0;
  const counted: Engine = {
    ...engine,
    load: (...file) => {
      loads += 1;
      return engine.load(...file);
    },
  };
  const store = createModelStore(readZoo, { engine: counted });
  const graphs = (await store.cards()).flatMap((card) =>
    Object.entries(card.graphs).map(([name, { file }]) => ({
      card,
      name: name as GraphName,
      sha256: store.entry(card, file).sha256,
    })),
  );
  for (let round = 0; round < 2; round++)
    for (const { card, name } of graphs) await store.withSession(card, name, async () => {});
  expect(loads).toBe(new Set(graphs.map(({ sha256 }) => sha256)).size);
});
