// The bound of whole sets by estimator B with one posterior sample an image (Kingma & Welling 2013, Eq. 7), each
// image with noise of its own, so that the error of the mean is that of independent images.
import { squeeze, sub } from '@tensorflow/tfjs-core';
import { createStream } from '../../../core/sampling/stream.ts';
import type { Inference, Weights } from '../../model.ts';
import { posteriorTerms } from '../../models/posterior.ts';
import { compileRows, type RunOptions, rowsOf } from '../../runner/rows.ts';

export type ElboEvaluator = {
  /** log p(x|z) − KL for each image of `values` [n · channels · height · width] in 0…1. */
  evaluate(weights: Weights, values: Float32Array): Promise<Float64Array>;
  release(): Promise<void>;
};

/** Images of one run; the noise of an image depends on it. */
const CHUNK = 500;

/** The noise of image i depends on `seed` and i alone, so one seed compares models on the same noise. */
export async function createElboEvaluator(
  vae: Inference,
  like: Weights,
  { seed, ...options }: RunOptions & { seed: string },
): Promise<ElboEvaluator> {
  const { channels, height, width } = vae.image;
  const image = [channels, height, width];
  const noise = {
    shape: [vae.latentDimensions],
    fill: (start: number, out: Float32Array) => createStream(seed, 'elbo', start).fillNormal(out),
  };
  const rows = await compileRows(
    like,
    { x: { shape: image }, epsilon: noise },
    (params, state, { x, epsilon }) => {
      const terms = posteriorTerms(vae, params, state, x!, epsilon!);
      return { elbo: sub(squeeze(terms.logLikelihood, [0]), terms.kl) };
    },
    { ...options, batch: CHUNK },
  );
  return {
    async evaluate(weights, values) {
      const result = new Float64Array(values.length / (channels * height * width));
      await rows.over(weights, { x: rowsOf(values, image), epsilon: noise }, result.length, (i, { elbo }) => {
        result[i] = elbo![0]!;
      });
      return result;
    },
    release: rows.release,
  };
}
