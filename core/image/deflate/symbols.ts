// The alphabets of deflate (RFC 1951, 3.2.5 and 3.2.6): lengths and distances as symbols with extra bits, fixed codes.
import { canonicalCodes, createCode } from './huffman.ts';

export const END_OF_BLOCK = 256;
export const LITERALS = 286;
export const DISTANCES = 30;

/** Match lengths 3…258 and distances 1…32768: value → symbol; symbol → smallest value, number of extra bits. */
export const lengthSymbol = new Uint8Array(259);
export const lengthBase = new Uint16Array(29);
export const lengthExtra = new Uint8Array(29);
/** Distances up to 256 one by one, then in steps of 128. */
const distanceSymbols = new Uint8Array(512);
export const distanceBase = new Uint16Array(DISTANCES);
export const distanceExtra = new Uint8Array(DISTANCES);

for (let symbol = 0, length = 3; symbol < 28; symbol++) {
  lengthBase[symbol] = length;
  lengthExtra[symbol] = symbol < 8 ? 0 : (symbol >> 2) - 1;
  const end = length + (1 << lengthExtra[symbol]!);
  lengthSymbol.fill(symbol, length, end);
  length = end;
}
// The longest match has a symbol of its own.
lengthBase[28] = 258;
lengthSymbol[258] = 28;
for (let symbol = 0, distance = 1; symbol < DISTANCES; symbol++) {
  distanceBase[symbol] = distance;
  distanceExtra[symbol] = symbol < 4 ? 0 : (symbol >> 1) - 1;
  const end = distance + (1 << distanceExtra[symbol]!);
  if (distance <= 256) distanceSymbols.fill(symbol, distance - 1, end - 1);
  else distanceSymbols.fill(symbol, 256 + ((distance - 1) >> 7), 256 + ((end - 1) >> 7));
  distance = end;
}
export const distanceSymbol = (distance: number): number =>
  distanceSymbols[distance <= 256 ? distance - 1 : 256 + ((distance - 1) >> 7)]!;

export const fixedLiterals = createCode(288);
fixedLiterals.lengths.fill(8).fill(9, 144, 256).fill(7, 256, 280);
canonicalCodes(fixedLiterals, 288);
export const fixedDistances = createCode(DISTANCES);
fixedDistances.lengths.fill(5);
canonicalCodes(fixedDistances, DISTANCES);
