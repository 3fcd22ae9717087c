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

// Reductions.
export const SUM = 0;
export const MEAN = 1;
export const MAXIMUM = 2;
