// The measures that the other tests rely on can tell right from wrong.
import { describe, expect, test } from 'vitest';
import { expectClose, expectSameBytes } from './close.ts';
import { bytesOf } from './tensor-bytes.ts';
import { ulpError, ulpOf } from './ulp.ts';

const vector = (...values: number[]) => ({ shape: [values.length], data: Float32Array.from(values) });

describe('expectClose', () => {
  test.each([
    [[1, 2], [1, 2], 0],
    [[1.00001], [1], 2e-5],
    [[1e6 + 9], [1e6], 1e-5],
    [[1e-6], [0], 1e-5],
    [[Number.NaN, Infinity, -Infinity], [Number.NaN, Infinity, -Infinity], 0],
    [[0], [-0], 0],
  ])('%j agrees with %j within %d', (actual, expected, tolerance) => {
    expectClose(vector(...actual), vector(...expected), tolerance, 'y');
  });

  test.each([
    [[1.00003], [1], 2e-5],
    [[1e6 + 11], [1e6], 1e-5],
    [[Number.NaN], [1], 1e-5],
    [[1], [Number.NaN], 1e-5],
    [[3e38], [Infinity], 1e-5],
    [[Infinity], [-Infinity], 1e-5],
    [[1, 2], [1], 1e-5],
  ])('%j does not agree with %j within %d', (actual, expected, tolerance) => {
    expect(() => expectClose(vector(...actual), vector(...expected), tolerance, 'y')).toThrow(/^y: /);
  });

  test('shapes are compared, not only numbers', () => {
    expect(() => expectClose({ ...vector(1, 2), shape: [1, 2] }, vector(1, 2), 1, 'y')).toThrow(
      'y: shape is [1,2], expected [2]',
    );
  });
});

test('expectSameBytes tells 0 from -0', () => {
  expectSameBytes(vector(0, 1), vector(0, 1), 'y');
  expect(() => expectSameBytes(vector(1, 0), vector(1, -0), 'y')).toThrow(
    'y: element 1 of [2] is 0, expected 0',
  );
});

test.each([
  [1, 1, 0],
  [1 + 2 ** -23, 1, 1],
  [1 - 2 ** -24, 1, 0.5],
  [2, 2 - 2 ** -23, 1],
  [0, 2 ** -149, 1],
  [2 ** -126, 2 ** -126 - 2 ** -149, 1],
  [Infinity, 3.5e38, 0],
  [(2 - 2 ** -23) * 2 ** 127, 3.5e38, 1],
  [Infinity, (2 - 2 ** -23) * 2 ** 127, 1],
  [Number.NaN, Number.NaN, 0],
  [Number.NaN, 1, Infinity],
  [1, Number.NaN, Infinity],
  [-Infinity, -Infinity, 0],
  [-1, 1, 2 ** 24],
])('%d is off %d by %d ulp', (actual, exact, expected) => {
  expect(ulpError(actual, exact)).toBe(expected);
});

test.each([
  [1, 2 ** -23],
  [1.999, 2 ** -23],
  [2, 2 ** -22],
  [2 - 2 ** -52, 2 ** -23],
  [0, 2 ** -149],
  [1e-45, 2 ** -149],
  [3e38, 2 ** 104],
])('an ulp of %d is %d', (x, expected) => {
  expect(ulpOf(x)).toBe(expected);
});

test.each([
  [1, 0x3c00],
  [-2, 0xc000],
  [65504, 0x7bff],
  [0, 0],
  [2 ** -24, 1],
  [2 ** -25, 0],
  [1 + 2 ** -11, 0x3c00],
  [1 + 3 * 2 ** -11, 0x3c02],
  [1 - 2 ** -13, 0x3c00],
  [2 ** -14 - 2 ** -25, 0x0400],
])('%d is the float16 0x%s', (value, bits) => {
  expect([...bytesOf('float16', [value])]).toEqual([bits & 0xff, bits >> 8]);
});
