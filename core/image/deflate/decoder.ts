// Canonical prefix codes as tables to read them with (RFC 1951, 3.2.2): short codes by one look, long ones by length.
import { Unreadable } from '../../unreadable.ts';
import { DISTANCES, fixedDistances, fixedLiterals } from './symbols.ts';

const MAX_BITS = 15;
/** Codes of so many bits at most are found by one look. */
const TABLE_BITS = 9;
const MAX_SYMBOLS = 288;

export type Decoder = {
  /** The next nine bits of the stream → `symbol << 4 | length` of the code they begin with; 0 for a longer one. */
  table: Uint16Array;
  /** Number of codes of each length, and their symbols in the order of the codes. */
  counts: Uint16Array;
  symbols: Uint16Array;
};

export const createDecoder = (): Decoder => ({
  table: new Uint16Array(1 << TABLE_BITS),
  counts: new Uint16Array(MAX_BITS + 1),
  symbols: new Uint16Array(MAX_SYMBOLS),
});

const places = new Uint16Array(MAX_BITS + 2);
const codes = new Uint16Array(MAX_BITS + 1);

/**
 * The code whose `n` lengths begin at `start`. @throws Error when there are more codes than bits can tell apart, or
 * fewer than fill them, unless there is one code or none.
 */
export function fillDecoder(
  { table, counts, symbols }: Decoder,
  lengths: Uint8Array,
  start: number,
  n: number,
): void {
  counts.fill(0);
  for (let i = 0; i < n; i++) counts[lengths[start + i]!]!++;
  counts[0] = 0;
  let left = 1;
  let used = 0;
  for (let bits = 1, code = 0; bits <= MAX_BITS; bits++) {
    codes[bits] = code;
    places[bits] = used;
    left = 2 * left - counts[bits]!;
    if (left < 0) throw new Unreadable('deflate: a block has more codes than fit');
    used += counts[bits]!;
    code = (code + counts[bits]!) << 1;
  }
  if (left > 0 && !(used <= 1 && counts[1] === used))
    throw new Unreadable('deflate: a block has too few codes');
  table.fill(0);
  for (let symbol = 0; symbol < n; symbol++) {
    const length = lengths[start + symbol]!;
    if (length === 0) continue;
    symbols[places[length]!++] = symbol;
    const code = codes[length]!++;
    if (length > TABLE_BITS) continue;
    let reversed = 0;
    for (let bit = 0; bit < length; bit++) reversed |= ((code >>> bit) & 1) << (length - 1 - bit);
    for (let i = reversed; i < table.length; i += 1 << length) table[i] = (symbol << 4) | length;
  }
}

let fixed: { literal: Decoder; distance: Decoder } | undefined;

/** The codes of a block that brings none. */
export function fixedDecoders(): { literal: Decoder; distance: Decoder } {
  if (fixed) return fixed;
  fixed = { literal: createDecoder(), distance: createDecoder() };
  fillDecoder(fixed.literal, fixedLiterals.lengths, 0, fixedLiterals.lengths.length);
  // Two symbols that no stream uses complete the code of distances.
  const lengths = new Uint8Array(DISTANCES + 2).fill(fixedDistances.lengths[0]!);
  fillDecoder(fixed.distance, lengths, 0, lengths.length);
  return fixed;
}
