// Precision and recall of a generator (Kynkäänniemi et al. 2019, Eqs. 1 to 3): the share of generated images within the
// manifold of real ones, and the other way round; a manifold is the union of balls around its images.
import type { Share } from '../../../figures/share.ts';
import type { Options } from '../for-images.ts';
import { forDistances } from './distances.ts';
import type { Features } from './frechet.ts';

/** The radius of a ball reaches the third nearest neighbour. */
const NEIGHBOURS = 3;

/** Squared distance of every row to its k-th nearest other row. */
async function radii(set: Features, k: number, options: Options): Promise<Float32Array> {
  if (set.count <= k) throw new Error(`precision: ${k} neighbours need more than ${set.count} images`);
  const found = new Float32Array(set.count);
  await forDistances(
    set,
    set,
    (n, squared) => {
      const nearest = Array<number>(k).fill(Number.POSITIVE_INFINITY);
      for (let i = 0; i < set.count; i++) {
        const value = squared[i]!;
        if (i === n || value >= nearest[k - 1]!) continue;
        // Insertion into the k least so far, in ascending order.
        let at = k - 1;
        for (; at > 0 && nearest[at - 1]! > value; at--) nearest[at] = nearest[at - 1]!;
        nearest[at] = value;
      }
      found[n] = nearest[k - 1]!;
    },
    options,
  );
  return found;
}

/** Of generated and of real images; both sets should have the same number of rows. */
export async function precisionAndRecall(
  real: Features,
  generated: Features,
  options: Options,
  k = NEIGHBOURS,
): Promise<{ precision: Share; recall: Share }> {
  const realRadii = await radii(real, k, options);
  const generatedRadii = await radii(generated, k, options);
  let precise = 0;
  const recalled = new Uint8Array(real.count);
  await forDistances(
    generated,
    real,
    (n, squared) => {
      let within = false;
      for (let i = 0; i < real.count; i++) {
        within ||= squared[i]! <= realRadii[i]!;
        if (squared[i]! <= generatedRadii[n]!) recalled[i] = 1;
      }
      if (within) precise += 1;
    },
    options,
  );
  return {
    precision: { count: precise, of: generated.count },
    recall: { count: recalled.reduce((sum, value) => sum + value, 0), of: real.count },
  };
}
