// Parzen windows: the log density of real images under Gaussians around generated ones (Goodfellow et al. 2014,
// Section 5, by the protocol of the authors' `parzen_ll.py`).

import type { Options } from '../for-images.ts';
import { meanAndError } from '../statistics.ts';
import { forDistances } from './distances.ts';
import type { Features } from './frechet.ts';

/** Ten widths from 0.1 to 1, evenly spaced in their logarithm. */
export const WIDTHS = Array.from({ length: 10 }, (_, i) => 10 ** (i / 9 - 1));

/**
 * log p(x) in nats of every row of `images`, for each of `widths`:
 * logmeanexp_i(−|x − x_i|² / 2σ²) − d log(σ √2π) over the rows x_i of `centres`.
 */
export async function parzenLogDensities(
  images: Features,
  centres: Features,
  widths: readonly number[],
  options: Options,
): Promise<Float64Array[]> {
  const found = widths.map(() => new Float64Array(images.count));
  await forDistances(
    images,
    centres,
    (n, squared) => {
      const nearest = squared.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
      widths.forEach((width, k) => {
        const scale = 1 / (2 * width * width);
        let sum = 0;
        for (const value of squared) sum += Math.exp((nearest - value) * scale);
        const normaliser = images.size * Math.log(width * Math.sqrt(2 * Math.PI));
        found[k]![n] = Math.log(sum / centres.count) - nearest * scale - normaliser;
      });
    },
    options,
  );
  return found;
}

/** The log densities of `test` in nats, by the width that is best on `validation`. Pixels 0…1. */
export async function parzenWindow(
  centres: Features,
  validation: Features,
  test: Features,
  options: Options,
): Promise<{ densities: Float64Array; width: number }> {
  const tried = await parzenLogDensities(validation, centres, WIDTHS, options);
  const means = tried.map((densities) => meanAndError(densities).mean);
  const width = WIDTHS[means.indexOf(Math.max(...means))]!;
  const [densities] = await parzenLogDensities(test, centres, [width], options);
  return { densities: densities!, width };
}
