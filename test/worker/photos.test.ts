// Photographs: JPEG and WebP, upright, their middle undistorted, bounded before they are unpacked.
import { expect, test } from 'vitest';
import { fromBase64 } from '../../core/image/encode.ts';
import webp from '../../core/image/photo-decoders/webp.wasm';
import { photoSize } from '../../core/image/photo-size.ts';
import { createReadPhoto } from '../../core/image/photos.ts';
import { createFixtureApp } from './fixture.ts';

/** 16×8, its left half white and its right half black; `turned` says in EXIF that it is to be shown turned to the right. */
const PHOTOS = {
  turned:
    '/9j/4QC8RXhpZgAASUkqAAgAAAAGABIBAwABAAAABgAAABoBBQABAAAAVgAAABsBBQABAAAAXgAAACgBAwABAAAAAgAAABMCAwABAAAAAQAAAGmHBAABAAAAZgAAAAAAAAA4YwAA6AMAADhjAADoAwAABgAAkAcABAAAADAyMTABkQcABAAAAAECAwAAoAcABAAAADAxMDABoAMAAQAAAP//AAACoAQAAQAAABAAAAADoAQAAQAAAAgAAAAAAAAA/+IB8ElDQ19QUk9GSUxFAAEBAAAB4GxjbXMEIAAAbW50clJHQiBYWVogB+IAAwAUAAkADgAdYWNzcE1TRlQAAAAAc2F3c2N0cmwAAAAAAAAAAAAAAAAAAPbWAAEAAAAA0y1oYW5keem/Vlo+AbaDI4VVRvdPqgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAKZGVzYwAAAPwAAAAkY3BydAAAASAAAAAid3RwdAAAAUQAAAAUY2hhZAAAAVgAAAAsclhZWgAAAYQAAAAUZ1hZWgAAAZgAAAAUYlhZWgAAAawAAAAUclRSQwAAAcAAAAAgZ1RSQwAAAcAAAAAgYlRSQwAAAcAAAAAgbWx1YwAAAAAAAAABAAAADGVuVVMAAAAIAAAAHABzAFIARwBCbWx1YwAAAAAAAAABAAAADGVuVVMAAAAGAAAAHABDAEMAMAAAWFlaIAAAAAAAAPbWAAEAAAAA0y1zZjMyAAAAAAABDD8AAAXd///zJgAAB5AAAP2S///7of///aIAAAPcAADAcVhZWiAAAAAAAABvoAAAOPIAAAOPWFlaIAAAAAAAAGKWAAC3iQAAGNpYWVogAAAAAAAAJKAAAA+FAAC2xHBhcmEAAAAAAAMAAAACZmkAAPKnAAANWQAAE9AAAApb/9sAQwADAgIDAgIDAwMDBAMDBAUIBQUEBAUKBwcGCAwKDAwLCgsLDQ4SEA0OEQ4LCxAWEBETFBUVFQwPFxgWFBgSFBUU/9sAQwEDBAQFBAUJBQUJFA0LDRQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQU/8AAEQgACAAQAwEiAAIRAQMRAf/EABYAAQEBAAAAAAAAAAAAAAAAAAAJCv/EABQQAQAAAAAAAAAAAAAAAAAAAAD/xAAUAQEAAAAAAAAAAAAAAAAAAAAA/8QAFBEBAAAAAAAAAAAAAAAAAAAAAP/aAAwDAQACEQMRAD8AqmyrgD//2Q==',
  progressive:
    '/9j/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMUFRUVDA8XGBYUGBIUFRT/2wBDAQMEBAUEBQkFBQkUDQsNFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBT/wgARCAAIABADASIAAhEBAxEB/8QAFgABAQEAAAAAAAAAAAAAAAAAAAgJ/8QAFAEBAAAAAAAAAAAAAAAAAAAAAP/aAAwDAQACEAMQAAABqnKsP//EABQQAQAAAAAAAAAAAAAAAAAAABD/2gAIAQEAAQUCP//EABQRAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQMBAT8Bf//EABQRAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQIBAT8Bf//EABQQAQAAAAAAAAAAAAAAAAAAABD/2gAIAQEABj8CP//EABQQAQAAAAAAAAAAAAAAAAAAABD/2gAIAQEAAT8hP//aAAwDAQACAAMAAAAQ8//EABQRAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQMBAT8Qf//EABQRAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQIBAT8Qf//EABQQAQAAAAAAAAAAAAAAAAAAABD/2gAIAQEAAT8QP//Z',
  webp: 'UklGRigAAABXRUJQVlA4IBwAAABQAQCdASoQAAgAAMASJaQABHQAAP6D///0cYAA',
  lossless: 'UklGRiYAAABXRUJQVlA4TBoAAAAvD8ABAA8w//M///MfeBALJvOX7kwhov+RAw==',
};
const photo = (name: keyof typeof PHOTOS) => fromBase64(PHOTOS[name]);
const app = createFixtureApp();
const post = (body: Uint8Array, type: string) =>
  app.request('/encode', { method: 'POST', body: body as BodyInit, headers: { 'Content-Type': type } });
const meanOf = async (response: Response) => ((await response.json()) as { mean: number[] }).mean;

