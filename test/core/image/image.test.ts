import fc from 'fast-check';
import { decode, encode } from 'fast-png';
import { expect, test } from 'vitest';
import { COLORMAPS, paletteOf } from '../../../core/image/colormaps.ts';
import { enlarge, sheet, toImage } from '../../../core/image/compose.ts';
import { decodePng } from '../../../core/image/decode-png.ts';
import { encodeNpy, toBase64 } from '../../../core/image/encode.ts';
import { encodeApng, encodePng } from '../../../core/image/png.ts';
import { toModelInput } from '../../../core/image/resample.ts';
import { textImage } from '../../../core/image/text.ts';

const hex = (bytes: Uint8Array) => Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
const grey = (width: number, pixels: number[]) => ({
  width,
  height: pixels.length / width,
  channels: 1 as const,
  pixels: Uint8Array.from(pixels),
});
const LIMIT = { maxPixels: 1024 * 1024 };

// Golden: the same bytes in Node, workerd and browsers.
test('a shaded PNG is predicted, byte for byte', () => {
  const image = grey(
    8,
    Array.from({ length: 64 }, (_, i) => 4 * i),
  );
  expect(hex(encodePng(image))).toBe(
    '89504e470d0a1a0a0000000d4948445200000008000000080800000000e164e1570000000f49444154789c6361608102058a1800430801e18d8355bc0000000049454e44ae426082',
  );
});

test('a flat PNG is not, byte for byte', () => {
  const pixels = Uint8Array.from({ length: 108 }, (_, i) => (i % 7 < 5 ? 0 : i));
  expect(hex(encodePng({ width: 6, height: 6, channels: 3, pixels }, { text: { Seed: '日本' } }))).toBe(
    '89504e470d0a1a0a0000000d49484452000000060000000608020000006fae781f0000000f69545874536565640000000000e697a5e69cac8e7644230000004449444154789c630003563630c5c30be10a8b8029296930a5a80411d5d00453fa0610ae993998b2b503532eae10516f1f3015140ca62219a2c0744222984acf6060600000f4a20664db35261c0000000049454e44ae426082',
  );
});

const images = fc
  .record({
    width: fc.integer({ min: 1, max: 20 }),
    height: fc.integer({ min: 1, max: 20 }),
    channels: fc.constantFrom(1, 3) as fc.Arbitrary<1 | 3>,
  })
  .chain(({ width, height, channels }) =>
    fc
      .record({
        noise: fc.uint8Array({ minLength: width * height * channels, maxLength: width * height * channels }),
        // Shades of some slope, and a little noise or none on them.
        slope: fc.nat(9),
        level: fc.constantFrom(0, 3, 255),
      })
      .map(({ noise, slope, level }) => ({
        width,
        height,
        channels,
        pixels: noise.map((value, i) => slope * (i % (width * channels)) + (value & level)),
      })),
  );

test('what is written is read back, by us and by another reader', () => {
  fc.assert(
    fc.property(images, (image) => {
      const bytes = encodePng(image, { text: { Seed: 'anna', Name: '日本' } });
      expect(decodePng(bytes, LIMIT)).toEqual(image);
      const other = decode(bytes);
      expect(other.text).toEqual({ Seed: 'anna' });
      expect(Uint8Array.from(other.data)).toEqual(image.pixels);
    }),
    { numRuns: 150 },
  );
});

test('a palette colours a grey image', () => {
  const palette = paletteOf('viridis')!;
  const back = decodePng(encodePng(grey(2, [0, 255]), { palette }), LIMIT);
  expect([...back.pixels]).toEqual([0x44, 0x01, 0x54, 0xfd, 0xe7, 0x25]);
  expect(COLORMAPS.filter((name) => paletteOf(name)?.length !== 768)).toEqual(['gray']);
});

test.each([1, 2, 4, 8, 16] as const)('grey of %d bits', (depth) => {
  const largest = 2 ** depth - 1;
  const perByte = Math.max(1, 8 / depth);
  const data =
    depth === 16
      ? Uint16Array.of(0, largest, 0, largest, 0, largest, 0, largest)
      : Uint8Array.from({ length: 8 / perByte }, () => {
          let byte = 0;
          for (let i = 0; i < perByte; i++) byte = (byte << depth) | (i % 2 ? largest : 0);
          return depth === 8 ? 0 : byte;
        });
  if (depth === 8) data.set([0, 255, 0, 255, 0, 255, 0, 255]);
  const file = encode({ width: 8, height: 1, data, depth, channels: 1 });
  expect([...decodePng(file, LIMIT).pixels]).toEqual([0, 255, 0, 255, 0, 255, 0, 255]);
});

