// A code is a picture, for ever: codes that were made once say what they said then, in Node and in workerd.
import { expect, test } from 'vitest';
import { sha256 } from '../../core/sha256.ts';
import type { ModelCard } from '../../models/card.ts';
import golden from './codes.golden.json';
import { createZooApp } from './zoo.ts';

const app = createZooApp();
const post = (path: string, body: BodyInit, type: string) =>
  app.request(path, { method: 'POST', body, headers: { 'Content-Type': type } });

type Golden = { model: string; quality: number; label?: string; latent: string; pixels: string };
type Answer = { model: string; version: number; quality: number } & {
  latent?: number[];
  codes?: number[];
  images: { label?: string; pixels: string }[];
};

const hash = async (base64: string) =>
  (await sha256(Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)))).slice(0, 16);

test.each(Object.entries<Golden>(golden))('%s', async (code, { model, quality, label, latent, pixels }) => {
  const response = await post('/decompress?format=json', JSON.stringify({ code }), 'application/json');
  expect(response.status).toBe(200);
  const answer = (await response.json()) as Answer;
  expect([answer.quality, (answer.latent ?? answer.codes)!.join(' ')]).toEqual([quality, latent]);
  expect([`${answer.model}@${answer.version}`, answer.images[0]!.label]).toEqual([model, label]);
  expect(await hash(answer.images[0]!.pixels)).toBe(pixels);
});

test('every model that compresses has golden codes, and a tag of its own', async () => {
  const cards = (await (await app.request('/models')).json()) as ModelCard[];
  const able = cards.filter(({ compression }) => compression);
  const named = new Set(Object.values<Golden>(golden).map(({ model }) => model));
  expect(able.map(({ id, version }) => `${id}@${version}`).toSorted()).toEqual([...named].toSorted());
  expect(new Set(able.map(({ compression }) => compression!.tag)).size).toBe(able.length);
});

test('a drawing of mnist-vae is a tenth of its PNG in bytes, and comes back as what it was', async () => {
  const png = await (await app.request('/generate/mnist-vae@1.png?seed=anna&temperature=0.7')).arrayBuffer();
  const code = new Uint8Array(await (await post('/compress?quality=6', png, 'image/png')).arrayBuffer());
  expect(code.length).toBeLessThan(png.byteLength / 10);
  const pixelsOf = async (response: Response) => {
    const { images } = (await response.json()) as Answer;
    return Uint8Array.from(atob(images[0]!.pixels), (c) => c.charCodeAt(0));
  };
  const back = await pixelsOf(await post('/decompress?format=json', code, 'application/octet-stream'));
  const rebuilt = await pixelsOf(await post('/reconstruct?format=json', png, 'image/png'));
  const squares = back.reduce((sum, value, i) => sum + (value - rebuilt[i]!) ** 2, 0);
  expect(squares / back.length).toBeLessThan(150);
  expect(squares).toBeGreaterThan(0);
});
