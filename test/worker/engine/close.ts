// How near one engine's answer must be to another's.
import type { Tensor } from '../../../worker/engine/engine.ts';

/**
 * Throws unless the shapes are the same and |a − e| ≤ tolerance · max(1, |e|) for every element: relative for
 * large numbers, absolute for small ones. NaN agrees with NaN only, an infinity with itself only;
 * tolerance 0 asks for equal numbers.
 */
export function expectClose(actual: Tensor, expected: Tensor, tolerance: number, what: string): void {
  if (`${actual.shape}` !== `${expected.shape}`)
    throw new Error(`${what}: shape is [${actual.shape}], expected [${expected.shape}]`);
  if (actual.data.length !== expected.data.length)
    throw new Error(`${what}: ${actual.data.length} elements, expected ${expected.data.length}`);
  for (let i = 0; i < expected.data.length; i++) {
    const a = actual.data[i]!;
    const e = expected.data[i]!;
    if (Object.is(a, e) || a === e) continue;
    if (!(Math.abs(a - e) <= tolerance * Math.max(1, Math.abs(e))) || Math.abs(e) === Infinity)
      throw new Error(
        `${what}: element ${i} of [${expected.shape}] is ${a}, expected ${e} (tolerance ${tolerance})`,
      );
  }
}

/** Throws unless the two tensors are the same byte for byte. */
export function expectSameBytes(actual: Tensor, expected: Tensor, what: string): void {
  const bits = ({ data }: Tensor) => new Uint32Array(data.buffer, data.byteOffset, data.length);
  const a = bits(actual);
  const e = bits(expected);
  if (`${actual.shape}` !== `${expected.shape}` || a.length !== e.length)
    throw new Error(`${what}: shape is [${actual.shape}], expected [${expected.shape}]`);
  const i = a.findIndex((word, at) => word !== e[at]);
  if (i >= 0)
    throw new Error(
      `${what}: element ${i} of [${expected.shape}] is ${actual.data[i]}, expected ${expected.data[i]}`,
    );
}
