// Gaussians with full covariance, fitted to a few samples, and mixtures of them, on the host.
import type { Stream } from '../../../core/sampling/stream.ts';
import { logSumExp } from './log-sum-exp.ts';

type Vector = ArrayLike<number>;

export type Gaussian = { mean: Vector; logDensity(z: Vector): number; draw(stream: Stream): number[] };

/** Lower triangular L with L Lᵀ = `matrix`. */
function cholesky(matrix: number[][]): number[][] {
  const n = matrix.length;
  const lower = matrix.map(() => new Array<number>(n).fill(0));
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let rest = matrix[i]![j]!;
      for (let k = 0; k < j; k++) rest -= lower[i]![k]! * lower[j]![k]!;
      if (i === j && !(rest > 0)) throw new Error(`cholesky: pivot ${i} is ${rest}, must be positive`);
      lower[i]![j] = i === j ? Math.sqrt(rest) : rest / lower[j]![j]!;
    }
  return lower;
}

/** N(mean, L Lᵀ). */
function gaussian(mean: Vector, lower: number[][]): Gaussian {
  const axes = [...lower.keys()];
  const logNormaliser =
    -0.5 * axes.length * Math.log(2 * Math.PI) - axes.reduce((sum, i) => sum + Math.log(lower[i]![i]!), 0);
  return {
    mean,
    logDensity(z) {
      // u solves L u = z − mean, so |u|² is the Mahalanobis distance.
      const u: number[] = [];
      for (const i of axes) {
        let rest = z[i]! - mean[i]!;
        for (let k = 0; k < i; k++) rest -= lower[i]![k]! * u[k]!;
        u.push(rest / lower[i]![i]!);
      }
      return logNormaliser - 0.5 * u.reduce((sum, value) => sum + value * value, 0);
    },
    draw(stream) {
      const u = axes.map(() => stream.normal());
      return axes.map((i) => u.reduce((sum, value, k) => sum + lower[i]![k]! * value, mean[i]!));
    },
  };
}

/** N(mean, diag(deviations²)). */
export const diagonalGaussian = (mean: Vector, deviations: Vector): Gaussian =>
  gaussian(
    mean,
    Array.from(deviations, (deviation, i) => Array.from(deviations, (_, j) => (i === j ? deviation : 0))),
  );

/** Keeps a covariance of samples that lie in a plane invertible. */
const JITTER = 1e-9;

/** The Gaussian with mean and covariance of `samples`, each a vector; more samples than dimensions. */
export function fitGaussian(samples: Vector[]): Gaussian {
  const count = samples.length;
  const dimensions = samples[0]!.length;
  if (count <= dimensions)
    throw new Error(`fitGaussian: ${count} samples cannot give a covariance in ${dimensions} dimensions`);
  const axes = [...Array(dimensions).keys()];
  const mean = axes.map((j) => samples.reduce((sum, z) => sum + z[j]! / count, 0));
  const covariance = axes.map((i) =>
    axes.map(
      (j) =>
        samples.reduce((sum, z) => sum + (z[i]! - mean[i]!) * (z[j]! - mean[j]!), 0) / (count - 1) +
        (i === j ? JITTER : 0),
    ),
  );
  return gaussian(mean, cholesky(covariance));
}

export type Mixture = {
  logDensity(z: Vector): number;
  /** log of share · density of every component. */
  logParts(z: Vector): number[];
};

/** Σ_c share_c N_c; `shares` add up to 1. */
export function mixture(components: Gaussian[], shares: readonly number[]): Mixture {
  const logParts = (z: Vector) => components.map((c, i) => Math.log(shares[i]!) + c.logDensity(z));
  return { logParts, logDensity: (z) => logSumExp(logParts(z)) };
}
