// The compressor against two independent decoders: the runtime's own and fflate.
import fc from 'fast-check';
import { unzlibSync } from 'fflate';
import { expect, test } from 'vitest';
import { adler32, crc32 } from '../../../core/image/deflate/checksum.ts';
import { bitsOf, canonicalCodes, codeLengths, createCode } from '../../../core/image/deflate/huffman.ts';
import { writeZlib, zlibBound } from '../../../core/image/deflate/zlib.ts';
import { createStream } from '../../../core/sampling/stream.ts';

const hex = (bytes: Uint8Array) => Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
const ascii = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));

/** The stream, written at an offset into room of exactly the promised size; nothing outside it may be touched. */
function compress(data: Uint8Array, search = { stride: 0, far: true }): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(7 + zlibBound(data.length) + 7).fill(0xa5);
  const end = writeZlib(data, out, 7, search);
  expect(end).toBeLessThanOrEqual(out.length - 7);
  expect([...out.subarray(0, 7), ...out.subarray(out.length - 7)]).toEqual(Array(14).fill(0xa5));
  return out.slice(7, end);
}

async function inflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

const same = (a: Uint8Array, b: Uint8Array) => a.length === b.length && a.every((byte, i) => byte === b[i]);

const noise = (length: number, seed: string) => {
  const { uint32 } = createStream(seed);
  return Uint8Array.from({ length }, () => uint32() & 0xff);
};

test.each([
  ['nothing', new Uint8Array(0), '789c030000000001'],
  ['one byte', ascii('a'), '789c4b040000620062'],
  ['a run', new Uint8Array(1000), '789c631805a360140c7b000003e80001'],
  ['a repetition', ascii('the seed is the seed is the seed'), '789c2bc94855284e4d4d51c82c56c0c60600b9d70b3f'],
])('%s, byte for byte', (_, data, expected) => {
  expect(hex(compress(data))).toBe(expected);
  expect(same(unzlibSync(compress(data)), data)).toBe(true);
});

/** The same noise three times. */
function repeated(length: number): Uint8Array {
  const all = new Uint8Array(3 * length);
  for (let i = 0; i < 3; i++) all.set(noise(length, 'repeated'), i * length);
  return all;
}

type Piece =
  | { kind: 'bytes'; bytes: Uint8Array }
  | { kind: 'run'; byte: number; length: number }
  | { kind: 'copy'; back: number; length: number };

/** Pieces of noise, of few values, of runs and of copies of what came before. */
const pieces: fc.Arbitrary<Piece[]> = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('bytes' as const), bytes: fc.uint8Array({ maxLength: 300 }) }),
    fc.record({ kind: fc.constant('bytes' as const), bytes: fc.uint8Array({ max: 3, maxLength: 300 }) }),
    fc.record({ kind: fc.constant('run' as const), byte: fc.nat(255), length: fc.nat(1200) }),
    fc.record({ kind: fc.constant('copy' as const), back: fc.nat(40_000), length: fc.nat(1200) }),
  ),
  { maxLength: 60 },
);

function assemble(parts: readonly Piece[]): Uint8Array {
  const bytes: number[] = [];
  for (const part of parts) {
    if (part.kind === 'bytes') bytes.push(...part.bytes);
    else
      for (let i = 0; i < part.length; i++)
        bytes.push(part.kind === 'run' ? part.byte : (bytes[bytes.length - 1 - part.back] ?? 0));
  }
  return Uint8Array.from(bytes);
}

test('what is compressed comes back, whatever it is and whatever came before', async () => {
  await fc.assert(
    fc.asyncProperty(pieces, fc.nat(300), fc.boolean(), async (parts, stride, far) => {
      const data = assemble(parts);
      const bytes = compress(data, { stride, far });
      expect(same(unzlibSync(bytes), data)).toBe(true);
      expect(same(await inflate(bytes), data)).toBe(true);
    }),
    { numRuns: 150 },
  );
});

test.each([
  ['noise is stored', noise(200_000, 'noise'), 200_080],
  ['a long run', new Uint8Array(1_000_000), 1100],
  ['noise that repeats at the edge of the window', repeated(32_767), 34_000],
  ['noise that repeats outside the window', repeated(32_769), 3 * 32_769 + 60],
])('%s', async (_, data, most) => {
  const bytes = compress(data);
  expect(bytes.length).toBeLessThanOrEqual(most);
  expect(same(unzlibSync(bytes), data)).toBe(true);
  expect(same(await inflate(bytes), data)).toBe(true);
});

test('bytes do not depend on what was compressed before', () => {
  const data = ascii('seed '.repeat(400));
  const before = compress(data);
  compress(noise(70_000, 'between'));
  compress(new Uint8Array(70_000));
  expect(hex(compress(data))).toBe(hex(before));
});

test('code lengths are a complete prefix code within the limit, and no longer than they need be', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.constant(0), fc.nat(10), fc.nat(100_000)), { minLength: 2, maxLength: 286 }),
      fc.constantFrom(9, 15),
      (list, limit) => {
        const frequencies = Uint32Array.from(list);
        const code = createCode(frequencies.length);
        const end = codeLengths(frequencies, limit, code.lengths);
        canonicalCodes(code, end);
        const used = list.filter((frequency) => frequency > 0).length;
        expect([...code.lengths].filter((length) => length > 0).length).toBe(used);
        expect(Math.max(...code.lengths)).toBeLessThanOrEqual(limit);
        if (used < 2) return;
        expect([...code.lengths].reduce((sum, length) => sum + (length && 2 ** -length), 0)).toBe(1);
        // Within one bit a symbol of the entropy, where the limit does not bind.
        const all = list.reduce((a, b) => a + b, 0);
        const entropy = list.reduce((sum, f) => sum + (f && f * Math.log2(all / f)), 0);
        if (limit === 15) expect(bitsOf(frequencies, code.lengths)).toBeLessThan(entropy + all);
      },
    ),
    { numRuns: 200 },
  );
});

test('checksums: the values of the standards', () => {
  expect(crc32(ascii('123456789')) >>> 0).toBe(0xcbf43926);
  expect(crc32(ascii('..123456789'), 2) >>> 0).toBe(0xcbf43926);
  expect(adler32(ascii('Wikipedia')) >>> 0).toBe(0x11e60398);
  expect(adler32(new Uint8Array(100_000).fill(255)) >>> 0).toBe(0x149a302c);
});
