// A mixture of Gaussians with diagonal covariance, by expectation maximisation (Dempster et al. 1977).
import type { Stream } from '../../core/sampling/stream.ts';

export type DiagonalMixture = {
  /** [parts], in descending order. */
  weights: Float64Array;
  /** [parts][dimensions] */
  means: Float64Array[];
  variances: Float64Array[];
};

/** Steps end when one raises the mean log density by less, nats a point: early, before parts that overlap are at rest. */
const LEAST_RISE = 1e-3;
const MOST_STEPS = 50;
/** A part on a single point would have none. */
const LEAST_VARIANCE = 1e-4;
/** Shares of a point that add less than this to no part. */
const LEAST_SHARE = 1e-8;

/** Sums that the points of a part leave: how many, their values, and the squares of those. */
type Sums = { count: number; values: Float64Array; squares: Float64Array };

/** Shares of every part in the point at `at`, into `shares`; gives its log density less ½ J log 2π. */
function shareOut(
  points: Float32Array,
  at: number,
  { means, variances }: DiagonalMixture,
  constants: readonly number[],
  shares: Float64Array,
): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < shares.length; k++) {
    const [mean, variance] = [means[k]!, variances[k]!];
    let distance = 0;
    for (let j = 0; j < mean.length; j++) distance += (points[at + j]! - mean[j]!) ** 2 / variance[j]!;
    shares[k] = constants[k]! - 0.5 * distance;
    largest = Math.max(largest, shares[k]!);
  }
  let total = 0;
  for (let k = 0; k < shares.length; k++) {
    shares[k] = Math.exp(shares[k]! - largest);
    total += shares[k]!;
  }
  for (let k = 0; k < shares.length; k++) shares[k]! /= total;
  return largest + Math.log(total);
}

/** One step of EM, and the mean log density before it less ½ J log 2π. */
function step(points: Float32Array, J: number, before: DiagonalMixture): [DiagonalMixture, number] {
  const constants = before.variances.map(
    (variance, k) =>
      Math.log(before.weights[k]!) - 0.5 * variance.reduce((sum, value) => sum + Math.log(value), 0),
  );
  const sums = before.means.map(
    (): Sums => ({ count: 0, values: new Float64Array(J), squares: new Float64Array(J) }),
  );
  const shares = new Float64Array(sums.length);
  const count = points.length / J;
  let logDensity = 0;
  for (let at = 0; at < points.length; at += J) {
    logDensity += shareOut(points, at, before, constants, shares) / count;
    for (const [k, sum] of sums.entries()) {
      const share = shares[k]!;
      if (share < LEAST_SHARE) continue;
      sum.count += share;
      for (let j = 0; j < J; j++) {
        const value = points[at + j]!;
        sum.values[j]! += share * value;
        sum.squares[j]! += share * value * value;
      }
    }
  }
  const kept = sums.filter((sum) => sum.count > 1).toSorted((a, b) => b.count - a.count);
  const means = kept.map((sum) => sum.values.map((value) => value / sum.count));
  return [
    {
      weights: Float64Array.from(kept, (sum) => sum.count / count),
      means,
      variances: kept.map((sum, k) =>
        sum.squares.map((square, j) => Math.max(LEAST_VARIANCE, square / sum.count - means[k]![j]! ** 2)),
      ),
    },
    logDensity,
  ];
}

/**
 * `parts` Gaussians, or fewer where some are left with no more than a point, one where all are, fitted to `points` [n · dimensions]. Every
 * part starts at a point that `stream` draws, with the variances of all points.
 */
export function fitMixture(
  points: Float32Array,
  dimensions: number,
  parts: number,
  stream: Stream,
): DiagonalMixture {
  const count = points.length / dimensions;
  const whole: DiagonalMixture = {
    weights: Float64Array.of(1),
    means: [new Float64Array(dimensions)],
    variances: [new Float64Array(dimensions).fill(1)],
  };
  // One part has the mean and the variances of all points after one step, wherever it starts.
  const [all] = step(points, dimensions, whole);
  if (parts === 1) return all;
  let mixture: DiagonalMixture = {
    weights: new Float64Array(parts).fill(1 / parts),
    means: Array.from({ length: parts }, () => {
      const at = Math.floor(stream.uniform() * count) * dimensions;
      return Float64Array.from(points.subarray(at, at + dimensions));
    }),
    variances: Array.from({ length: parts }, () => all.variances[0]!.slice()),
  };
  for (let done = 0, last = Number.NEGATIVE_INFINITY; done < MOST_STEPS; done++) {
    const [next, logDensity] = step(points, dimensions, mixture);
    if (next.weights.length === 0) return all;
    if (logDensity - last < LEAST_RISE) break;
    [mixture, last] = [next, logDensity];
  }
  return mixture;
}
