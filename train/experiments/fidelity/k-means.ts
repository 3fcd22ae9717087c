// Centroids of images (Lloyd 1982): good centres for Parzen windows, and no samples of anything.
import { createStream } from '../../../core/sampling/stream.ts';
import type { Features } from '../../evaluate/fidelity/frechet.ts';
import { nearestNeighbours } from '../../evaluate/fidelity/neighbours.ts';
import type { Options } from '../../evaluate/for-images.ts';

/** `count` centroids of `rows` after `rounds` rounds, from rows drawn by `seed`; one that nobody is near stays. */
export async function kMeans(
  rows: Features,
  count: number,
  rounds: number,
  seed: string,
  options: Options,
): Promise<Features> {
  const { size } = rows;
  const stream = createStream(seed, 'k-means');
  const data = new Float32Array(count * size);
  for (let k = 0; k < count; k++) {
    const from = Math.floor(stream.uniform() * rows.count) * size;
    data.set(rows.data.subarray(from, from + size), k * size);
  }
  for (let round = 0; round < rounds; round++) {
    const { index } = await nearestNeighbours(rows, { count, size, data }, options);
    const members = new Uint32Array(count);
    for (const k of index) members[k]! += 1;
    for (let k = 0; k < count; k++) if (members[k]! > 0) data.fill(0, k * size, (k + 1) * size);
    index.forEach((k, n) => {
      for (let i = 0; i < size; i++) data[k * size + i]! += rows.data[n * size + i]! / members[k]!;
    });
  }
  return { count, size, data };
}
