// Every kind of PNG there is, and every way in which one can be wrong.
import fc from 'fast-check';
import { zlibSync } from 'fflate';
import { expect, test } from 'vitest';
import { decodePng, openPng } from '../../../core/image/decode-png.ts';
import { createStream } from '../../../core/sampling/stream.ts';
import { chunk, header, join, type PngKind, pngOf, SAMPLES, SIGNATURE, scanlines } from './make-png.ts';

const LIMIT = { maxPixels: 1024 * 1024 };
const KINDS = [
  [0, 1],
  [0, 2],
  [0, 4],
  [0, 8],
  [0, 16],
  [2, 8],
  [2, 16],
  [3, 1],
  [3, 2],
  [3, 4],
  [3, 8],
  [4, 8],
  [4, 16],
  [6, 8],
  [6, 16],
] as const;

/** Numbers that depend on a seed, below `most`. */
const numbers = (seed: string) => {
  const { uint32 } = createStream(seed);
  return (most: number) => uint32() % most;
};

/** The same picture by the letter of the specification, pixel by pixel. */
function expected(kind: PngKind, sampleAt: (x: number, y: number, c: number) => number, palette: Uint8Array) {
  const { width, height, depth, colourType } = kind;
  const samples = SAMPLES[colourType]!;
  const pixels: number[] = [];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      if (colourType === 3) {
        pixels.push(...palette.subarray(3 * sampleAt(x, y, 0), 3 * sampleAt(x, y, 0) + 3));
        continue;
      }
      const to8 = (value: number) => (depth === 16 ? value >>> 8 : (value * 255) / (2 ** depth - 1));
      const values = Array.from({ length: samples }, (_, c) => to8(sampleAt(x, y, c)));
      const alpha = colourType >= 4 ? values.pop()! : 255;
      pixels.push(...values.map((value) => Math.round((value * alpha + 255 * (255 - alpha)) / 255)));
    }
  return {
    width,
    height,
    channels: samples < 3 && colourType !== 3 ? 1 : 3,
    pixels: Uint8Array.from(pixels),
  };
}

test.each(KINDS)('colour type %d with %d bits, in every size, filter and order', (colourType, depth) => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 1, max: 20 }),
      fc.boolean(),
      fc.string({ maxLength: 4 }),
      (width, height, interlaced, seed) => {
        const kind = { width, height, depth, colourType, interlaced };
        const next = numbers(seed);
        const colours = Math.min(2 ** depth, 200);
        const palette = Uint8Array.from({ length: 3 * colours }, () => next(256));
        const table = Array.from({ length: width * height * 4 }, () =>
          next(colourType === 3 ? colours : 2 ** depth),
        );
        const sampleAt = (x: number, y: number, c: number) => table[4 * (y * width + x) + c]!;
        const before = colourType === 3 ? [chunk('PLTE', palette)] : [];
        const file = pngOf(
          kind,
          scanlines(kind, sampleAt, () => next(5)),
          before,
        );
        expect(decodePng(file, LIMIT)).toEqual(expected(kind, sampleAt, palette));
      },
    ),
    { numRuns: 12 },
  );
});

test('a colour that stands for transparent becomes white, and its neighbours do not', () => {
  const grey = { width: 3, height: 1, depth: 16, colourType: 0 };
  const lines = scanlines(grey, (x) => [0x0a0b, 0x0a0c, 0x0b0b][x]!);
  expect([...decodePng(pngOf(grey, lines, [chunk('tRNS', [0x0a, 0x0b])]), LIMIT).pixels]).toEqual([
    255, 10, 11,
  ]);
  const rgb = { width: 2, height: 1, depth: 8, colourType: 2 };
  const two = scanlines(rgb, (x, _, c) => [1, 2, 3 + x][c]!);
  expect([...decodePng(pngOf(rgb, two, [chunk('tRNS', [0, 1, 0, 2, 0, 3])]), LIMIT).pixels]).toEqual([
    255, 255, 255, 1, 2, 4,
  ]);
  const indexed = { width: 3, height: 1, depth: 2, colourType: 3 };
  const palette = chunk('PLTE', [0, 0, 0, 10, 20, 30, 200, 0, 100]);
  const three = pngOf(
    indexed,
    scanlines(indexed, (x) => x),
    [palette, chunk('tRNS', [0, 255])],
  );
  expect([...decodePng(three, LIMIT).pixels]).toEqual([255, 255, 255, 10, 20, 30, 200, 0, 100]);
});

const SMALL = { width: 4, height: 3, depth: 8, colourType: 0 };
const LINES = scanlines(SMALL, (x, y) => 20 * x + y);
const DATA = zlibSync(LINES);
const END = chunk('IEND');
const PIXELS = [0, 20, 40, 60, 1, 21, 41, 61, 2, 22, 42, 62];
const file = (...chunks: Uint8Array[]) => join(SIGNATURE, header(SMALL), ...chunks);
const IDAT = chunk('IDAT', DATA);

