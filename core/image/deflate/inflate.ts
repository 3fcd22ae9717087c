// A zlib decompressor (RFC 1950, RFC 1951) that is asked for bytes: it never holds more than its window and what one
// question takes, however much the stream would unpack to.
import { Unreadable } from '../../unreadable.ts';
import { adler32 } from './checksum.ts';
import { createDecoder, type Decoder, fillDecoder, fixedDecoders } from './decoder.ts';
import {
  DISTANCES,
  distanceBase,
  distanceExtra,
  END_OF_BLOCK,
  LITERALS,
  lengthBase,
  lengthExtra,
} from './symbols.ts';

const WINDOW = 32_768;
/** Bytes that are unpacked at once, about. */
const STEP = 65_536;
const MAX_MATCH = 258;
const LENGTH_SYMBOLS = 19;
const LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

export type Inflate = {
  /** The next `n` bytes, or fewer where the stream ends; they hold until the next call. @throws Error: damaged. */
  take(n: number): Uint8Array;
  /**
   * Whether the stream ends here: 'more' when it would go on, else whether its checksum is that of the bytes taken.
   * @throws Error: damaged, or cut short.
   */
  end(): 'whole' | 'more' | 'wrong checksum';
};

const fail = (rule: string): never => {
  throw new Unreadable(`deflate: ${rule}`);
};

