// Lengths of codes, repetitions counted, in a code of their own: as deflate has them (RFC 1951, 3.2.7), and lossless WebP
// in another order (RFC 9649, 3.7.2.1.2).
import { put, type Sink } from './bits.ts';
import { bitsOf, canonicalCodes, codeLengths, createCode } from './huffman.ts';

const SYMBOLS = 19;
const MAX_BITS = 7;
const MAX_LENGTHS = 320;
const REPEAT = 16; // the last length 3 to 6 times
const ZEROS = 17; // 3 to 10 times
const MANY_ZEROS = 18; // 11 to 138 times
const extraBits = new Uint8Array(SYMBOLS);
extraBits.set([2, 3, 7], REPEAT);

const code = createCode(SYMBOLS);
const counts = new Uint32Array(SYMBOLS);
/** `extra << 8 | symbol` */
const tokens = new Uint16Array(MAX_LENGTHS);
let described = 0;
let listed = 0;

function describe(lengths: Uint8Array, n: number): void {
  counts.fill(0);
  described = 0;
  for (let i = 0; i < n; ) {
    const length = lengths[i]!;
    let run = 1;
    while (i + run < n && run < 138 && lengths[i + run] === length) run++;
    let symbol = length;
    let extra = 0;
    if (length === 0 && run >= 3) {
      symbol = run < 11 ? ZEROS : MANY_ZEROS;
      extra = run - (run < 11 ? 3 : 11);
    } else if (i > 0 && lengths[i - 1] === length && run >= 3) {
      run = Math.min(run, 6);
      symbol = REPEAT;
      extra = run - 3;
    } else run = 1;
    tokens[described++] = (extra << 8) | symbol;
    counts[symbol]!++;
    i += run;
  }
}

/** Prepares the first `n` lengths; `order` is that of the lengths of their code. Returns the bits of all of it. */
export function planLengths(lengths: Uint8Array, n: number, order: readonly number[]): number {
  describe(lengths, n);
  codeLengths(counts, MAX_BITS, code.lengths);
  listed = SYMBOLS;
  while (listed > 4 && code.lengths[order[listed - 1]!] === 0) listed--;
  return 4 + 3 * listed + bitsOf(counts, code.lengths) + bitsOf(counts, extraBits);
}

/** Writes the code of the lengths that were planned last. */
export function writeLengthCode(sink: Sink, order: readonly number[]): void {
  put(sink, listed - 4, 4);
  for (let i = 0; i < listed; i++) put(sink, code.lengths[order[i]!]!, 3);
  canonicalCodes(code, SYMBOLS);
}

/** Writes the lengths that were planned last. */
export function writeLengths(sink: Sink): void {
  for (let i = 0; i < described; i++) {
    const symbol = tokens[i]! & 0xff;
    const entry = code.codes[symbol]!;
    const bits = entry & 15;
    put(sink, ((tokens[i]! >>> 8) << bits) | (entry >>> 4), bits + extraBits[symbol]!);
  }
}