test('transparency is put on white', () => {
  const file = encode({ width: 2, height: 1, data: Uint8Array.of(0, 0, 0, 0, 10, 20, 30, 255), channels: 4 });
  expect([...decodePng(file, LIMIT).pixels]).toEqual([255, 255, 255, 10, 20, 30]);
});

test('an image above the limit is refused before it is unpacked', () => {
  expect(() => decodePng(encodePng(grey(4, Array(16).fill(0))), { maxPixels: 15 })).toThrow(
    'png: 4×4 is more than 15 pixels',
  );
});

test('damaged files give an error that says so', () => {
  const good = encodePng(
    grey(
      8,
      Array.from({ length: 64 }, (_, i) => i),
    ),
  );
  expect(() => decodePng(new Uint8Array(20), LIMIT)).toThrow('png: not a PNG file');
  expect(() => decodePng(good.slice(0, 60), LIMIT)).toThrow(/^png: truncated/);
  fc.assert(
    fc.property(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
      const bad = good.slice();
      bad[at]! ^= flip;
      try {
        decodePng(bad, LIMIT);
      } catch (error) {
        expect((error as Error).message).toMatch(/^png: /);
      }
    }),
  );
});

test('an animation has a control chunk for each frame', () => {
  const frames = [grey(2, [1, 2, 3, 4]), grey(2, [5, 6, 7, 8])];
  const text = String.fromCharCode(...encodeApng(frames, { framesPerSecond: 12, plays: 0 }));
  expect(['acTL', 'fcTL', 'IDAT', 'fdAT', 'IEND'].map((type) => text.split(type).length - 1)).toEqual([
    1, 2, 1, 1, 1,
  ]);
  expect([...decodePng(encodeApng(frames, { framesPerSecond: 12, plays: 0 }), LIMIT).pixels]).toEqual([
    1, 2, 3, 4,
  ]);
});

test('from means to pixels, sheets and enlargements', () => {
  expect([...toImage(Float32Array.of(-1, 0, 0.5, 2), 2, 2, 1).pixels]).toEqual([0, 0, 128, 255]);
  expect([...toImage(Float32Array.of(0, 1, 0, 0, 1, 1), 2, 1, 3).pixels]).toEqual([0, 0, 255, 255, 0, 255]);
  const joined = sheet([grey(1, [1]), grey(1, [2]), grey(1, [3])], 2);
  expect([joined.width, joined.height, ...joined.pixels]).toEqual([2, 2, 1, 2, 3, 0]);
  expect([...enlarge(grey(2, [1, 2]), 2).pixels]).toEqual([1, 1, 2, 2, 1, 1, 2, 2]);
});

test('an upload becomes what a model takes', () => {
  const halved = toModelInput(grey(4, [0, 255, 0, 0, 255, 0, 0, 0]), { width: 2, height: 1, channels: 1 });
  expect([...halved]).toEqual([0.5, 0]);
  const luma = toModelInput(
    { width: 1, height: 1, channels: 3, pixels: Uint8Array.of(255, 0, 0) },
    { width: 1, height: 1, channels: 1 },
  );
  expect(luma[0]).toBeCloseTo(0.299, 6);
  const same = toModelInput(grey(3, [0, 51, 255]), { width: 3, height: 1, channels: 1 });
  expect([...same]).toEqual([0, Math.fround(0.2), 1]);
});

test('npy and base64', () => {
  const npy = encodeNpy(Float32Array.of(1.5, -2), [1, 2]);
  expect(npy.length).toBe(128 + 8);
  expect(new TextDecoder().decode(npy.slice(10, 128))).toMatch(
    /^\{'descr': '<f4', 'fortran_order': False, 'shape': \(1, 2\), \} *\n$/,
  );
  expect(new DataView(npy.buffer).getFloat32(npy.length - 8, true)).toBe(1.5);
  expect(toBase64(Uint8Array.of(0, 127, 255))).toBe('AH//');
});

test('an error picture has dark letters on light ground', () => {
  const { width, height, pixels } = textImage('404 Not found', { columns: 20, scale: 1 });
  expect([width, height]).toEqual([132, 22]);
  // The top bar of the first 4 stands in its fourth column.
  expect(pixels.filter((p) => p === 40).length).toBeGreaterThan(100);
  expect(pixels[0]).toBe(244);
});
