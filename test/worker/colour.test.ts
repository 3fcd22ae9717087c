// A model in colour on every route that draws: the same channels in every format, and no colour map.
import { expect, test } from 'vitest';
import { decodePng } from '../../core/image/decode-png.ts';
import webp from '../../core/image/photo-decoders/webp.wasm';
import { createReadPhoto } from '../../core/image/photos.ts';
import { createZooApp } from './zoo.ts';

const app = createZooApp();
const [SIDE, LABEL] = [32, encodeURIComponent('People & Body')];
const bytesOf = async (path: string) => {
  const response = await app.request(path);
  expect([path, response.status]).toEqual([path, 200]);
  return new Uint8Array(await response.arrayBuffer());
};
const drawn = (file: string, query: string) => bytesOf(`/generate/emoji-cgan@2.${file}?${query}`);
const pngOf = async (path: string) => decodePng(await bytesOf(path), { maxPixels: 1e6 });

/** The picture of a seed, by the array of its means: red, green and blue planes one after the other. */
async function pictureOf(seed: string) {
  const npy = await drawn('npy', `seed=${seed}&label=${LABEL}`);
  expect(new TextDecoder().decode(npy.subarray(10, 128))).toContain("'shape': (1, 3, 32, 32)");
  const means = new Float32Array(npy.slice(128).buffer);
  const area = SIDE * SIDE;
  const pixels = Uint8Array.from({ length: 3 * area }, (_, i) =>
    Math.round(255 * means[(i % 3) * area + Math.floor(i / 3)]!),
  );
  return { width: SIDE, height: SIDE, channels: 3, pixels };
}

/** One picture of a sheet, row by row. */
function cut({ width, pixels }: { width: number; pixels: Uint8Array }, left: number, top: number) {
  const out = new Uint8Array(SIDE * SIDE * 3);
  for (let y = 0; y < SIDE; y++) {
    const from = 3 * ((top * SIDE + y) * width + left * SIDE);
    out.set(pixels.subarray(from, from + 3 * SIDE), 3 * SIDE * y);
  }
  return out;
}

test('PNG, WebP and JSON have the colours of the array of floats', async () => {
  const picture = await pictureOf('anna');
  // Not a grey one.
  expect(
    picture.pixels.some((value, i) => i % 3 === 0 && Math.abs(value - picture.pixels[i + 2]!) > 50),
  ).toBe(true);
  const query = `seed=anna&label=${LABEL}`;
  expect(decodePng(await drawn('png', query), { maxPixels: 1e6 })).toEqual(picture);

  const { images } = JSON.parse(new TextDecoder().decode(await drawn('json', query)));
  const { width, height, channels, label, pixels } = images[0];
  expect({ width, height, channels, label }).toEqual({
    width: 32,
    height: 32,
    channels: 3,
    label: 'People & Body',
  });
  expect(Uint8Array.from(atob(pixels), (c) => c.charCodeAt(0))).toEqual(picture.pixels);

  const lossless = await createReadPhoto(async () => webp)(await drawn('webp', query), 'webp', (found) => {
    const rows: number[] = [];
    found.rows((row) => rows.push(...row));
    return { channels: found.channels, rows };
  });
  expect(lossless).toEqual({ channels: 3, rows: [...picture.pixels] });
});

test('an animation and a strip between two seeds begin and end with their pictures', async () => {
  const path = `from=anna&to=otto&steps=3&label=${LABEL}`;
  const [anna, otto] = [await pictureOf('anna'), await pictureOf('otto')];
  const strip = await pngOf(`/interpolate/emoji-cgan@2.png?${path}`);
  expect([strip.width, strip.height, strip.channels]).toEqual([3 * SIDE, SIDE, 3]);
  expect([cut(strip, 0, 0), cut(strip, 2, 0)]).toEqual([anna.pixels, otto.pixels]);
  const animated = await bytesOf(`/interpolate/emoji-cgan@2.apng?${path}`);
  // What a reader of still pictures sees is the first frame.
  expect(decodePng(animated, { maxPixels: 1e6 })).toEqual(anna);
  // Its colour type is RGB, and it has a frame for each step.
  expect(animated[25]).toBe(2);
  expect(new TextDecoder('latin1').decode(animated).match(/fcTL/g)).toHaveLength(3);
});

test('a plane through three seeds has their pictures in its corners', async () => {
  const plane = await pngOf(`/manifold/emoji-cgan@2.png?size=3&origin=anna&right=otto&down=7&label=${LABEL}`);
  expect([plane.width, plane.height, plane.channels]).toEqual([3 * SIDE, 3 * SIDE, 3]);
  const corners = [cut(plane, 0, 0), cut(plane, 2, 0), cut(plane, 0, 2)];
  const pictures = await Promise.all(['anna', 'otto', '7'].map(pictureOf));
  // The plane goes there by float32 arithmetic of its own.
  corners.forEach((corner, i) => {
    const furthest = corner.reduce(
      (most, v, at) => Math.max(most, Math.abs(v - pictures[i]!.pixels[at]!)),
      0,
    );
    expect(furthest).toBeLessThanOrEqual(1);
  });
});

test.each([
  ...['png', 'webp', 'svg', 'json', 'npy'].map((format) => `/generate/emoji-cgan@2.${format}?seed=anna`),
  '/generate/emoji-cgan@2/64x64.png?seed=anna',
  ...['png', 'apng', 'json'].map((format) => `/interpolate/emoji-cgan@2.${format}?from=anna&to=otto`),
  '/manifold/emoji-cgan@2.png?origin=anna&right=otto&down=7',
  '/decode?model=emoji-cgan@2&label=0&format=png',
])('%s takes no colour map', async (path) => {
  const posted = path.startsWith('/decode') && {
    method: 'POST',
    body: JSON.stringify({ latents: [Array(64).fill(0)] }),
  };
  const response = await app.request(`${path}&colormap=viridis`, {
    headers: { Accept: 'application/json', ...(posted ? { 'Content-Type': 'application/json' } : {}) },
    ...posted,
  });
  expect([response.status, await response.json()]).toMatchObject([
    422,
    { errors: [{ parameter: 'colormap', rule: 'must be gray for a colour model', value: 'viridis' }] },
  ]);
});
