// The multi-sample bound of models with discrete latents: log (1/m) Σ w of discrete samples (Gu et al. 2016, Section 5.1;
// Burda et al. 2016, Eq. 8), for each image.
import type { Tensor } from '@tensorflow/tfjs-core';
import { createStream } from '../../../core/sampling/stream.ts';
import { ancestralSample, uniformNoise } from '../../estimators/discrete/task.ts';
import type { DiscreteInference, HostTensors, Tensors, Weights } from '../../model.ts';
import { repeat } from '../../models/posterior.ts';
import { compileWeighted, type RunOptions, sizeOf } from '../../runner/rows.ts';
import { createLogSumExp } from './log-sum-exp.ts';

/** Rows of one call: large enough for fast matrix products. */
const ROWS = 4000;
const LARGEST = 500;

export type MultiSampleEvaluator = {
  /** Images that are evaluated together. */
  chunk: number;
  /** Nats for each image of `values` [n · channels · height · width] in 0…1; `first` is the index of its first image. */
  evaluate(weights: Weights, values: Float32Array, first?: number): Promise<Float64Array>;
  release(): Promise<void>;
};

/** log w of samples of the images `x` [images, …] drawn with `uniform`, [copies · images]. */
export function logWeights(
  model: DiscreteInference,
  params: Tensors,
  x: Tensor,
  copies: number,
  uniform: Tensors,
): Tensor {
  const rows = repeat(x, copies);
  // The first layer sees the image alone, and so is computed once for all of its samples.
  const first = repeat(model.logits(params, x, 0, []), copies);
  const task = {
    layers: model.layers,
    logits: (at: Tensors, layer: number, before: readonly Tensor[]) =>
      layer === 0 ? first : model.logits(at, rows, layer, before),
  };
  return model.logWeight(params, rows, ancestralSample(task, params, uniform));
}

/**
 * `samples` is m; above 500 a multiple of 500. The noise of an image depends on `seed` and on which chunk of images it is
 * in. With m = 1 it is an estimate of the ELBO.
 */
export async function createMultiSampleEvaluator(
  model: DiscreteInference,
  like: Weights,
  { samples, seed, ...options }: RunOptions & { samples: number; seed: string },
): Promise<MultiSampleEvaluator> {
  const perRun = Math.min(samples, LARGEST);
  if (samples % perRun !== 0)
    throw new Error(`multi-sample: samples ${samples} above ${LARGEST} must be a multiple of ${LARGEST}`);
  const chunk = Math.floor(ROWS / perRun);
  const { channels, height, width } = model.image;
  const size = channels * height * width;
  const noise = uniformNoise('uniform', model.layers, perRun * chunk);
  const xShape = [chunk, channels, height, width];
  const shapes = Object.fromEntries(Object.entries(noise).map(([name, { shape }]) => [name, shape]));

  const compiled = await compileWeighted(
    like,
    { x: xShape, ...shapes },
    (params, _, { x, ...uniform }) => ({ logWeight: logWeights(model, params, x!, perRun, uniform) }),
    options,
  );

  return {
    chunk,
    async evaluate(weights, values, first = 0) {
      const count = values.length / size;
      const result = new Float64Array(count);
      const feeds: HostTensors = Object.fromEntries(
        Object.entries(shapes).map(([name, shape]) => [
          name,
          { shape, data: new Float32Array(sizeOf(shape)) },
        ]),
      );
      for (let start = 0; start < count; start += chunk) {
        const images = Math.min(chunk, count - start);
        // The last chunk is filled up with zeros, whose results are dropped.
        const data = new Float32Array(chunk * size);
        data.set(values.subarray(start * size, (start + images) * size));
        const stream = createStream(seed, 'multi-sample', first + start);
        const sums = Array.from({ length: images }, createLogSumExp);
        for (let drawn = 0; drawn < samples; drawn += perRun) {
          for (const { data: uniform } of Object.values(feeds)) stream.fillUniform(uniform);
          const { logWeight } = await compiled.run(weights, { x: { shape: xShape, data }, ...feeds });
          for (let s = 0; s < perRun; s++)
            for (let i = 0; i < images; i++) sums[i]!.add(logWeight!.data[s * chunk + i]!);
        }
        sums.forEach((sum, i) => {
          result[start + i] = sum.value() - Math.log(samples);
        });
      }
      return result;
    },
    release: compiled.release,
  };
}
