// What the cases of all operators draw from.
import fc from 'fast-check';
import type { Free } from '../graph.ts';

/** 26 is the newest opset that onnxruntime-web 1.30 reads. */
export const OPSETS = [13, 17, 18, 26];

export const flag = fc.boolean();
export const batch = fc.integer({ min: 1, max: 4 });
export const size = fc.integer({ min: 1, max: 9 });
/** Sizes that leave every remainder by the widths of a kernel's tiles. */
export const wide = fc.integer({ min: 1, max: 40 });

/** Opsets in which what is an input today is still an attribute, or the operator means something else. */
export const OLD_OPSETS = [7, 8, 9, 10, 11, 12];

/** In every case: the opset, what its numbers are drawn from, and the dimensions that the file leaves open. */
export const common = {
  opset: fc.constantFrom(...OPSETS),
  seed: fc.nat(999),
  free: fc.constantFrom<Free>('none', 'batch', 'all'),
};
export const commonSince = (oldest: number) => ({
  ...common,
  opset: fc.constantFrom(...OPSETS.filter((opset) => opset >= oldest)),
});
export const commonBetween = (oldest: number, newest: number) => ({
  ...common,
  opset: fc.constantFrom(...[...OLD_OPSETS, ...OPSETS].filter((o) => o >= oldest && o <= newest)),
});

export const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });
/** `length` draws; cases take as many as they need. */
export const several = <T>(arbitrary: fc.Arbitrary<T>, length = 4) =>
  fc.array(arbitrary, { minLength: length, maxLength: length });

/** Elements in one tensor at most. */
const LIMIT = 2000;

export const shape = ({ min = 0, max = 4 } = {}) =>
  fc.array(size, { minLength: min, maxLength: max }).map((sizes) => {
    let left = LIMIT;
    return sizes.map((d) => {
      const kept = Math.min(d, left);
      left = Math.floor(left / kept);
      return kept;
    });
  });

/** One of the axes of a tensor of `rank`, of either sign, from two draws. */
export const axisOf = (rank: number, at: number, negative: boolean): number =>
  (at % rank) - (negative ? rank : 0);

/** A shape that broadcasts to `whole`: some axes of size 1, some leading ones left out. */
export const part = fc.record({ ones: several(flag, 5), dropped: fc.nat(3) });
export const partOf = (
  whole: readonly number[],
  { ones, dropped }: { ones: boolean[]; dropped: number },
): number[] => whole.map((d, axis) => (ones[axis] ? 1 : d)).slice(Math.min(dropped, whole.length));
