// Arithmetic coding (Witten, Neal & Cleary 1987) in whole numbers without bound: no carries and no renormalisation,
// and the code is the shortest there is, which counts where a code has ten bytes.

/** A share of the code space: `frequency` parts, at least 1, from `start` on, of 2^bits. */
export type Slot = { start: number; frequency: number; bits: number };

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
  // The interval is [low, low + range) / 2^all.
  let [low, range, all] = [0n, 1n, 0];
  for (const { start, frequency, bits } of slots) {
    low = (low << BigInt(bits)) + range * BigInt(start);
    range *= BigInt(frequency);
    all += bits;
  }
  // Of whole bytes.
  const padding = -all & 7;
  low <<= BigInt(padding);
  range <<= BigInt(padding);
  for (let length = 0; ; length++) {
    const unit = BigInt(all + padding - 8 * length);
    const value = (low + (1n << unit) - 1n) >> unit;
    if (value << unit < low + range) return toBytes(value, length);
  }
}

/** Reads what `encodeSlots` wrote: in which of 2^bits parts the code points, and on into the slot that has this part. */
export type SlotReader = { peek(bits: number): number; take(slot: Slot): void };

/** Bytes beyond the end are read as zeros: every byte string can be read for ever. */
export function createSlotReader(bytes: Uint8Array): SlotReader {
  // The code points to value / unit of the interval that is left.
  let value = fromBytes(bytes);
  let unit = 1n << BigInt(8 * bytes.length);
  return {
    peek: (bits) => Number((value << BigInt(bits)) / unit),
    take({ start, frequency, bits }) {
      value = (value << BigInt(bits)) - unit * BigInt(start);
      unit *= BigInt(frequency);
    },
  };
}

/** Information of a slot, bits. */
export const bitsOf = ({ frequency, bits }: Slot): number => bits - Math.log2(frequency);
