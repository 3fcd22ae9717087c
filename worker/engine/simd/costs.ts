// What the kernels cost, in nanoseconds on a slow core (half as fast as the one on which they were measured, under
// workerd). Good to a factor of two or three: enough to tell work from an attack.
import { COS, ELU, ERF, EXP, LOG, POW, SIGMOID, SIN, SOFTPLUS, TANH } from './kernels/opcodes.ts';

/** A call of a kernel, and a row of a strided loop. */
const CALL = 300;
const ROW = 12;

const PER_ELEMENT: Record<number, number> = {
  [POW]: 120,
  [SIN]: 80,
  [COS]: 80,
  [ERF]: 8,
  [EXP]: 8,
  [LOG]: 10,
  [TANH]: 12,
  [SIGMOID]: 10,
  [SOFTPLUS]: 20,
  [ELU]: 16,
};

/** `code` of so many elements, in rows of `length`; `contiguous`: four at a time. */
export const elementwiseCost = (
  code: number,
  elements: number,
  length: number,
  contiguous: boolean,
): number =>
  CALL + (elements / Math.max(1, length)) * ROW + elements * (contiguous ? 1 : 4) * (PER_ELEMENT[code] ?? 1);

/** Sums and maxima over so many elements. */
export const reductionCost = (elements: number, results: number): number =>
  CALL + 3 * elements + ROW * results;

/** Products of so many multiply-adds, with so many results after the activation `code`. */
export const productCost = (multiplyAdds: number, results: number, code: number): number =>
  CALL + 0.6 * multiplyAdds + results * (1 + (PER_ELEMENT[code] ?? 1));

/** Moving so many elements in so many pieces. */
export const moveCost = (elements: number, pieces: number): number => CALL + 2 * elements + ROW * pieces;
