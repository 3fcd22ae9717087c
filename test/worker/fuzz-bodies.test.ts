// Pictures that are wrong in one chunk or several, JSON of a shape that is nearly right, codes, packed bodies: whatever
// comes in, the answer is in words of ours, short, and never 500; and a number in it is one.
import fc from 'fast-check';
import { gzipSync, zlibSync } from 'fflate';
import { expect, test } from 'vitest';
import { chunk, header, join, SAMPLES, SIGNATURE, scanlines } from '../core/image/make-png.ts';
import { createFixtureApp } from './fixture.ts';
import { FUZZ_TIMEOUT, runs } from './fuzz-runs.ts';

const app = createFixtureApp();
const WORDS_OF_LIBRARIES =
  /Cannot read|undefined|is not a function|Invalid (input|option)|\[object|NaN|at file:/;

async function expectSound(path: string, body: Uint8Array, headers: Record<string, string>): Promise<void> {
  const response = await app.request(path, { method: 'POST', body: body as BodyInit, headers });
  const type = response.headers.get('Content-Type') ?? '';
  const bytes = new Uint8Array(await response.arrayBuffer());
  expect(response.status).toBeLessThan(500);
  if (!type.endsWith('json')) return;
  const text = new TextDecoder().decode(bytes);
  const answer = JSON.parse(text) as Record<string, unknown>;
  if (response.status < 400) {
    expect(text).not.toMatch(/[:,[]null[,\]}]/);
    return;
  }
  expect(bytes.length).toBeLessThan(4000);
  expect(
    JSON.stringify([
      answer.detail,
      (answer.errors as { rule: string }[] | undefined)?.map(({ rule }) => rule),
    ]),
  ).not.toMatch(WORDS_OF_LIBRARIES);
}

const byte = fc.nat(255);
const kinds = fc.record({
  width: fc.integer({ min: 0, max: 12 }),
  height: fc.integer({ min: 0, max: 12 }),
  depth: fc.constantFrom(1, 2, 4, 8, 16, 3),
  colourType: fc.constantFrom(0, 2, 3, 4, 6),
  interlaced: fc.boolean(),
});
type Spoiling = { at: number; byte: number };
const spoil = (bytes: Uint8Array, list: readonly Spoiling[]): Uint8Array => {
  const out = bytes.slice();
  for (const { at, byte: value } of list) if (out.length > 0) out[at % out.length] = value;
  return out;
};
const spoilings = fc.array(fc.record({ at: fc.nat(400), byte }), { maxLength: 2 });

/** A file whose chunks are right by their checksums, and wrong in what they say, in their order or in their number. */
const pictures = fc
  .record({
    kind: fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, kinds),
    good: fc.constantFrom([0, 8], [2, 8], [3, 4], [6, 16], [4, 8], [0, 1]),
    filter: fc.nat(5),
    lines: spoilings,
    packed: spoilings,
    palette: fc.uint8Array({ maxLength: 60 }),
    transparency: fc.option(fc.uint8Array({ maxLength: 8 })),
    extra: fc.option(
      fc.tuple(
        fc.constantFrom('tEXt', 'ABCD', 'IDAT', 'PLTE', 'CgBI', 'IHDR'),
        fc.uint8Array({ maxLength: 9 }),
      ),
    ),
    pieces: fc.integer({ min: 1, max: 3 }),
    ended: fc.boolean(),
    whole: spoilings,
    cut: fc.option(fc.nat(300)),
  })
  .map(({ kind, good, filter, lines, packed, palette, transparency, extra, pieces, ended, whole, cut }) => {
    const [colourType, depth] = good as [number, number];
    const said = kind ?? { width: 9, height: 7, depth, colourType, interlaced: false };
    const most = 2 ** Math.min(said.depth, 16);
    const data = scanlines(
      { ...said, depth: SAMPLES[said.colourType] && [1, 2, 4, 8, 16].includes(said.depth) ? said.depth : 8 },
      (x, y, c) => (x * 7 + y * 3 + c) % most,
      () => filter,
    );
    const stream = spoil(zlibSync(spoil(data, lines)), packed);
    const step = Math.ceil(stream.length / pieces);
    const parts = Array.from({ length: pieces }, (_, i) =>
      chunk('IDAT', stream.subarray(i * step, (i + 1) * step)),
    );
    const file = join(
      SIGNATURE,
      header(said),
      ...(palette.length > 0 ? [chunk('PLTE', palette)] : []),
      ...(transparency ? [chunk('tRNS', transparency)] : []),
      ...(extra ? [chunk(...extra)] : []),
      ...parts,
      ...(ended ? [chunk('IEND')] : []),
    );
    const bad = whole.length === 2 ? spoil(file, whole) : file;
    return cut === null ? bad : bad.subarray(0, bad.length - (cut % 40));
  });

