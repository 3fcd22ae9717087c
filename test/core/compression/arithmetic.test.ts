// The arithmetic coder and its frequencies: whatever is written is read, in the fewest bytes, and the format is pinned.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bitsOf, createSlotReader, encodeSlots, type Slot } from '../../../core/compression/arithmetic.ts';
import {
  gaussianTable,
  normalDistribution,
  numberAt,
  slotOf,
  TABLE_BITS,
} from '../../../core/compression/gaussian.ts';
import { MAX_NUMBER, readNumber, slotsOf } from '../../../core/compression/whole-numbers.ts';

const TOTAL = 2 ** TABLE_BITS;

const slot = fc
  .integer({ min: 1, max: 16 })
  .chain((bits) =>
    fc
      .tuple(fc.nat(2 ** bits - 1), fc.nat(2 ** bits - 1))
      .map(([a, b]): Slot => ({ start: Math.min(a, b), frequency: Math.abs(a - b) + 1, bits })),
  );

const read = (bytes: Uint8Array, slots: readonly Slot[]): boolean => {
  const reader = createSlotReader(bytes);
  return slots.every((one) => {
    const point = reader.peek(one.bits);
    reader.take(one);
    return point >= one.start && point < one.start + one.frequency;
  });
};

test('any slots can be read again, and take less than a byte more than their information', () => {
  fc.assert(
    fc.property(fc.array(slot, { maxLength: 60 }), (slots) => {
      const bytes = encodeSlots(slots);
      expect(read(bytes, slots)).toBe(true);
      const bits = slots.reduce((sum, one) => sum + bitsOf(one), 0);
      expect(bytes.length).toBeLessThan(bits / 8 + 1 + 1e-9);
    }),
  );
});

test('no shorter bytes say the same, and none before them', () => {
  fc.assert(
    fc.property(fc.array(slot, { minLength: 1, maxLength: 3 }), (slots) => {
      const bytes = encodeSlots(slots);
      if (bytes.length === 0) return;
      const shorter = bytes.subarray(0, -1);
      expect(read(shorter, slots)).toBe(false);
      const next = shorter.slice();
      let carry = next.length - 1;
      while (carry >= 0 && next[carry] === 255) next[carry--] = 0;
      if (carry >= 0) {
        next[carry]! += 1;
        expect(read(next, slots)).toBe(false);
      }
      if (bytes.at(-1)! > 0) expect(read(bytes.with(-1, bytes.at(-1)! - 1), slots)).toBe(false);
    }),
  );
});

test.each([
  [[], ''],
  [[[0, TOTAL, 16]], ''],
  [[[1, TOTAL - 1, 16]], '01'],
  [[[TOTAL - 1, 1, 16]], 'ffff'],
  [
    [
      [1000, 300, 16],
      [40_000, 7, 16],
    ],
    '049f1b',
  ],
  [
    [
      [1, 1, 1],
      [0, 1, 1],
      [1, 2, 2],
    ],
    '90',
  ],
])('%j is %s', (numbers, hex) => {
  const slots = numbers.map(
    ([start, frequency, bits]): Slot => ({ start: start!, frequency: frequency!, bits: bits! }),
  );
  expect(Array.from(encodeSlots(slots), (byte) => byte.toString(16).padStart(2, '0')).join('')).toBe(hex);
});

test.each([
  [0, 0.5],
  [1, 0.8413447460685429],
  [-1.959963984540054, 0.025],
  [4, 0.9999683287581669],
])('Φ(%d)', (x, expected) => {
  expect(normalDistribution(x)).toBeCloseTo(expected, 6);
});

const ratio = fc.oneof(
  fc.double({ min: 1e-4, max: 50, noNaN: true }),
  fc.constantFrom(1e-9, 0.001, 1, 1e4, 1e300),
);

test('every table fills the code space without gaps, and finds each number again', () => {
  fc.assert(
    fc.property(ratio, (step) => {
      const table = gaussianTable(step);
      let start = 0;
      for (let k = -table.most; k <= table.most; k++) {
        const found = slotOf(table, k);
        expect([found.start, found.frequency > 0]).toEqual([start, true]);
        expect([numberAt(table, start), numberAt(table, start + found.frequency - 1)]).toEqual([k, k]);
        start += found.frequency;
      }
      expect(start).toBe(TOTAL);
    }),
    { numRuns: 30 },
  );
});

test.each([
  [
    0.5,
    [
      0, 1, 2, 8, 41, 200, 806, 2631, 6929, 14856, 26300, 39235, 50679, 58606, 62904, 64729, 65335, 65494,
      65527, 65533, 65534, 65536,
    ],
  ],
  [3, [0, 1, 4379, 61156, 65534, 65536]],
  [100, [0, 1, 65535, 65536]],
])('frequencies of steps of %d deviations are part of the format', (step, starts) => {
  expect(Array.from(gaussianTable(step).starts)).toEqual(starts);
});

test('every whole number has slots, within any table', () => {
  fc.assert(
    fc.property(ratio, fc.integer({ min: -MAX_NUMBER, max: MAX_NUMBER }), (step, k) => {
      const table = gaussianTable(step);
      expect(readNumber(createSlotReader(encodeSlots(slotsOf(table, k))), table)).toBe(k);
    }),
  );
});
