// M1+M2 (Kingma et al. 2014): a VAE learns what images are made of, and M2 learns classes from its latents. Parameters of
// the two stand under `m1/` and `m2/`.
import { reshape, type Tensor } from '@tensorflow/tfjs-core';
import type { Tensors, Trainable } from '../model.ts';
import { group, prefix } from '../runner/names.ts';
import { gaussianGraphs } from './gaussian-model.ts';
import type { LatentClasses } from './latent-classes.ts';
import { reparameterise } from './posterior.ts';
import { classifierGraph } from './semi-supervised.ts';
import type { SamplingVae } from './vae.ts';

export type Stacked = {
  /** What M2 sees of images: a sample of q(x1|x) made of `epsilon` [rows, latents of M1], or its mean without. */
  observe(params: Tensors, x: Tensor, epsilon?: Tensor): Tensor;
  model: Trainable;
};

export function stack(m1: SamplingVae, m2: LatentClasses): Stacked {
  const { image, likelihood } = m1;
  const { classes, latentDimensions } = m2;
  const [first, second] = [(all: Tensors) => group(all, 'm1'), (all: Tensors) => group(all, 'm2')];
  const observe: Stacked['observe'] = (params, x, epsilon) => {
    const { mean, logVariance } = m1.encode(first(params), {}, x);
    const seen = epsilon ? reparameterise(mean, logVariance, epsilon) : mean;
    return reshape(seen, [x.shape[0]!, 1, 1, m1.latentDimensions]);
  };
  const features = (params: Tensors, z: Tensor, y: Tensor | undefined) =>
    m2.features(second(params), z, y!).mean;
  const made = gaussianGraphs({
    image,
    classes,
    latentDimensions,
    likelihood,
    encode: (params, _, x, y) => m2.posterior(second(params), observe(params, x), y!),
    decode: (params, state, z, y) => m1.decode(first(params), state, features(params, z, y)),
    pixelParameters: (params, state, z, y) =>
      m1.pixelParameters(first(params), state, features(params, z, y)),
  });
  return {
    observe,
    model: {
      ...made,
      graphs: {
        ...made.graphs,
        classifier: classifierGraph(image, classes, (params, x) =>
          m2.logClasses(second(params), observe(params, x)),
        ),
      },
      init: (stream, pixelMeans) => ({
        params: {
          ...prefix('m1', m1.init(stream, pixelMeans).params),
          ...prefix('m2', m2.init(stream)),
        },
        state: {},
      }),
    },
  };
}
