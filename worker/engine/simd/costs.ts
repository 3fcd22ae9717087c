// What the kernels cost, in nanoseconds on a slow core: enough to tell work from an attack. `npm run bench -- estimates`
// measures each of them: what is said beforehand is 1.9 (a product of one row) to 10 times (Conv of 64 groups) what it takes.
import { COS, ELU, ERF, EXP, LOG, POW, SIGMOID, SIN, SOFTPLUS, TANH } from './kernels/opcodes.ts';

/** How many times as slow a core is meant as the one on which it was measured. */
export const SLOW_CORE = 2;

/** A call of a kernel, and a row of a strided loop. */
const CALL = 120;
const ROW = 25;

/** Of whole vectors; a number by itself takes longer, see `elementwiseCost`. */
const PER_ELEMENT: Record<number, number> = {
  [EXP]: 7,
  [LOG]: 13,
  [ERF]: 6,
  [TANH]: 11,
  [SIGMOID]: 8,
  [SOFTPLUS]: 21,
  [ELU]: 9,
  [SIN]: 23,
  [COS]: 23,
  [POW]: 30,
};
const perElement = (code: number): number => PER_ELEMENT[code] ?? 3;

/** `code` of so many elements, in rows of `length`; `contiguous`: four at a time. */
export const elementwiseCost = (
  code: number,
  elements: number,
  length: number,
  contiguous: boolean,
): number =>
  CALL + (elements / Math.max(1, length)) * ROW + elements * (contiguous ? 1 : 6) * perElement(code);

/** Sums and maxima over so many elements. */
export const reductionCost = (elements: number, results: number): number =>
  CALL + 2.5 * elements + 62 * results;

/** A product [rows, k] · [k, columns], with the activation `code` after it. */
export const productCost = (rows: number, k: number, columns: number, code: number): number =>
  CALL + 0.25 * rows * k * columns + rows * Math.ceil(columns / 8) * (ROW + 8 * perElement(code));

/** Moving so many elements in so many pieces. */
export const moveCost = (elements: number, pieces: number): number => CALL + elements + 8 * pieces;

/** Feeding a run so many elements and reading so many, each into new memory. */
export const transferCost = (elements: number): number => 15 * elements;
