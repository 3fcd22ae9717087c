// Numbers by which the planner (TypeScript) names operations to the kernels (AssemblyScript); both read this file.

// One input.
export const COPY = 0;
export const NEG = 1;
export const ABS = 2;
export const SQRT = 3;
export const EXP = 4;
export const LOG = 5;
export const RELU = 6;
/** x < 0 ? αx : x */
export const LEAKY_RELU = 7;
/** x < 0 ? α(eˣ − 1) : x */
export const ELU = 8;
export const TANH = 9;
export const SIGMOID = 10;
export const SOFTPLUS = 11;
/** min(max(x, α), β) */
export const CLIP = 12;
/** αx + β */
export const AFFINE = 13;
/** α, whatever x */
export const FILL = 14;
/** float32 → the nearest float16, kept as float32 */
export const ROUND_HALF = 15;
/** float32 → int32, towards zero, saturating; NaN becomes 0 */
export const TRUNCATE = 16;
/** int32 → float32 */
export const CONVERT = 17;
/** float32 → int32: x ≠ 0 */
export const TRUTH = 18;
export const FLOOR = 19;
export const CEIL = 20;
/** The nearest whole number, ties to even */
export const ROUND = 21;
export const SIN = 22;
export const COS = 23;
/** 2 / √π ∫₀ˣ e^−t² dt */
export const ERF = 24;

// Two inputs.
export const ADD = 32;
export const SUB = 33;
export const MUL = 34;
export const DIV = 35;
export const MIN = 36;
export const MAX = 37;
export const POW = 38;
/** x < 0 ? xy : x */
export const PRELU = 39;
/** 1 or 0, an int32, from two float32 */
export const EQUAL = 40;
export const LESS = 41;
export const LESS_OR_EQUAL = 42;
/** The same from two int32 */
export const EQUAL_WHOLE = 43;
export const LESS_WHOLE = 44;
export const LESS_OR_EQUAL_WHOLE = 45;
/** Of the bits of two int32 */
export const AND = 46;
export const OR = 47;
export const XOR = 48;
/** y ? x : 0 and y ? 0 : x, the bits of x for an int32 y */
export const KEEP = 49;
export const KEEP_NOT = 50;

// Reductions.
export const SUM = 0;
export const MEAN = 1;
export const MAXIMUM = 2;