/** What the model makes of 8×8 pixels. */
const expected = async (pixelAt: (x: number, y: number) => number) => {
  const pixels = Array.from({ length: 64 }, (_, i) => pixelAt(i % 8, i >> 3));
  const body = JSON.stringify({ pixels, width: 8, height: 8 });
  return meanOf(
    await app.request('/encode', { method: 'POST', body, headers: { 'Content-Type': 'application/json' } }),
  );
};

test.each([
  ['progressive', 'image/jpeg', (x: number) => (x < 4 ? 1 : 0)],
  ['turned', 'image/jpg', (_: number, y: number) => (y < 4 ? 1 : 0)],
  ['webp', 'image/webp', (x: number) => (x < 4 ? 1 : 0)],
  ['lossless', 'image/webp', (x: number) => (x < 4 ? 1 : 0)],
  // What it is counts, not what it is called.
  ['lossless', 'image/jpeg', (x: number) => (x < 4 ? 1 : 0)],
] as const)('%s as %s: the square in the middle is read', async (name, type, pixelAt) => {
  const response = await post(photo(name), type);
  expect(response.status).toBe(200);
  const mean = await meanOf(response);
  const wanted = await expected(pixelAt);
  mean.forEach((value, i) => {
    expect(Math.abs(value - wanted[i]!)).toBeLessThan(0.5);
  });
});

test('sizes are read from the first bytes', () => {
  expect(photoSize(photo('turned'))).toEqual({ format: 'jpeg', width: 16, height: 8 });
  expect(photoSize(photo('webp'))).toEqual({ format: 'webp', width: 16, height: 8 });
  expect(photoSize(photo('lossless'))).toEqual({ format: 'webp', width: 16, height: 8 });
  expect(photoSize(Uint8Array.of(1, 2, 3))).toBeUndefined();
});

/** A file that says another width. */
const wide = () => {
  const bytes = photo('progressive');
  const at = bytes.findIndex((byte, i) => byte === 0xff && bytes[i + 1] === 0xc2);
  return bytes.with(at + 7, 0xff);
};

test.each([
  [
    'cut short in its head',
    () => photo('progressive').subarray(0, 30),
    'image/jpeg',
    'jpeg: damaged: no frame is in it',
  ],
  [
    'of one colour table',
    () => photo('webp').subarray(0, 40),
    'image/webp',
    'webp: damaged, or of a kind that cannot be read here',
  ],
  ['nothing', () => new Uint8Array(0), 'image/jpeg', 'png: not a PNG file (wrong signature)'],
] as const)('a photograph that is %s is refused in words', async (_, bytes, type, detail) => {
  const response = await post(bytes(), type);
  expect([response.status, ((await response.json()) as { detail: string }).detail]).toEqual([400, detail]);
});

test('a photograph is refused by its size before it is unpacked, and by its length', async () => {
  const tall = wide();
  const { width, height } = photoSize(tall)!;
  expect(width * height).toBeGreaterThan(400_000);
  const large = tall.slice();
  const at = large.findIndex((byte, i) => byte === 0xff && large[i + 1] === 0xc2);
  large[at + 5] = 0xff;
  const refused = await post(large, 'image/jpeg');
  expect([refused.status, ((await refused.json()) as { detail: string }).detail]).toEqual([
    400,
    expect.stringMatching(/^jpeg: 65296×65288 is more than 1048576 pixels$/),
  ]);
  expect((await post(new Uint8Array(2 * 1024 * 1024 + 1), 'image/webp')).status).toBe(413);
  expect((await post(photo('webp'), 'image/heic')).status).toBe(415);
});

test('one decoder reads photographs one after the other, until it has failed', async () => {
  let started = 0;
  const read = createReadPhoto(async () => {
    started += 1;
    return webp;
  });
  const size = (bytes: Uint8Array) => read(bytes, 'webp', ({ width, height }) => [width, height]);
  expect([await size(photo('webp')), await size(photo('lossless')), started]).toEqual([[16, 8], [16, 8], 1]);
  await expect(size(photo('webp').subarray(0, 40))).rejects.toThrow('webp: damaged');
  expect([await size(photo('webp')), started]).toEqual([[16, 8], 2]);
});

test('what is made of a photograph is made before the next is unpacked', async () => {
  const order: string[] = [];
  const globals = globalThis as unknown as { ImageData: new (...given: unknown[]) => object };
  const { ImageData } = globals;
  globals.ImageData = class extends ImageData {
    constructor(...given: unknown[]) {
      super(...given);
      order.push('unpacked');
    }
  };
  const read = createReadPhoto(async () => webp);
  const use = () => read(photo('webp'), 'webp', () => void order.push('used'));
  await Promise.all([use(), use(), use()]);
  globals.ImageData = ImageData;
  expect(order).toEqual(Array(3).fill(['unpacked', 'used']).flat());
});

test('where no decoder is at hand, photographs are refused by name', async () => {
  const { createApp } = await import('../../worker/app.ts');
  const { engine, readFixture } = await import('./fixture.ts');
  const bare = createApp({ engine, readFile: readFixture, defaultModel: 'tiny', version: '0.0.0' });
  const response = await bare.request('/encode', {
    method: 'POST',
    body: photo('webp') as BodyInit,
    headers: { 'Content-Type': 'image/webp' },
  });
  expect(response.status).toBe(415);
});
