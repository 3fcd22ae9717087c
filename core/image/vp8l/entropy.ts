// The entropy-coded image of lossless WebP (RFC 9649, 3.7): literals of four channels, and repetitions of the pixel to the
// left or of the line above, which enlarged pictures are full of.
import { put, type Sink } from '../deflate/bits.ts';
import { type Code, canonicalCodes, codeLengths, createCode } from '../deflate/huffman.ts';
import { planLengths, writeLengthCode, writeLengths } from '../deflate/lengths.ts';
import { entropy } from '../filter.ts';

const CHANNEL = 256;
const LENGTHS = 24;
const DISTANCES = 40;
const MAX_BITS = 15;
const MAX_LENGTH = 4096;
/** Shorter repetitions are literals. */
const MIN_LENGTH = 3;
const ORDER = [17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
/** Distances have short codes for near pixels: the first is the one above, the second the one to the left. */
const ABOVE = 0;
const LEFT = 1;

/** Green or length, red, blue, alpha, distance: the order of the codes in a file. */
const codes = [CHANNEL + LENGTHS, CHANNEL, CHANNEL, CHANNEL, DISTANCES].map((symbols) => ({
  counts: new Uint32Array(symbols),
  code: createCode(symbols),
}));
const [green, red, blue, alpha, distance] = codes as [Entry, Entry, Entry, Entry, Entry];
type Entry = { counts: Uint32Array; code: Code };

type Visitor = { literal(argb: number): void; repeat(length: number, distance: number): void };

/** Pixels from `at` that repeat those `back` before. */
function repeated(pixels: Uint32Array, at: number, back: number): number {
  if (back > at) return 0;
  const end = Math.min(pixels.length, at + MAX_LENGTH);
  let i = at;
  while (i < end && pixels[i] === pixels[i - back]) i++;
  return i - at;
}

function walk(pixels: Uint32Array, width: number, { literal, repeat }: Visitor): void {
  for (let i = 0; i < pixels.length; ) {
    const left = repeated(pixels, i, 1);
    const above = repeated(pixels, i, width);
    const length = Math.max(left, above);
    if (length < MIN_LENGTH) literal(pixels[i++]!);
    else {
      repeat(length, above >= left ? ABOVE : LEFT);
      i += length;
    }
  }
}

/** A length as a symbol and further bits (RFC 9649, 3.6.2.2). */
function prefixOf(length: number): { symbol: number; extra: number; bits: number } {
  const value = length - 1;
  if (value < 4) return { symbol: value, extra: 0, bits: 0 };
  const high = 31 - Math.clz32(value);
  const bits = high - 1;
  return { symbol: 2 * high + ((value >>> bits) & 1), extra: value & ((1 << bits) - 1), bits };
}

/** Writes the lengths of a code. One that has a lone symbol takes no bits where it is used. */
function writeCode(sink: Sink, { counts, code }: Entry): void {
  const end = codeLengths(counts, MAX_BITS, code.lengths);
  canonicalCodes(code, counts.length);
  const used = code.lengths.reduce((sum, length) => sum + (length > 0 ? 1 : 0), 0);
  if (used <= 1) {
    const symbol = Math.max(0, end - 1);
    put(sink, 0b101, 3); // simple, one symbol, of 8 bits
    put(sink, symbol, 8);
    code.codes[symbol] = 0;
    return;
  }
  put(sink, 0, 1);
  planLengths(code.lengths, counts.length, ORDER);
  writeLengthCode(sink, ORDER);
  put(sink, 0, 1); // of all symbols
  writeLengths(sink);
}

const writeSymbol = (sink: Sink, { code }: Entry, symbol: number): void => {
  const entry = code.codes[symbol]!;
  put(sink, entry >>> 4, entry & 15);
};

/** Bytes that the codes and pixels of an image take at most. */
export const entropyBound = (pixels: number): number => 8 * pixels + 4096;

/** About what the pixels take, in 256ths of a bit: literals of all channels in one code, repetitions a symbol each. */
export function estimate(pixels: Uint32Array, width: number): number {
  const { counts } = green;
  counts.fill(0);
  walk(pixels, width, {
    literal(argb) {
      for (let shift = 0; shift < 32; shift += 8) counts[(argb >>> shift) & 255]!++;
    },
    repeat(length) {
      counts[CHANNEL + prefixOf(length).symbol]!++;
    },
  });
  return entropy(counts);
}

/** Writes the five codes and the pixels, 0xAARRGGBB, of an image `width` wide. */
export function writeEntropy(sink: Sink, pixels: Uint32Array, width: number): void {
  for (const { counts } of codes) counts.fill(0);
  walk(pixels, width, {
    literal(argb) {
      green.counts[(argb >>> 8) & 255]!++;
      red.counts[(argb >>> 16) & 255]!++;
      blue.counts[argb & 255]!++;
      alpha.counts[argb >>> 24]!++;
    },
    repeat(length, from) {
      green.counts[CHANNEL + prefixOf(length).symbol]!++;
      distance.counts[from]!++;
    },
  });
  for (const entry of codes) writeCode(sink, entry);
  walk(pixels, width, {
    literal(argb) {
      writeSymbol(sink, green, (argb >>> 8) & 255);
      writeSymbol(sink, red, (argb >>> 16) & 255);
      writeSymbol(sink, blue, argb & 255);
      writeSymbol(sink, alpha, argb >>> 24);
    },
    repeat(length, from) {
      const { symbol, extra, bits } = prefixOf(length);
      writeSymbol(sink, green, CHANNEL + symbol);
      put(sink, extra, bits);
      writeSymbol(sink, distance, from);
    },
  });
}
