// Arithmetic coding (Witten, Neal & Cleary 1987) in whole numbers without bound: no carries and no renormalisation,
// and the code is the shortest there is, which counts where a code has ten bytes.

/** A share of the code space: from `start` on, `frequency` parts of `TOTAL`; frequencies are at least 1. */
export type Slot = { start: number; frequency: number };

const TOTAL_BITS = 16;
export const TOTAL = 2 ** TOTAL_BITS;
const SHIFT = BigInt(TOTAL_BITS);

/** Big-endian bytes of `value`, `length` of them. */
function toBytes(value: bigint, length: number): Uint8Array<ArrayBuffer> {
  const hex = value.toString(16).padStart(2 * length, '0');
  return Uint8Array.from({ length }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
}

function fromBytes(bytes: Uint8Array): bigint {
  let hex = '0x0';
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0');
  return BigInt(hex);
}

/** The shortest bytes, and of those the first, whose fraction 0.b₁b₂… in base 256 lies in the interval of `slots`. */
export function encodeSlots(slots: readonly Slot[]): Uint8Array<ArrayBuffer> {
  // The interval is [low, low + range), in parts of TOTAL to the power of the slots so far.
  let [low, range] = [0n, 1n];
  for (const { start, frequency } of slots) {
    low = (low << SHIFT) + range * BigInt(start);
    range *= BigInt(frequency);
  }
  for (let length = 0; ; length++) {
    const unit = BigInt(TOTAL_BITS * slots.length - 8 * length);
    const value = (low + (1n << unit) - 1n) >> unit;
    if (value << unit < low + range) return toBytes(value, length);
  }
}

/** Reads what `encodeSlots` wrote: look where the code points to, then take the slot that this is in. */
export type SlotReader = { peek(): number; take(slot: Slot): void };

/** Bytes beyond the end are read as zeros: every byte string can be read for ever. */
export function createSlotReader(bytes: Uint8Array): SlotReader {
  // The code points to value / unit of the interval that is left.
  let value = fromBytes(bytes);
  let unit = 1n << BigInt(8 * bytes.length);
  return {
    peek: () => Number((value << SHIFT) / unit),
    take({ start, frequency }) {
      value = (value << SHIFT) - unit * BigInt(start);
      unit *= BigInt(frequency);
    },
  };
}

/** Information of a slot, bits. */
export const bitsOf = ({ frequency }: Slot): number => TOTAL_BITS - Math.log2(frequency);
