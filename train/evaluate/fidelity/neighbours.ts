// Nearest training images, and whether a generator copies them.
import type { Share } from '../../../figures/share.ts';
import type { Options } from '../for-images.ts';
import { forDistances } from './distances.ts';
import type { Features } from './frechet.ts';

export type Neighbours = {
  /** Row of the nearest, [count]. */
  index: Uint32Array;
  /** Euclidean distance to it, [count]. */
  distance: Float32Array;
};

export async function nearestNeighbours(
  of: Features,
  among: Features,
  options: Options,
): Promise<Neighbours> {
  const found = { index: new Uint32Array(of.count), distance: new Float32Array(of.count) };
  await forDistances(
    of,
    among,
    (n, squared) => {
      let nearest = 0;
      for (let i = 1; i < among.count; i++) if (squared[i]! < squared[nearest]!) nearest = i;
      found.index[n] = nearest;
      found.distance[n] = Math.sqrt(squared[nearest]!);
    },
    options,
  );
  return found;
}

/** Share of images new to the training set that lie so near to one of it: what is nearer is a near-copy. */
export const COPY_LEVEL = 0.01;

/**
 * Share of generated images that are nearer to a training image than all but 1 % of real images that were never
 * trained on: 1 % of a generator that draws anew, more of one that copies. Both are distances to nearest training
 * images.
 */
export function nearCopies(generated: Neighbours, unseen: Neighbours): Share {
  const ascending = unseen.distance.toSorted();
  const threshold = ascending[Math.floor(COPY_LEVEL * ascending.length)]!;
  const { distance } = generated;
  return { count: distance.filter((value) => value < threshold).length, of: distance.length };
}

/** Share of images that were never trained on which lie nearer to a training image than each generated one, [count]. */
export function nearerShares(generated: Neighbours, unseen: Neighbours): number[] {
  const ascending = unseen.distance.toSorted();
  return Array.from(generated.distance, (distance) => {
    const beyond = ascending.findIndex((value) => value >= distance);
    return (beyond < 0 ? ascending.length : beyond) / ascending.length;
  });
}
