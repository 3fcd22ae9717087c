// M2, the semi-supervised VAE (Kingma et al. 2014, Eqs. 2 and 4): p(y) p(z) p(x|y, z), with q(y|x) and q(z|x, y).
import { exp, sub, type Tensor } from '@tensorflow/tfjs-core';
import { logProbabilities } from '../latents/categorical.ts';
import { dense, initDense } from '../layers/dense.ts';
import { gaussianKl } from '../likelihoods.ts';
import type { GraphSpec, ImageShape, Tensors, Trainable } from '../model.ts';
import { createNetwork, type NetworkConfig } from '../networks/create.ts';
import { group, prefix, within } from '../runner/names.ts';
import { gaussianModel } from './gaussian-model.ts';
import { reparameterise, repeat } from './posterior.ts';
import { createVae } from './vae.ts';

export type SemiSupervisedConfig = {
  image: ImageShape;
  classes: number;
  latentDimensions: number;
  /** Of q(z|x, y), mirrored in p(x|y, z); without batch normalisation. */
  network: NetworkConfig;
  /** Of q(y|x); without batch normalisation. */
  classifier: NetworkConfig;
};

/** What learns from images with and without labels. */
export type SemiSupervised = {
  image: ImageShape;
  classes: number;
  latentDimensions: number;
  /** log q(y|x), [rows, classes]. */
  logClasses(params: Tensors, x: Tensor): Tensor;
  /**
   * −L(x, y) without its constant log p(y): log p(x|y, z) − KL(q(z|x, y) ‖ p(z)), nats, [rows]; `y` [rows, classes] is
   * one-hot, or relaxed; `epsilon` [rows, latentDimensions] draws z; `x` has as many rows, or `rows / k` that are
   * taken k times over.
   */
  bound(params: Tensors, x: Tensor, y: Tensor, epsilon: Tensor): Tensor;
};

/** `probabilities` of the classes from images; `logClasses` gives their logs. */
export const classifierGraph = (
  { width, height, channels }: ImageShape,
  classes: number,
  logClasses: SemiSupervised['logClasses'],
): GraphSpec => ({
  inputs: { x: { shape: [channels, height, width], meaning: 'images, NCHW', range: [0, 1] } },
  outputs: {
    probabilities: { shape: [classes], meaning: 'q(y|x), in the order of labels', range: [0, 1] },
  },
  run: (params, _, { x }) => ({ probabilities: exp(logClasses(params, x!)) }),
});

export function createSemiSupervised(config: SemiSupervisedConfig): SemiSupervised & { model: Trainable } {
  const { image, classes, latentDimensions } = config;
  if ([config.network, config.classifier].some((one) => one.kind === 'conv' && one.batchNorm))
    throw new Error(
      'semi-supervised: the networks must not have batchNorm, which would see images with and without label apart',
    );
  const vae = createVae({ ...config, likelihood: 'bernoulli', estimator: 'B', samples: 1 });
  // Of its networks that to features is of use.
  const classifier = createNetwork(config.classifier, { ...image, latentDimensions, outputChannels: 1 });
  const logClasses: SemiSupervised['logClasses'] = (params, x) => {
    const { y } = classifier.features(group(params, 'classifier'), {}, x, true);
    return logProbabilities(dense(params, 'classifier/logits', y));
  };
  const given = gaussianModel(vae);
  return {
    image,
    classes,
    latentDimensions,
    logClasses,
    bound(params, x, y, epsilon) {
      const { mean, logVariance } = vae.encode(params, {}, x, y);
      const z = reparameterise(mean, logVariance, epsilon);
      const images = repeat(x, y.shape[0]! / x.shape[0]!);
      return sub(vae.logLikelihood(params, {}, images, z, y), gaussianKl(mean, logVariance));
    },
    model: {
      ...given,
      graphs: { ...given.graphs, classifier: classifierGraph(image, classes, logClasses) },
      init(stream, pixelMeans) {
        const { params, state } = vae.init(stream, pixelMeans);
        Object.assign(
          params,
          prefix('classifier', within(classifier.init(stream).params, 'encoder')),
          initDense(stream, 'classifier/logits', classifier.featureUnits, classes),
        );
        return { params, state };
      },
    },
  };
}
