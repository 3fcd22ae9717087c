// The bound of whole sets by estimator B with one posterior sample an image (Kingma & Welling 2013, Eq. 7), each
// image with noise of its own, so that the error of the mean is that of independent images.
import { squeeze, sub } from '@tensorflow/tfjs-core';
import { createStream } from '../../../core/sampling/stream.ts';
import type { HostTensors, Inference, Tensors } from '../../model.ts';
import { posteriorTerms } from '../../models/posterior.ts';
import type { Backend } from '../../runner/backends.ts';
import { compile } from '../../runner/compile.ts';
import { group, prefix } from '../../runner/names.ts';

/** Weights of a model that stand still. */
export type Weights = { params: HostTensors; state: HostTensors };

export type ElboEvaluator = {
  /** log p(x|z) − KL for each image of `values` [n · channels · height · width] in 0…1. */
  evaluate(weights: Weights, values: Float32Array): Promise<Float64Array>;
  release(): Promise<void>;
};

/** Images of one run; the last run is filled up with zeros, whose results are dropped. */
const CHUNK = 500;

/** The noise of image i depends on `seed` and i alone, so one seed compares models on the same noise. */
export async function createElboEvaluator(
  vae: Inference,
  like: Weights,
  options: { seed: string; backend: Backend; threads?: number },
): Promise<ElboEvaluator> {
  const { channels, height, width } = vae.image;
  const size = channels * height * width;
  const J = vae.latentDimensions;
  const [xShape, epsilonShape] = [
    [CHUNK, channels, height, width],
    [CHUNK, J],
  ];
  const weightShapes = Object.fromEntries(
    Object.entries({ ...prefix('params', like.params), ...prefix('state', like.state) }).map(
      ([name, { shape }]) => [name, shape],
    ),
  );
  const elbo = (inputs: Tensors): Tensors => {
    const [params, state] = [group(inputs, 'params'), group(inputs, 'state')];
    const terms = posteriorTerms(vae, params, state, inputs.x!, inputs.epsilon!);
    return { elbo: sub(squeeze(terms.logLikelihood, [0]), terms.kl) };
  };
  const compiled = await compile({ ...weightShapes, x: xShape, epsilon: epsilonShape }, elbo, options);

  return {
    async evaluate({ params, state }, values) {
      const count = values.length / size;
      const result = new Float64Array(count);
      const feeds = { ...prefix('params', params), ...prefix('state', state) };
      for (let start = 0; start < count; start += CHUNK) {
        const images = Math.min(CHUNK, count - start);
        const x = { shape: xShape, data: new Float32Array(CHUNK * size) };
        x.data.set(values.subarray(start * size, (start + images) * size));
        const epsilon = { shape: epsilonShape, data: new Float32Array(CHUNK * J) };
        createStream(options.seed, 'elbo', start).fillNormal(epsilon.data);
        const results = await compiled.run({ ...feeds, x, epsilon });
        result.set(results.elbo!.data.subarray(0, images), start);
      }
      return result;
    },
    release: compiled.release,
  };
}
