// Arithmetic on numbers that are known when a plan is made, to the bits that a kernel, or onnxruntime, would give.
import { type ElementType, isFloat, wrapped } from './element-type.ts';
import * as op from './kernels/opcodes.ts';
import { Unsupported } from './unsupported.ts';

type Fold = (x: number, y: number, alpha: number, beta: number) => number;

/** A double holds what float32 operations give before they are rounded, and is rounded as they are (Figueroa 1995). */
const FLOAT: Record<number, Fold> = {
  [op.NEG]: (x) => -x,
  [op.ABS]: (x) => Math.abs(x),
  [op.SQRT]: (x) => Math.sqrt(x),
  [op.FLOOR]: (x) => Math.floor(x),
  [op.CEIL]: (x) => Math.ceil(x),
  [op.AFFINE]: (x, _, alpha, beta) => Math.fround(x * Math.fround(alpha)) + Math.fround(beta),
  [op.ADD]: (x, y) => x + y,
  [op.SUB]: (x, y) => x - y,
  [op.MUL]: (x, y) => x * y,
  [op.DIV]: (x, y) => x / y,
  [op.MIN]: (x, y) => Math.min(x, y),
  [op.MAX]: (x, y) => Math.max(x, y),
};

const COMPARE: Record<number, Fold> = {
  [op.EQUAL]: (x, y) => Number(x === y),
  [op.LESS]: (x, y) => Number(x < y),
  [op.LESS_OR_EQUAL]: (x, y) => Number(x <= y),
};

const WHOLE: Record<number, Fold> = {
  [op.NEG]: (x) => 0 - x,
  [op.ABS]: (x) => Math.abs(x),
  [op.ADD]: (x, y) => x + y,
  [op.SUB]: (x, y) => x - y,
  [op.MUL]: (x, y) => x * y,
  [op.DIV]: (x, y) => Math.trunc(x / y) + 0,
  [op.MIN]: (x, y) => Math.min(x, y),
  [op.MAX]: (x, y) => Math.max(x, y),
  [op.AND]: (x, y) => x & y,
  [op.OR]: (x, y) => x | y,
  [op.XOR]: (x, y) => x ^ y,
};

/** The whole-number operations that kernels do, too; the others are only done here. */
const ON_LANES = new Set([op.AND, op.OR, op.XOR]);

/** Whether an operation on integers can be done on nothing but known ones. */
export const needsKnown = (code: number): boolean => Object.hasOwn(WHOLE, code) && !ON_LANES.has(code);

/**
 * How to do `code` on operands of `type`, if it can be done here; results are of `result`.
 * @throws Unsupported (the function, naming `what`) for an integer that no double holds, and for a division by 0.
 */
export function folding(
  what: string,
  code: number,
  type: ElementType,
  result: ElementType,
): Fold | undefined {
  if (COMPARE[code] && type !== 'float16' && type !== 'float64') return COMPARE[code];
  if (type === 'float32') {
    const fold = FLOAT[code];
    return fold && ((...operands) => Math.fround(fold(...operands)));
  }
  const fold = isFloat(type) ? undefined : WHOLE[code];
  return (
    fold &&
    ((x, y, alpha, beta) => {
      if (![x, y].every(Number.isSafeInteger)) throw new Unsupported(what, `the integers ${x} and ${y}`);
      return wrapped(result, fold(x, y, alpha, beta), what);
    })
  );
}