const IMAGE_ROUTES = [
  '/encode',
  '/reconstruct?format=json',
  '/anomaly',
  '/compress?model=tiny@1&format=json',
  '/edit?model=shapes&direction=size&format=json',
  '/classify?model=classes',
  '/complete?model=halves&format=json',
];

test(
  'PNGs, chunk by chunk',
  () =>
    fc.assert(
      fc.asyncProperty(fc.constantFrom(...IMAGE_ROUTES), pictures, fc.boolean(), (path, png, gzip) =>
        expectSound(path, gzip ? gzipSync(png) : png, {
          'Content-Type': 'image/png',
          ...(gzip ? { 'Content-Encoding': 'gzip' } : {}),
        }),
      ),
      runs(400),
    ),
  FUZZ_TIMEOUT,
);

const number = fc.oneof(fc.double(), fc.constantFrom<unknown>(0, 1, 0.5, -1, 100, 1e300, '', null, [], {}));
const bodies = fc.oneof(
  fc.record(
    {
      pixels: fc.oneof(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 }),
        fc.array(number, { maxLength: 6 }),
        number,
      ),
      width: fc.oneof(fc.constant(2), number),
      height: fc.oneof(fc.constant(2), number),
      channels: fc.oneof(fc.constant(1), number),
    },
    { requiredKeys: ['pixels', 'width', 'height'] },
  ),
  fc.record(
    {
      latents: fc.array(
        fc.array(fc.oneof(fc.double({ min: -100, max: 100, noNaN: true }), number), { maxLength: 5 }),
        { maxLength: 4 },
      ),
      codes: fc.array(fc.array(fc.oneof(fc.nat(4), number), { maxLength: 5 }), { maxLength: 3 }),
      labels: fc.array(fc.array(number, { maxLength: 4 }), { maxLength: 3 }),
      code: fc.base64String({ maxLength: 24 }),
    },
    { requiredKeys: [] },
  ),
  fc.dictionary(
    fc.oneof(fc.constantFrom('__proto__', 'constructor', 'pixels', 'toString'), fc.string({ maxLength: 5 })),
    number,
  ),
);

test(
  'JSON, nearly right',
  () =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom(
          ...IMAGE_ROUTES,
          '/decode?model=tiny&format=json',
          '/decode?model=codes&format=json',
          '/decode?model=shapes&label=0&format=json',
          '/decompress?format=json',
        ),
        bodies,
        (path, value) =>
          expectSound(path, new TextEncoder().encode(JSON.stringify(value)), {
            'Content-Type': 'application/json',
          }),
      ),
      runs(300),
    ),
  FUZZ_TIMEOUT,
);

test(
  'codes',
  () =>
    fc.assert(
      fc.asyncProperty(
        fc.tuple(
          fc.constantFrom([0x11, 0, 1], [0x16, 0x0a, 2], [0x15, 0, 1]),
          fc.uint8Array({ maxLength: 60 }),
        ),
        ([head, rest]) =>
          expectSound('/decompress?format=json', Uint8Array.from([...head, ...rest]), {
            'Content-Type': 'application/octet-stream',
          }),
      ),
      runs(150),
    ),
  FUZZ_TIMEOUT,
);