test.each([
  ['bytes after the end', file(IDAT, END, Uint8Array.of(1, 2, 3))],
  ['a private chunk', file(chunk('idOT', [0, 0, 0, 2]), IDAT, END)],
  ['an orientation, which browsers do not follow either', file(chunk('eXIf', [77, 77, 0, 42]), IDAT, END)],
  ['a suggested palette', file(chunk('PLTE', [1, 2, 3]), IDAT, END)],
  ['more data than pixels', file(chunk('IDAT', zlibSync(join(LINES, Array(900).fill(7)))), END)],
  ['a frame of an animation after it', file(IDAT, chunk('fdAT', [0, 0, 0, 1, 9]), END)],
  ['pixels byte by byte', file(...Array.from(DATA, (byte) => chunk('IDAT', [byte])), END)],
])('%s: the picture is read', (_, bytes) => {
  expect([...decodePng(bytes, LIMIT).pixels]).toEqual(PIXELS);
});

const withHeader = (...bytes: number[]) => {
  const data = join([0, 0, 0, 4, 0, 0, 0, 3, 8, 0, 0, 0, 0]);
  data.set(bytes, 8);
  return join(SIGNATURE, chunk('IHDR', data), IDAT, END);
};
const flipped = (bytes: Uint8Array, at: number) => bytes.with(at, bytes[at]! ^ 1);

test.each([
  ['no end', file(IDAT), 'png: truncated at byte 68: the end (IEND) is missing'],
  [
    'a chunk that runs out',
    file(IDAT).subarray(0, 60),
    'png: truncated: a chunk of 23 bytes runs past byte 60',
  ],
  ['no pixels', file(END), 'png: no pixels (IDAT) are there'],
  [
    'too few lines',
    file(chunk('IDAT', zlibSync(LINES.subarray(0, 10))), END),
    'png: the data end in line 3, too early for 4×3 pixels',
  ],
  [
    'a wrong checksum of a chunk',
    flipped(file(IDAT, END), 50),
    'png: damaged: the checksum of IDAT is wrong',
  ],
  [
    'a wrong checksum of the pixels',
    file(chunk('IDAT', flipped(DATA, DATA.length - 1)), END),
    'png: damaged: the checksum of the pixels is wrong',
  ],
  ['no header', join(SIGNATURE, IDAT, END), 'png: the first chunk must be IHDR'],
  ['two headers', file(header(SMALL), IDAT, END), 'png: IHDR is there twice'],
  ['an unknown chunk', file(chunk('ABCD'), IDAT, END), "png: the chunk 'ABCD' is needed, and unknown here"],
  [
    "Apple's variant",
    join(SIGNATURE, chunk('CgBI', [0, 0, 0, 2]), header(SMALL), IDAT, END),
    "png: Apple's variant (CgBI) of PNG; save the picture again as a plain PNG",
  ],
  [
    'pixels in two places',
    file(IDAT, chunk('tEXt'), chunk('IDAT', [0]), END),
    'png: other chunks stand between those of IDAT',
  ],
  ['no zlib stream', file(chunk('IDAT', [1, 2, 3]), END), 'png: damaged: no zlib stream begins here'],
  ['no colour type', withHeader(8, 5), 'png: colour type 5 does not exist'],
  ['no compression', withHeader(8, 0, 1), 'png: compression 1 with filter 0 does not exist'],
  ['no interlacing', withHeader(8, 0, 0, 0, 2), 'png: interlace method 2 does not exist'],
  ['no palette', withHeader(8, 3), 'png: the palette (PLTE) is missing'],
  [
    'a colour that the palette lacks',
    pngOf({ ...SMALL, colourType: 3 }, LINES, [chunk('PLTE', [1, 2, 3])]),
    'png: damaged: colour 20 of a palette of 1',
  ],
  ['a filter that does not exist', pngOf(SMALL, LINES.with(0, 9)), 'png: damaged: filter 9 does not exist'],
  ['nothing in it', pngOf({ ...SMALL, width: 0 }, LINES), 'png: 0×3 is empty'],
])('%s: an error in words', (_, bytes, message) => {
  expect(() => decodePng(bytes, LIMIT)).toThrow(message);
});

test('a colour type and a depth that do not belong together are refused', () => {
  const all = [0, 2, 3, 4, 6].flatMap((colourType) =>
    [1, 2, 3, 4, 8, 16].map((depth) => [colourType, depth]),
  );
  const legal = KINDS.map(String);
  for (const [colourType, depth] of all.filter((pair) => !legal.includes(String(pair))))
    expect(() => decodePng(withHeader(depth!, colourType!), LIMIT)).toThrow(
      `png: colour type ${colourType} with ${depth} bits does not exist`,
    );
});

test('a file is refused by its sides before anything is unpacked', () => {
  const wide = pngOf({ ...SMALL, width: 5000, height: 1 }, LINES);
  expect(() => openPng(wide, { ...LIMIT, maxSide: 4096 })).toThrow(
    'png: 5000×1 is more than 4096 pixels wide or high',
  );
  expect(() => openPng(wide, { maxPixels: 4999 })).toThrow('png: 5000×1 is more than 4999 pixels');
});
