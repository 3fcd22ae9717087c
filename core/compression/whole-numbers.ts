// Whole numbers as slots: by the table of a Gaussian, and by an Elias gamma code (1975) beyond its ends, so that every
// number there can be has a code.
import type { Slot, SlotReader } from './arithmetic.ts';
import { numberAt, slotOf, TABLE_BITS, type Table } from './gaussian.ts';

const HALVES: readonly Slot[] = [0, 1].map((start) => ({ start, frequency: 1, bits: 1 }));
/** Of the gamma code: numbers beyond the end of a table are below 2 to this power. */
const MAX_GAMMA_BITS = 20;
/** The largest number, up to its sign, that a latent can have. */
export const MAX_NUMBER = 2 ** MAX_GAMMA_BITS;
/** Information that a number has at most, bits. */
export const MAX_BITS = TABLE_BITS + 2 * MAX_GAMMA_BITS + 1;

/** The slots of k, at most MAX_NUMBER up to its sign. */
export function slotsOf(table: Table, k: number): Slot[] {
  const rest = Math.abs(k) - table.most + 1;
  if (rest <= 0) return [slotOf(table, k)];
  // As many zeros as there are bits after the first, then the bits.
  const digits = rest.toString(2);
  const gamma = [...digits.slice(1).replaceAll('1', '0'), ...digits].map((bit) => HALVES[Number(bit)]!);
  return [slotOf(table, k < 0 ? -table.most : table.most), ...gamma];
}

/** Reads a number; nothing when the code goes on for longer than any number's. */
export function readNumber(reader: SlotReader, table: Table): number | undefined {
  const k = numberAt(table, reader.peek(TABLE_BITS));
  reader.take(slotOf(table, k));
  if (Math.abs(k) < table.most) return k;
  const bit = () => {
    const value = reader.peek(1);
    reader.take(HALVES[value]!);
    return value;
  };
  let zeros = 0;
  while (bit() === 0) if (++zeros > MAX_GAMMA_BITS) return undefined;
  let rest = 1;
  for (let i = 0; i < zeros; i++) rest = 2 * rest + bit();
  return Math.sign(k) * (table.most + rest - 1);
}
