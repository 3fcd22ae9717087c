// The Fréchet distance between two sets of features, each taken for a Gaussian (Heusel et al. 2017, Eq. 6).
import { symmetricEigen } from './eigen.ts';

/** Features of many images, row by row: [count, size]; what `data` holds beyond that is not looked at. */
export type Features = { count: number; size: number; data: Float32Array };

export type Moments = { mean: Float64Array; covariance: Float64Array };

/** Mean [size] and unbiased covariance [size, size]. @throws Error for fewer than two rows. */
export function momentsOf({ count, size, data }: Features): Moments {
  if (count < 2) throw new Error(`frechet: a covariance needs at least 2 images, got ${count}`);
  const mean = new Float64Array(size);
  for (let n = 0; n < count; n++) for (let i = 0; i < size; i++) mean[i]! += data[n * size + i]! / count;
  const covariance = new Float64Array(size * size);
  const centred = new Float64Array(size);
  for (let n = 0; n < count; n++) {
    for (let i = 0; i < size; i++) centred[i] = data[n * size + i]! - mean[i]!;
    for (let i = 0; i < size; i++) {
      const value = centred[i]! / (count - 1);
      if (value !== 0) for (let j = 0; j <= i; j++) covariance[i * size + j]! += value * centred[j]!;
    }
  }
  for (let i = 0; i < size; i++)
    for (let j = 0; j < i; j++) covariance[j * size + i] = covariance[i * size + j]!;
  return { mean, covariance };
}

const multiply = (a: Float64Array, b: Float64Array, n: number): Float64Array => {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < n; k++) {
      const value = a[i * n + k]!;
      if (value !== 0) for (let j = 0; j < n; j++) out[i * n + j]! += value * b[k * n + j]!;
    }
  return out;
};

/** The symmetric square root of a covariance [n, n]; rounding can leave eigenvalues a little below zero. */
export function squareRoot(matrix: Float64Array, n: number): Float64Array {
  const { values, vectors } = symmetricEigen(matrix, n);
  const transposed = new Float64Array(n * n);
  const scaled = new Float64Array(n * n);
  for (let k = 0; k < n; k++)
    for (let i = 0; i < n; i++) {
      transposed[i * n + k] = vectors[k * n + i]!;
      scaled[k * n + i] = Math.sqrt(Math.max(0, values[k]!)) * vectors[k * n + i]!;
    }
  return multiply(transposed, scaled, n);
}

const trace = (matrix: Float64Array, n: number): number => {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += matrix[i * n + i]!;
  return sum;
};

/** How far features lie about their mean: the square root of the sum of their variances. */
export const spreadOf = ({ mean, covariance }: Moments): number => Math.sqrt(trace(covariance, mean.length));

/**
 * |m₁ − m₂|² + Tr(C₁ + C₂ − 2 (C₁ C₂)^½). The eigenvalues of C₁ C₂ are those of the symmetric C₁^½ C₂ C₁^½.
 * @throws Error when the two have features of different sizes.
 */
export function frechetDistance(a: Moments, b: Moments): number {
  const n = a.mean.length;
  if (b.mean.length !== n) throw new Error(`frechet: features of ${n} and of ${b.mean.length} values`);
  const root = squareRoot(a.covariance, n);
  const product = multiply(multiply(root, b.covariance, n), root, n);
  const { values } = symmetricEigen(product, n);
  const cross = values.reduce((sum, value) => sum + Math.sqrt(Math.max(0, value)), 0);
  const apart = a.mean.reduce((sum, value, i) => sum + (value - b.mean[i]!) ** 2, 0);
  return apart + trace(a.covariance, n) + trace(b.covariance, n) - 2 * cross;
}
