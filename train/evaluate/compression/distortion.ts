// How far pictures are from what they stand for.
import type { Images } from '../../data/data-set.ts';

export type Distortion = {
  /** Mean squared error of 8-bit pictures, squared grey levels of 255. */
  mse: number;
  /** The same in decibels: 10 log₁₀(255² / mse). */
  psnr: number;
};

export const psnrOf = (mse: number): number => 10 * Math.log10(255 ** 2 / mse);

/** Mean squared error of each of `images` [images], from pictures that come one by one. */
export function createDistortion({ pixels, count }: Images) {
  const size = pixels.length / count;
  const errors = new Float64Array(count);
  return {
    errors,
    /** The picture of image `index`, 8 bits, in the order of the set. */
    add(index: number, picture: Uint8Array): void {
      let sum = 0;
      for (let i = 0; i < size; i++) sum += (picture[i]! - pixels[index * size + i]!) ** 2;
      errors[index] = sum / size;
    },
    mean(): Distortion {
      const mse = errors.reduce((sum, error) => sum + error / count, 0);
      return { mse, psnr: psnrOf(mse) };
    },
  };
}

/** Nearest to 0 and 1 that a pixel mean counts as. */
const LEAST = 2 ** -24;

/** −Σ x log y + (1 − x) log(1 − y) of grey levels x under Bernoulli means y, nats. */
export function crossEntropy(grey: Uint8Array, means: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < grey.length; i++) {
    const x = grey[i]! / 255;
    const y = Math.min(1 - LEAST, Math.max(LEAST, means[i]!));
    sum -= x * Math.log(y) + (1 - x) * Math.log(1 - y);
  }
  return sum;
}
