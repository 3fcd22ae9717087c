// Means and their errors.

/** Means over groups of `size` values in a row; a rest makes a last, smaller one. */
export const groupMeans = (values: Float64Array, size: number): number[] =>
  Array.from({ length: Math.ceil(values.length / size) }, (_, i) => {
    const group = values.subarray(i * size, (i + 1) * size);
    return group.reduce((sum, value) => sum + value, 0) / group.length;
  });

/**
 * Mean over images and its standard error. `block` images in a row are one observation (cluster-robust, Liang & Zeger
 * 1986): frames of a moment are no independent images.
 * @throws Error when a block is no whole number of images, at least one.
 */
export function meanAndError(values: ArrayLike<number>, block = 1): { mean: number; standardError: number } {
  if (!(Number.isInteger(block) && block >= 1))
    throw new Error(`statistics: block must be a whole number of at least 1, got ${block}`);
  const n = values.length;
  let mean = 0;
  for (let i = 0; i < n; i++) mean += values[i]! / n;
  const blocks = Math.ceil(n / block);
  let squares = 0;
  for (let b = 0; b < blocks; b++) {
    let deviation = 0;
    for (let i = b * block; i < Math.min(n, (b + 1) * block); i++) deviation += values[i]! - mean;
    squares += deviation ** 2;
  }
  return { mean, standardError: Math.sqrt((squares * blocks) / Math.max(1, blocks - 1)) / n };
}
