// The decompressor against fflate's compressor and our own, and every way in which a stream can be damaged.
import fc from 'fast-check';
import { zlibSync } from 'fflate';
import { expect, test } from 'vitest';
import { put } from '../../../core/image/deflate/bits.ts';
import { createInflate } from '../../../core/image/deflate/inflate.ts';
import { writeZlib, zlibBound } from '../../../core/image/deflate/zlib.ts';
import { createStream } from '../../../core/sampling/stream.ts';

/** Everything in the stream, `step` bytes at a time, and how it ends. */
function inflate(stream: Uint8Array, step: number) {
  const { take, end } = createInflate(stream, step);
  const parts: number[] = [];
  for (;;) {
    const part = take(step);
    for (const byte of part) parts.push(byte);
    if (part.length < step) return { bytes: Uint8Array.from(parts), end: end() };
  }
}

function own(data: Uint8Array): Uint8Array {
  const out = new Uint8Array(zlibBound(data.length));
  return out.subarray(0, writeZlib(data, out, 0, { stride: 0, far: true }));
}

test('whatever was packed is unpacked, in steps of any size', () => {
  const data = fc
    .record({
      length: fc.integer({ min: 0, max: 120_000 }),
      values: fc.constantFrom(2, 6, 256),
      seed: fc.string(),
    })
    .map(({ length, values, seed }) => {
      const { uint32 } = createStream(seed);
      const bytes = Uint8Array.from({ length }, () => uint32() % values);
      // A repetition from as far away as there can be.
      if (length > 40_000) bytes.copyWithin(32_768, 0, 5000);
      return bytes;
    });
  fc.assert(
    fc.property(
      data,
      fc.constantFrom(1, 257, 5000, 100_000),
      fc.constantFrom(0, 1, 6, 9),
      (bytes, step, level) => {
        for (const stream of [zlibSync(bytes, { level }), own(bytes)]) {
          const back = inflate(stream, step);
          expect(back.end).toBe('whole');
          expect(back.bytes.length === bytes.length && back.bytes.every((byte, i) => byte === bytes[i])).toBe(
            true,
          );
        }
      },
    ),
    { numRuns: 20 },
  );
});

const hex = (text: string) => Uint8Array.from(text.match(/../g)!, (byte) => Number.parseInt(byte, 16));
/** One byte 'a' in a block of the fixed code. */
const A = '789c4b040000620062';

/** A last block of [value, bits] after its kind: 1 of the fixed code, 2 of a code of its own. */
function block(kind: number, ...fields: [value: number, bits: number][]): Uint8Array {
  const sink = { bytes: new Uint8Array(300), at: 0, buffer: 0, filled: 0 };
  for (const [value, bits] of [[0x9c78, 16], [1 | (kind << 1), 3], ...fields] as [number, number][])
    put(sink, value, bits);
  return sink.bytes;
}
/** Lengths, 3 bits each, of the code of lengths; `at` are places in the order of RFC 1951, 3.2.7. */
const lengths = (listed: number, at: Record<number, number>): [number, number][] => [
  [0, 5],
  [0, 5],
  [listed - 4, 4],
  ...Array.from({ length: listed }, (_, i): [number, number] => [at[i] ?? 0, 3]),
];

test.each([
  ['no zlib stream begins here', hex('789d4b040000620062')],
  ['no zlib stream begins here', hex('78bb4b040000620062')],
  ['the data end in the middle', hex('789c4b')],
  ['the data end in the middle', hex('789c010500faff61')],
  ['the data end before their checksum', hex(A.slice(0, -2))],
  ['the length of a block is damaged', hex('789c010500faee6162636465')],
  ['a block is of a kind that does not exist', block(3)],
  // Length 3 (code 1 of 7 bits, from its top), then distance 1, and symbol 30.
  ['a repetition reaches before the beginning', block(1, [64, 7], [0, 5])],
  ['a distance has no meaning', block(1, [64, 7], [15, 5])],
  // Symbol 287: code 199 of 8 bits.
  ['a length has no meaning', block(1, [0b11100011, 8])],
  ['a block has too many codes', block(2, [30, 5])],
  ['a block has more codes than fit', block(2, ...lengths(4, { 0: 1, 1: 1, 2: 1 }))],
  ['a block has too few codes', block(2, ...lengths(4, { 0: 2, 3: 2 }))],
  ['a block repeats a length that is not there', block(2, ...lengths(4, { 0: 1, 3: 1 }), [1, 1])],
  // 17: eleven or more zeros; one literal has a code, then 257 lengths are none.
  [
    'a block has no end',
    block(2, ...lengths(18, { 2: 1, 17: 1 }), [0, 1], [1, 1], [127, 7], [1, 1], [108, 7]),
  ],
  ['a code has no meaning', block(2, ...lengths(4, { 0: 1 }), [1, 1])],
])('%s', (rule, stream) => {
  expect(() => inflate(stream, 10)).toThrow(`deflate: ${rule}`);
});

test('a stream that goes on is not followed', () => {
  const { take, end } = createInflate(own(new Uint8Array(1 << 20)), 100);
  expect(take(100)).toEqual(new Uint8Array(100));
  expect(end()).toBe('more');
  expect(inflate(hex(`${A.slice(0, -2)}63`), 10)).toEqual({ bytes: hex('61'), end: 'wrong checksum' });
});
