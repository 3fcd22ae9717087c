// Squared Euclidean distances between all rows of two sets, a block of rows at a time, by the compiled runner.
import { add, matMul, mul, relu, sub, sum, type Tensor2D, transpose } from '@tensorflow/tfjs-core';
import { compile } from '../../runner/compile.ts';
import type { Options } from '../for-images.ts';
import type { Features } from './frechet.ts';

/** Rows whose distances to all others are held at once: 256 × 60,000 take 61 MB. */
const BLOCK = 256;

/**
 * Calls `each` with the squared distances of every row of `from` to all of `to`, [to.count]; they are valid during the
 * call alone. |x − y|² = |x|² + |y|² − 2 x·y in float32 is exact to about 10⁻⁶ |x|².
 * @throws Error when the rows differ in length.
 */
export async function forDistances(
  from: Features,
  to: Features,
  each: (index: number, squared: Float32Array) => void,
  options: Options,
): Promise<void> {
  const { size } = from;
  if (to.size !== size) throw new Error(`distances: rows of ${size} and of ${to.size} values`);
  const compiled = await compile(
    { x: [BLOCK, size], y: [to.count, size] },
    ({ x, y }) => {
      const lengths = add(sum(mul(x!, x!), 1, true), transpose(sum(mul(y!, y!), 1, true)));
      return { squared: relu(sub(lengths, mul(matMul(x as Tensor2D, y as Tensor2D, false, true), 2))) };
    },
    options,
  );
  const y = { shape: [to.count, size], data: to.data.subarray(0, to.count * size) };
  for (let start = 0; start < from.count; start += BLOCK) {
    const data = new Float32Array(BLOCK * size);
    data.set(from.data.subarray(start * size, Math.min(start + BLOCK, from.count) * size));
    const { squared } = await compiled.run({ x: { shape: [BLOCK, size], data }, y });
    for (let i = 0; i < Math.min(BLOCK, from.count - start); i++)
      each(start + i, squared!.data.subarray(i * to.count, (i + 1) * to.count));
  }
  await compiled.release();
}
