// The multi-sample bound of many samples in less time: one table of noise for all images, rotated for each of them.
import { add, minimum, step, sub } from '@tensorflow/tfjs-core';
import { createStream } from '../../../core/sampling/stream.ts';
import { uniformNoise } from '../../estimators/discrete/task.ts';
import type { DiscreteInference, HostTensors, Tensors, Weights } from '../../model.ts';
import { compileWeighted, type RunOptions, sizeOf } from '../../runner/rows.ts';
import { createLogSumExp } from './log-sum-exp.ts';
import { logWeights } from './multi-sample.ts';

/** Samples of one call: few enough that what it computes stays in the cache. */
const PER_RUN = 500;

/**
 * log (1/m) Σ w of m = `samples` discrete samples, nats, for each image of `values` [n · channels · height · width].
 * Uniform numbers are (u + s) mod 1 (Cranley & Patterson 1976): u from a table that is drawn once, s anew for each
 * image and call, one for every variable. Samples of one call are independent; those of two calls, and so the errors of
 * two images, are uncorrelated.
 * @throws Error when `samples` is not a multiple of 500.
 */
export async function rotatedBounds(
  model: DiscreteInference,
  weights: Weights,
  values: Float32Array,
  { samples, seed, ...options }: RunOptions & { samples: number; seed: string },
): Promise<Float64Array> {
  if (samples % PER_RUN !== 0)
    throw new Error(`rotated bounds: samples ${samples} must be a multiple of ${PER_RUN}`);
  const { channels, height, width } = model.image;
  const xShape = [1, channels, height, width];
  const size = sizeOf(xShape);
  const shapesOf = (rows: number) =>
    Object.entries(uniformNoise('uniform', model.layers, rows)).map(
      ([name, { shape }]) => [name, shape] as const,
    );
  const [tables, shifts] = [
    shapesOf(PER_RUN),
    shapesOf(1).map(([name, shape]) => [`shift-${name}`, shape] as const),
  ];

  const compiled = await compileWeighted(
    weights,
    { x: xShape, ...Object.fromEntries([...tables, ...shifts]) },
    (params, _, { x, ...noise }) => {
      const rotated: Tensors = {};
      for (const [name] of tables) {
        const moved = add(noise[name]!, noise[`shift-${name}`]!);
        // A sum that rounds to 1 is left below it, as every uniform number is: log u must not be 0.
        rotated[name] = minimum(sub(moved, step(sub(moved, 1))), 1 - 2 ** -24);
      }
      return { logWeight: logWeights(model, params, x!, PER_RUN, rotated) };
    },
    options,
  );
  const drawnFrom = (
    stream: ReturnType<typeof createStream>,
    shapes: readonly (readonly [string, number[]])[],
  ): HostTensors =>
    Object.fromEntries(
      shapes.map(([name, shape]) => {
        const data = new Float32Array(sizeOf(shape));
        stream.fillUniform(data);
        return [name, { shape, data }];
      }),
    );
  const table = drawnFrom(createStream(seed, 'table'), tables);
  const result = new Float64Array(values.length / size);
  for (let i = 0; i < result.length; i++) {
    const stream = createStream(seed, 'shift', i);
    const x = { shape: xShape, data: values.subarray(i * size, (i + 1) * size) };
    const total = createLogSumExp();
    for (let drawn = 0; drawn < samples; drawn += PER_RUN) {
      const { logWeight } = await compiled.run(weights, { x, ...table, ...drawnFrom(stream, shifts) });
      for (const w of logWeight!.data) total.add(w);
    }
    result[i] = total.value() - Math.log(samples);
  }
  await compiled.release();
  return result;
}
