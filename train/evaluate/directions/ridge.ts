// Ridge regression on variables that are centred within classes, by Cholesky decomposition.

/** Penalty of directions; the variance of an active latent is about 1, so it keeps unused latents out. */
export const PENALTY = 0.01;

/** Mean rows [width] of `values` [n, width] for each class. */
export function meansByClass(
  values: Float64Array,
  width: number,
  classes: ArrayLike<number>,
): Map<number, Float64Array> {
  const sums = new Map<number, { count: number; sum: Float64Array }>();
  for (let i = 0; i < values.length / width; i++) {
    const group = sums.get(classes[i]!) ?? { count: 0, sum: new Float64Array(width) };
    group.count += 1;
    for (let j = 0; j < width; j++) group.sum[j]! += values[i * width + j]!;
    sums.set(classes[i]!, group);
  }
  return new Map([...sums].map(([label, { count, sum }]) => [label, sum.map((value) => value / count)]));
}

/** Rows [n, width] minus the mean of their class, in place. */
export function centreByClass(values: Float64Array, width: number, classes: ArrayLike<number>): void {
  const means = meansByClass(values, width, classes);
  for (let i = 0; i < values.length / width; i++) {
    const mean = means.get(classes[i]!)!;
    for (let j = 0; j < width; j++) values[i * width + j]! -= mean[j]!;
  }
}

/** w [J] that minimises Σ (a − w·z)² + n · `penalty` · |w|², for centred rows z of `z` [n, J] and values a [n]. */
export function ridge(z: Float64Array, a: Float64Array, penalty: number): Float64Array {
  const n = a.length;
  const J = z.length / n;
  const matrix = new Float64Array(J * J);
  const w = new Float64Array(J);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < J; j++) {
      const value = z[i * J + j]!;
      w[j]! += (value * a[i]!) / n;
      for (let k = 0; k <= j; k++) matrix[j * J + k]! += (value * z[i * J + k]!) / n;
    }
  // Cholesky: matrix + penalty · I = L Lᵀ, L in the lower triangle.
  for (let j = 0; j < J; j++)
    for (let k = 0; k <= j; k++) {
      let sum = matrix[j * J + k]! + (j === k ? penalty : 0);
      for (let m = 0; m < k; m++) sum -= matrix[j * J + m]! * matrix[k * J + m]!;
      matrix[j * J + k] = j === k ? Math.sqrt(sum) : sum / matrix[k * J + k]!;
    }
  for (let j = 0; j < J; j++) {
    for (let k = 0; k < j; k++) w[j]! -= matrix[j * J + k]! * w[k]!;
    w[j]! /= matrix[j * J + j]!;
  }
  for (let j = J - 1; j >= 0; j--) {
    for (let k = j + 1; k < J; k++) w[j]! -= matrix[k * J + j]! * w[k]!;
    w[j]! /= matrix[j * J + j]!;
  }
  return w;
}
