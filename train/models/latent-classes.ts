// M2 of Kingma et al. 2014 on what another model makes of images, M1: p(y) p(z) N(x1|y, z), with q(y|x1) and q(z|x1, y).
import { concat, sub, type Tensor } from '@tensorflow/tfjs-core';
import type { Stream } from '../../core/sampling/stream.ts';
import { logProbabilities } from '../latents/categorical.ts';
import type { Activation } from '../layers/activations.ts';
import { dense, initDense, initStack, stack } from '../layers/dense.ts';
import { gaussianKl, gaussianLogDensity } from '../likelihoods.ts';
import type { HostTensors, Posterior, Tensors } from '../model.ts';
import { flat } from './completer.ts';
import { reparameterise, repeat } from './posterior.ts';
import type { SemiSupervised } from './semi-supervised.ts';

export type LatentClassesConfig = {
  /** Latents of M1, which are this model's images: [rows, 1, 1, features]. */
  features: number;
  classes: number;
  latentDimensions: number;
  /** Units of the hidden layers of all three networks. */
  hidden: readonly number[];
  activation: Activation;
};

export type LatentClasses = SemiSupervised & {
  init(stream: Stream): HostTensors;
  /** q(z|x1, y). */
  posterior(params: Tensors, x: Tensor, y: Tensor): Posterior;
  /** p(x1|y, z). */
  features(params: Tensors, z: Tensor, y: Tensor): Posterior;
};

export function createLatentClasses(config: LatentClassesConfig): LatentClasses {
  const { features, classes, latentDimensions, hidden, activation } = config;
  const gaussian = (params: Tensors, name: string, given: readonly Tensor[]): Posterior => {
    const h = stack(params, `${name}/hidden`, concat([...given], 1), hidden, activation);
    return { mean: dense(params, `${name}/mean`, h), logVariance: dense(params, `${name}/log-variance`, h) };
  };
  const initGaussian = (stream: Stream, name: string, inputs: number, outputs: number): HostTensors => {
    const last = hidden.at(-1) ?? inputs;
    return {
      ...initStack(stream, `${name}/hidden`, inputs, hidden),
      ...initDense(stream, `${name}/mean`, last, outputs),
      ...initDense(stream, `${name}/log-variance`, last, outputs),
    };
  };
  const posterior: LatentClasses['posterior'] = (params, x, y) => gaussian(params, 'encoder', [flat(x), y]);
  const likelihood: LatentClasses['features'] = (params, z, y) => gaussian(params, 'decoder', [z, y]);

  return {
    image: { width: features, height: 1, channels: 1 },
    classes,
    latentDimensions,
    init: (stream) => ({
      ...initGaussian(stream, 'encoder', features + classes, latentDimensions),
      ...initGaussian(stream, 'decoder', latentDimensions + classes, features),
      ...initStack(stream, 'classifier/hidden', features, hidden),
      ...initDense(stream, 'classifier/logits', hidden.at(-1) ?? features, classes),
    }),
    logClasses(params, x) {
      const h = stack(params, 'classifier/hidden', flat(x), hidden, activation);
      return logProbabilities(dense(params, 'classifier/logits', h));
    },
    bound(params, x, y, epsilon) {
      const observed = repeat(x, y.shape[0]! / x.shape[0]!);
      const { mean, logVariance } = posterior(params, observed, y);
      const given = likelihood(params, reparameterise(mean, logVariance, epsilon), y);
      return sub(
        gaussianLogDensity(flat(observed), given.mean, given.logVariance),
        gaussianKl(mean, logVariance),
      );
    },
    posterior,
    features: likelihood,
  };
}
