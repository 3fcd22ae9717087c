// Area under the receiver operating characteristic: how often an outlier scores above a usual image.

/** For every value of `values`, how many of the ascending `sorted` are below it, equal ones counted half. */
function countsBelow(values: ArrayLike<number>, sorted: Float64Array): Float64Array {
  const before = (limit: (value: number) => boolean) => {
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (limit(sorted[middle]!)) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return Float64Array.from(values, (v) => (before((s) => s < v) + before((s) => s <= v)) / 2);
}

const ascending = (values: ArrayLike<number>): Float64Array => Float64Array.from(values).sort();

/** Sum of squared deviations from `mean` / (n − 1). */
const variance = (values: Float64Array, mean: number): number =>
  values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);

/**
 * P(outlier > usual) + P(outlier = usual) / 2, and its standard error by DeLong et al. (1988): from how the share of
 * usual images below it varies among the outliers, and the share of outliers above it among the usual ones.
 */
export function auroc(
  usual: ArrayLike<number>,
  outliers: ArrayLike<number>,
): { value: number; standardError: number } {
  const [m, n] = [outliers.length, usual.length];
  const ofOutlier = countsBelow(outliers, ascending(usual)).map((count) => count / n);
  const ofUsual = countsBelow(usual, ascending(outliers)).map((count) => 1 - count / m);
  const value = ofOutlier.reduce((sum, share) => sum + share, 0) / m;
  return {
    value,
    standardError: Math.sqrt(variance(ofOutlier, value) / m + variance(ofUsual, value) / n),
  };
}
