// Paths between two vectors. IEEE 754 basics only: the same bits everywhere.

const dot = (a: Float32Array, b: Float32Array): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
};

export type Path = (a: Float32Array, b: Float32Array, t: number) => Float32Array;

/** The straight line from `a` at t = 0 to `b` at t = 1; the ends are exact. */
export const lerp: Path = (a, b, t) => {
  if (t <= 0) return a;
  if (t >= 1) return b;
  return a.map((value, i) => value + (b[i]! - value) * t);
};

/**
 * An arc from `a` to `b`, whose length changes evenly: in many dimensions the straight line passes where the
 * prior has almost no mass. The ends are exact.
 */
export const slerp: Path = (a, b, t) => {
  if (t <= 0) return a;
  if (t >= 1) return b;
  const [lengthA, lengthB] = [Math.sqrt(dot(a, a)), Math.sqrt(dot(b, b))];
  const cosine = dot(a, b) / (lengthA * lengthB);
  // Opposite or empty vectors have no arc between them.
  if (!(cosine > -0.9999)) return lerp(a, b, t);
  const [wa, wb] = arcWeights(cosine, t);
  const length = lengthA + (lengthB - lengthA) * t;
  return a.map((value, i) => length * ((value / lengthA) * wa + (b[i]! / lengthB) * wb));
};

/**
 * Weights of two unit vectors at share t of the angle between them: sin((1−t)θ)/sin θ and sin(tθ)/sin θ, found by
 * halving the arc, since the bisector of two unit vectors needs no trigonometric function.
 */
function arcWeights(cosine: number, t: number): [number, number] {
  let low: [number, number] = [1, 0];
  let high: [number, number] = [0, 1];
  let [from, to] = [0, 1];
  let c = cosine;
  for (let step = 0; step < 40; step++) {
    // The bisector is (low + high) / |low + high|, and |low + high|² = 2 + 2c.
    const norm = Math.sqrt(2 + 2 * c);
    const middle: [number, number] = [(low[0] + high[0]) / norm, (low[1] + high[1]) / norm];
    c = norm / 2; // cosine of half the angle
    const half = (from + to) / 2;
    if (t < half) [high, to] = [middle, half];
    else [low, from] = [middle, half];
  }
  return low;
}
