// A zlib compressor (RFC 1950, RFC 1951) in integer arithmetic: the same bytes give the same stream in every engine.
import { align, put, type Sink } from './bits.ts';
import { adler32 } from './checksum.ts';
import { planHeader, writeHeader } from './header.ts';
import { bitsOf, type Code, canonicalCodes, codeLengths, createCode } from './huffman.ts';
import { openWindow, readTokens, type Search, tokens } from './lz77.ts';
import {
  DISTANCES,
  distanceBase,
  distanceExtra,
  distanceSymbol,
  END_OF_BLOCK,
  fixedDistances,
  fixedLiterals,
  LITERALS,
  lengthBase,
  lengthExtra,
  lengthSymbol,
} from './symbols.ts';

const MAX_BITS = 15;
const MAX_STORED = 65535;
const FIXED = 1;
const DYNAMIC = 2;

const literals = createCode(LITERALS);
const literalCounts = new Uint32Array(LITERALS);
const distances = createCode(DISTANCES);
const distanceCounts = new Uint32Array(DISTANCES);

function writeStored(sink: Sink, data: Uint8Array, final: number): void {
  let from = 0;
  do {
    const size = Math.min(MAX_STORED, data.length - from);
    put(sink, from + size === data.length ? final : 0, 3);
    align(sink);
    put(sink, size, 16);
    put(sink, ~size & 0xffff, 16);
    sink.bytes.set(data.subarray(from, from + size), sink.at);
    sink.at += size;
    from += size;
  } while (from < data.length);
}

/** The first `count` tokens and the end of the block. No branch depends on how many bits a code has. */
function writeTokens(sink: Sink, count: number, { codes: literal }: Code, { codes: distance }: Code): void {
  const { bytes } = sink;
  let { at, buffer, filled } = sink;
  for (let i = 0; i < count; i++) {
    const token = tokens[i]!;
    let entry: number;
    if (token < END_OF_BLOCK) entry = literal[token]!;
    else {
      const length = token >>> 16;
      const symbol = lengthSymbol[length]!;
      entry = literal[END_OF_BLOCK + 1 + symbol]!;
      buffer |= (entry >>> 4) << filled;
      filled += entry & 15;
      buffer |= (length - lengthBase[symbol]!) << filled;
      filled += lengthExtra[symbol]!;
      bytes[at] = buffer;
      bytes[at + 1] = buffer >>> 8;
      bytes[at + 2] = buffer >>> 16;
      at += filled >>> 3;
      buffer >>>= filled & ~7;
      filled &= 7;

      const far = token & 0xffff;
      const farSymbol = distanceSymbol(far);
      entry = distance[farSymbol]!;
      buffer |= (entry >>> 4) << filled;
      filled += entry & 15;
      bytes[at] = buffer;
      bytes[at + 1] = buffer >>> 8;
      at += filled >>> 3;
      buffer >>>= filled & ~7;
      filled &= 7;
      entry = ((far - distanceBase[farSymbol]!) << 4) | distanceExtra[farSymbol]!;
    }
    buffer |= (entry >>> 4) << filled;
    filled += entry & 15;
    bytes[at] = buffer;
    bytes[at + 1] = buffer >>> 8;
    at += filled >>> 3;
    buffer >>>= filled & ~7;
    filled &= 7;
  }
  sink.at = at;
  sink.buffer = buffer;
  sink.filled = filled;
  const end = literal[END_OF_BLOCK]!;
  put(sink, end >>> 4, end & 15);
}

/** One block of the first `count` tokens, which stand for `data`, in whichever of the three kinds is shortest. */
function writeBlock(sink: Sink, count: number, data: Uint8Array, final: number): void {
  literalCounts.fill(0);
  distanceCounts.fill(0);
  literalCounts[END_OF_BLOCK] = 1;
  let extraBits = 0;
  for (let i = 0; i < count; i++) {
    const token = tokens[i]!;
    if (token < END_OF_BLOCK) literalCounts[token]!++;
    else {
      const length = lengthSymbol[token >>> 16]!;
      const distance = distanceSymbol(token & 0xffff);
      literalCounts[END_OF_BLOCK + 1 + length]!++;
      distanceCounts[distance]!++;
      extraBits += lengthExtra[length]! + distanceExtra[distance]!;
    }
  }
  const literalEnd = codeLengths(literalCounts, MAX_BITS, literals.lengths);
  const distanceEnd = Math.max(1, codeLengths(distanceCounts, MAX_BITS, distances.lengths));
  const dynamicBits =
    planHeader(literals, literalEnd, distances, distanceEnd) +
    bitsOf(literalCounts, literals.lengths) +
    bitsOf(distanceCounts, distances.lengths) +
    extraBits;
  const fixedBits =
    bitsOf(literalCounts, fixedLiterals.lengths) + bitsOf(distanceCounts, fixedDistances.lengths) + extraBits;
  const storedBits = 8 * (data.length + 5 * Math.max(1, Math.ceil(data.length / MAX_STORED)));
  if (storedBits < Math.min(dynamicBits, fixedBits)) {
    writeStored(sink, data, final);
  } else if (fixedBits <= dynamicBits) {
    put(sink, (FIXED << 1) | final, 3);
    writeTokens(sink, count, fixedLiterals, fixedDistances);
  } else {
    put(sink, (DYNAMIC << 1) | final, 3);
    writeHeader(sink, literalEnd, distanceEnd);
    canonicalCodes(literals, literalEnd);
    canonicalCodes(distances, distanceEnd);
    writeTokens(sink, count, literals, distances);
  }
}

/** Bytes of room that `writeZlib` needs for `n` bytes. */
export const zlibBound = (n: number): number => n + (n >>> 10) + 64;

/**
 * Compresses `data` into `out` from `at` on, where there must be `zlibBound(data.length)` bytes of room. Returns where
 * the stream ends.
 */
export function writeZlib(data: Uint8Array, out: Uint8Array, at: number, search: Search): number {
  const sink: Sink = { bytes: out, at, buffer: 0, filled: 0 };
  put(sink, 0x9c78, 16);
  const first = openWindow(data.length);
  let from = 0;
  do {
    const { count, end } = readTokens(data, from, first, search);
    writeBlock(sink, count, data.subarray(from, end), end === data.length ? 1 : 0);
    from = end;
  } while (from < data.length);
  align(sink);
  const sum = adler32(data);
  for (let shift = 24; shift >= 0; shift -= 8) put(sink, (sum >>> shift) & 0xff, 8);
  return sink.at;
}
