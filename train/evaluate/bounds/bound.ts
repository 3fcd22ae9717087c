// Bounds on log p(x) over a whole set, streamed so that memory stays flat.
import { add, slice, sub } from '@tensorflow/tfjs-core';
import { createStream } from '../../../core/sampling/stream.ts';
import { oneHot } from '../../data/labels.ts';
import type { HostTensors, Inference, Tensors, Weights } from '../../model.ts';
import { posteriorTerms } from '../../models/posterior.ts';
import { compileWeighted, type RunOptions } from '../../runner/rows.ts';
import { createLogSumExp } from './log-sum-exp.ts';

/** Decoder runs in one call: large enough for fast matrix products, small enough for the cache. */
const DECODES_PER_RUN = 4000;

/** Per image: the bound with its two terms from the first sample, and the importance-weighted bound of all. */
export type BoundTerms = { reconstruction: Float64Array; kl: Float64Array; logWeight: Float64Array };

export type BoundEvaluator = {
  /** Samples that one image takes. */
  samples: number;
  /** Images that are evaluated together. */
  chunk: number;
  /**
   * The terms of `values` [n · channels · height · width] in 0…1; `first` is the index of its first image, `labels`
   * those of a conditional model.
   */
  evaluate(weights: Weights, values: Float32Array, first?: number, labels?: Uint8Array): Promise<BoundTerms>;
  release(): Promise<void>;
};

/**
 * Evaluates L_k = log (1/k) Σ p(x, z_i) / q(z_i|x) with z_i ~ q(z|x) (Burda et al. 2016, Eq. 8) for each image;
 * k = `samples`. With k = 1 it is the ELBO (Kingma & Welling 2013, Eq. 6). The noise of an image depends on
 * `seed` and on which chunk of images it is in.
 */
export async function createBoundEvaluator(
  vae: Inference,
  like: Weights,
  options: RunOptions & { samples: number; seed: string },
): Promise<BoundEvaluator> {
  const { samples, seed, ...run } = options;
  const perRun = Math.min(samples, 500);
  if (samples % perRun !== 0)
    throw new Error(`bound: samples ${samples} above 500 must be a multiple of 500`);
  const chunk = Math.max(1, Math.floor(DECODES_PER_RUN / perRun / 2) * 2);
  const { channels, height, width } = vae.image;
  const size = channels * height * width;
  const J = vae.latentDimensions;

  // Sample s of image i is row s · chunk + i.
  const weigh = (params: Tensors, state: Tensors, inputs: Tensors): Tensors => {
    const terms = posteriorTerms(vae, params, state, inputs.x!, inputs.epsilon!, inputs.labels);
    const logRatio = sub(terms.logPrior, terms.logPosterior);
    return {
      logLikelihood: slice(terms.logLikelihood, 0, 1),
      logWeight: add(terms.logLikelihood, logRatio),
      kl: terms.kl,
    };
  };

  const xShape = [chunk, channels, height, width];
  const labelShape = vae.classes === undefined ? undefined : [chunk, vae.classes];
  const compiled = await compileWeighted(
    like,
    { x: xShape, epsilon: [perRun * chunk, J], ...(labelShape ? { labels: labelShape } : {}) },
    weigh,
    run,
  );

  return {
    samples,
    chunk,
    async evaluate(weights, values, first = 0, labels) {
      const count = values.length / size;
      const result: BoundTerms = {
        reconstruction: new Float64Array(count),
        kl: new Float64Array(count),
        logWeight: new Float64Array(count),
      };
      const epsilon = { shape: [perRun * chunk, J], data: new Float32Array(perRun * chunk * J) };
      for (let start = 0; start < count; start += chunk) {
        const images = Math.min(chunk, count - start);
        // The last chunk is filled up with zeros, whose results are dropped.
        const data = new Float32Array(chunk * size);
        data.set(values.subarray(start * size, (start + images) * size));
        const x = { shape: xShape, data };
        const given: HostTensors = labelShape
          ? { labels: { shape: labelShape, data: oneHot(labels!, start, chunk, labelShape[1]!) } }
          : {};
        const noise = createStream(seed, 'importance', first + start);
        const sums = Array.from({ length: images }, createLogSumExp);
        for (let drawn = 0; drawn < samples; drawn += perRun) {
          noise.fillNormal(epsilon.data);
          const { logLikelihood, logWeight, kl } = await compiled.run(weights, { ...given, x, epsilon });
          for (let s = 0; s < perRun; s++)
            for (let i = 0; i < images; i++) sums[i]!.add(logWeight!.data[s * chunk + i]!);
          if (drawn > 0) continue;
          result.reconstruction.set(logLikelihood!.data.subarray(0, images), start);
          result.kl.set(kl!.data.subarray(0, images), start);
        }
        for (let i = 0; i < images; i++) result.logWeight[start + i] = sums[i]!.value() - Math.log(samples);
      }
      return result;
    },
    release: compiled.release,
  };
}