/** `most`: the largest `n` that `take` is called with. @throws Error when `bytes` do not begin a zlib stream. */
export function createInflate(bytes: Uint8Array, most: number): Inflate {
  if (((bytes[0]! << 8) | bytes[1]!) % 31 !== 0 || (bytes[0]! & 15) !== 8 || (bytes[1]! & 32) !== 0)
    fail('no zlib stream begins here');
  const out = new Uint8Array(WINDOW + Math.max(most, STEP) + MAX_MATCH);
  const limit = out.length - MAX_MATCH;
  const literals = createDecoder();
  const distances = createDecoder();
  const lengths = new Uint8Array(LITERALS + DISTANCES + 2);
  let literal: Decoder = literals;
  let distance: Decoder = distances;
  // Where input is read, and bits that were read ahead; where output is taken from, and where it is written.
  let from = 2;
  let buffer = 0;
  let filled = 0;
  let taken = 0;
  let at = 0;
  let sum = 1;
  let stored = 0;
  let state: 'head' | 'stored' | 'coded' | 'ended' = 'head';
  let final = false;

  /** The next `n` ≤ 16 bits. */
  function bits(n: number): number {
    while (filled < n) {
      if (from >= bytes.length) fail('the data end in the middle');
      buffer |= bytes[from++]! << filled;
      filled += 8;
    }
    const value = buffer & ((1 << n) - 1);
    buffer >>>= n;
    filled -= n;
    return value;
  }

  /** One symbol of a code, bit by bit beyond what its table covers. */
  function symbol({ table, counts, symbols }: Decoder): number {
    while (filled < 15 && from < bytes.length) {
      buffer |= bytes[from++]! << filled;
      filled += 8;
    }
    const entry = table[buffer & (table.length - 1)]!;
    let length = entry & 15;
    let found = entry >>> 4;
    if (entry === 0) {
      found = -1;
      for (let code = 0, first = 0, index = 0; length < 15 && found < 0; ) {
        code |= (buffer >>> length) & 1;
        length += 1;
        const count = counts[length]!;
        if (code - first < count) found = symbols[index + code - first]!;
        index += count;
        first = (first + count) << 1;
        code <<= 1;
      }
    }
    if (length > filled) fail('the data end in the middle');
    if (found < 0) fail('a code has no meaning');
    buffer >>>= length;
    filled -= length;
    return found;
  }

  function readLengths(): void {
    const literalCount = bits(5) + 257;
    const distanceCount = bits(5) + 1;
    const listed = bits(4) + 4;
    if (literalCount > LITERALS || distanceCount > DISTANCES) fail('a block has too many codes');
    lengths.fill(0, 0, LENGTH_SYMBOLS);
    for (let i = 0; i < listed; i++) lengths[LENGTH_ORDER[i]!] = bits(3);
    fillDecoder(literals, lengths, 0, LENGTH_SYMBOLS);
    for (let i = 0; i < literalCount + distanceCount; ) {
      const kind = symbol(literals);
      if (kind < 16) {
        lengths[i++] = kind;
        continue;
      }
      if (kind === 16 && i === 0) fail('a block repeats a length that is not there');
      const value = kind === 16 ? lengths[i - 1]! : 0;
      const repeat = kind === 16 ? 3 + bits(2) : kind === 17 ? 3 + bits(3) : 11 + bits(7);
      if (i + repeat > literalCount + distanceCount) fail('a block has too many codes');
      lengths.fill(value, i, i + repeat);
      i += repeat;
    }
    if (lengths[END_OF_BLOCK] === 0) fail('a block has no end');
    fillDecoder(literals, lengths, 0, literalCount);
    fillDecoder(distances, lengths, literalCount, distanceCount);
  }

  function beginBlock(): void {
    if (final) {
      state = 'ended';
      return;
    }
    final = bits(1) === 1;
    const kind = bits(2);
    if (kind === 0) {
      // Whole bytes that were read ahead are given back.
      from -= filled >>> 3;
      buffer = 0;
      filled = 0;
      stored = bits(16);
      if ((bits(16) ^ 0xffff) !== stored) fail('the length of a block is damaged');
      state = 'stored';
      return;
    }
    if (kind === 3) fail('a block is of a kind that does not exist');
    if (kind === 1) ({ literal, distance } = fixedDecoders());
    else {
      readLengths();
      literal = literals;
      distance = distances;
    }
    state = 'coded';
  }

  function copyStored(): void {
    const n = Math.min(stored, limit - at);
    if (from + n > bytes.length) fail('the data end in the middle');
    out.set(bytes.subarray(from, from + n), at);
    from += n;
    at += n;
    stored -= n;
    if (stored === 0) state = 'head';
  }

  /** Literals and repetitions up to the end of the block or of the room; the state is kept in locals, which is quicker. */
  function readCoded(): void {
    const { table } = literal;
    const mask = table.length - 1;
    while (at < limit) {
      let [b, f, i, o] = [buffer, filled, from, at];
      // Literals with short codes, while whole codes are there.
      for (;;) {
        if (f < 15) {
          if (i + 2 > bytes.length) break;
          b |= (bytes[i]! << f) | (bytes[i + 1]! << (f + 8));
          i += 2;
          f += 16;
        }
        const entry = table[b & mask]!;
        if (entry === 0 || entry >= END_OF_BLOCK << 4 || o >= limit) break;
        out[o++] = entry >>> 4;
        b >>>= entry & 15;
        f -= entry & 15;
      }
      [buffer, filled, from, at] = [b, f, i, o];
      if (at >= limit) return;
      const value = symbol(literal);
      if (value < END_OF_BLOCK) out[at++] = value;
      else if (value === END_OF_BLOCK) {
        state = 'head';
        return;
      } else copyMatch(value - END_OF_BLOCK - 1);
    }
  }

  function copyMatch(kind: number): void {
    if (kind >= lengthBase.length) fail('a length has no meaning');
    const length = lengthBase[kind]! + bits(lengthExtra[kind]!);
    const far = symbol(distance);
    if (far >= DISTANCES) fail('a distance has no meaning');
    const back = distanceBase[far]! + bits(distanceExtra[far]!);
    if (back > at) fail('a repetition reaches before the beginning');
    const stop = at + length;
    for (let o = at; o < stop; o++) out[o] = out[o - back]!;
    at = stop;
  }

  /** Unpacks until `n` bytes are there, or the stream ends. */
  function unpack(n: number): void {
    while (at - taken < n && state !== 'ended') {
      if (at >= limit) {
        const start = Math.min(taken, at - WINDOW);
        out.copyWithin(0, start, at);
        at -= start;
        taken -= start;
      }
      if (state === 'coded') readCoded();
      else if (state === 'stored') copyStored();
      else beginBlock();
    }
  }

  return {
    take(n) {
      unpack(n);
      const part = out.subarray(taken, Math.min(at, taken + n));
      taken += part.length;
      sum = adler32(part, sum);
      return part;
    },
    end() {
      unpack(1);
      if (at > taken) return 'more';
      from -= filled >>> 3;
      if (from + 4 > bytes.length) fail('the data end before their checksum');
      const said =
        (bytes[from]! << 24) | (bytes[from + 1]! << 16) | (bytes[from + 2]! << 8) | bytes[from + 3]!;
      return said === sum ? 'whole' : 'wrong checksum';
    },
  };
}
