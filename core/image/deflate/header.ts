// The header of a dynamic block (RFC 1951, 3.2.7): the lengths of both codes, repetitions counted, in a third code.
import { put, type Sink } from './bits.ts';
import { bitsOf, type Code, canonicalCodes, codeLengths, createCode } from './huffman.ts';
import { DISTANCES, LITERALS } from './symbols.ts';

const SYMBOLS = 19;
const MAX_BITS = 7;
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const REPEAT = 16; // the last length 3 to 6 times
const ZEROS = 17; // 3 to 10 times
const MANY_ZEROS = 18; // 11 to 138 times
const extraBits = new Uint8Array(SYMBOLS);
extraBits.set([2, 3, 7], REPEAT);

const code = createCode(SYMBOLS);
const counts = new Uint32Array(SYMBOLS);
const lengths = new Uint8Array(LITERALS + DISTANCES);
/** `extra << 8 | symbol` */
const headerTokens = new Uint16Array(LITERALS + DISTANCES);
let described = 0;
let listed = 0;

function describe(n: number): void {
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
    headerTokens[described++] = (extra << 8) | symbol;
    counts[symbol]!++;
    i += run;
  }
}

/** Prepares the header of the first `literalEnd` and `distanceEnd` lengths of two codes. Returns its length in bits. */
export function planHeader(literals: Code, literalEnd: number, distances: Code, distanceEnd: number): number {
  lengths.set(literals.lengths);
  lengths.set(distances.lengths, literalEnd);
  describe(literalEnd + distanceEnd);
  codeLengths(counts, MAX_BITS, code.lengths);
  listed = SYMBOLS;
  while (code.lengths[ORDER[listed - 1]!] === 0) listed--;
  return 14 + 3 * listed + bitsOf(counts, code.lengths) + bitsOf(counts, extraBits);
}

/** Writes the header that was planned last. */
export function writeHeader(sink: Sink, literalEnd: number, distanceEnd: number): void {
  put(sink, literalEnd - 257, 5);
  put(sink, distanceEnd - 1, 5);
  put(sink, listed - 4, 4);
  for (let i = 0; i < listed; i++) put(sink, code.lengths[ORDER[i]!]!, 3);
  canonicalCodes(code, SYMBOLS);
  for (let i = 0; i < described; i++) {
    const symbol = headerTokens[i]! & 0xff;
    const entry = code.codes[symbol]!;
    const bits = entry & 15;
    put(sink, ((headerTokens[i]! >>> 8) << bits) | (entry >>> 4), bits + extraBits[symbol]!);
  }
}
