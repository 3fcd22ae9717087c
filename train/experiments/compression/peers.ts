// What the pictures of codes are held against: their originals, and PNG files of the same error.
import { encodePng } from '../../../core/image/png.ts';
import type { Quantity } from '../../../figures/numbers.ts';
import type { ModelCard } from '../../../models/card.ts';
import { type Images, sliceImages } from '../../data/data-set.ts';
import { createDistortion, crossEntropy } from '../../evaluate/compression/distortion.ts';
import { meanAndError } from '../../evaluate/statistics.ts';
import { type Png, pngsOf, smallestPng } from './lossy-png.ts';

/** For protocols. */
export const PEERS =
  'PNG bytes: of each image the smallest file that errs no more than its code: 2, 4, 16, 32, 64 or 256 grey levels, shrunk 1, 2, 4 or 7 times and enlarged again, each filter alone, zlib level 9; PNG data: the deflate stream alone';

/** Grey images, and the files of each. */
export type Peers = { test: Images; pngs: Png[][] };

export const peersOf = (test: Images): Peers => ({
  test,
  pngs: Array.from({ length: test.count }, (_, i) => pngsOf(sliceImages(test, i, i + 1))),
});

/** A row of a cell: `rate`, and the error of the pictures that `decode` gives one by one. */
export async function rowOf(
  rate: Record<string, number>,
  { test, pngs }: Peers,
  likelihood: ModelCard['likelihood'],
  decode: (each: (index: number, picture: Float32Array) => void) => Promise<void>,
): Promise<Record<string, number>> {
  const size = test.pixels.length / test.count;
  const distortion = createDistortion(test);
  let entropy = 0;
  await decode((i, picture) => {
    const bytes = Uint8Array.from(picture, (value) => Math.floor(255 * value + 0.5));
    distortion.add(i, bytes);
    entropy += crossEntropy(test.pixels.subarray(i * size, (i + 1) * size), picture) / test.count;
  });
  const { mse, psnr } = distortion.mean();
  const files = pngs.map((list, i) => smallestPng(list, distortion.errors[i]!));
  const mean = (values: number[]) => meanAndError(values).mean;
  return {
    ...rate,
    MSE: mse,
    PSNR: psnr,
    // Of grey levels, and so not of models whose pixels are anything but Bernoulli.
    ...(likelihood === 'bernoulli' ? { 'cross-entropy': entropy } : {}),
    'PNG bytes': mean(files.map((png) => png.bytes)),
    'PNG data bytes': mean(files.map((png) => png.data)),
  };
}

/** Bytes of the smallest PNG of an image without loss. */
export function withoutLoss({ test, pngs }: Peers): Quantity {
  const bytes = Float64Array.from(pngs, (list, i) =>
    Math.min(smallestPng(list, 0).bytes, encodePng(sliceImages(test, i, i + 1)).length),
  );
  const { mean: value, standardError } = meanAndError(bytes);
  return { value, standardError };
}
