// The header of a dynamic block (RFC 1951, 3.2.7): the lengths of both codes.
import { put, type Sink } from './bits.ts';
import type { Code } from './huffman.ts';
import { planLengths, writeLengthCode, writeLengths } from './lengths.ts';
import { DISTANCES, LITERALS } from './symbols.ts';

const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

const lengths = new Uint8Array(LITERALS + DISTANCES);

/** Prepares the header of the first `literalEnd` and `distanceEnd` lengths of two codes. Returns its length in bits. */
export function planHeader(literals: Code, literalEnd: number, distances: Code, distanceEnd: number): number {
  lengths.set(literals.lengths);
  lengths.set(distances.lengths, literalEnd);
  return 10 + planLengths(lengths, literalEnd + distanceEnd, ORDER);
}

/** Writes the header that was planned last. */
export function writeHeader(sink: Sink, literalEnd: number, distanceEnd: number): void {
  put(sink, literalEnd - 257, 5);
  put(sink, distanceEnd - 1, 5);
  writeLengthCode(sink, ORDER);
  writeLengths(sink);
}
