// The part of a test set that a figure is of where all of it takes too long: drawn by chance, once for every model.
// First images need not be like the rest: MNIST's are easier, and files may be sorted.
import { shuffled } from './batches.ts';
import { type Images, pickImages } from './data-set.ts';

/** Of the order in which test sets are dealt; another one would change every figure of a part. */
const SEED = 'test-subset';

type Counted = Pick<Images, 'count' | 'block'>;

/** The first `count` of an order dealt by chance, or all in their own; images of a block stay together, but for the last one, which may be cut. */
function drawnIndices({ count: all, block = 1 }: Counted, count: number): number[] {
  const indicesOf = (b: number) =>
    Array.from({ length: Math.min(block, all - b * block) }, (_, i) => b * block + i);
  const blocks = shuffled(Math.ceil(all / block), SEED, 0);
  return Array.from(blocks).flatMap(indicesOf).slice(0, count);
}

/** `count` images drawn by chance, with their labels; the set as it is where it has no more. */
export const drawnImages = (images: Images, count: number): Images =>
  count >= images.count
    ? images
    : {
        ...pickImages(images, drawnIndices(images, count)),
        ...(images.block ? { block: images.block } : {}),
      };

/** Of a row for each image of the set, those of `drawnImages`. */
export function drawnRows(rows: Float32Array, images: Counted, count: number): Float32Array {
  if (count >= images.count) return rows;
  const size = rows.length / images.count;
  const drawn = new Float32Array(count * size);
  drawnIndices(images, count).forEach((from, to) => {
    drawn.set(rows.subarray(from * size, (from + 1) * size), to * size);
  });
  return drawn;
}

/** For people: `test, 1000 images drawn by chance, seed 'test-subset'`; `test, 10000 images`, where these are all. */
export const testSplit = (test: Counted, count: number): string =>
  count < test.count ? `test, ${count} images drawn by chance, seed '${SEED}'` : `test, ${test.count} images`;
