// What generators that a critic taught have in common: their latents, and the graph that makes images of these.
import { mul, sub, type Tensor } from '@tensorflow/tfjs-core';
import type { ContinuousSpec } from '../../models/latent.ts';
import type { Adversaries } from '../adversarial/learner.ts';
import type { GraphTensor, Model } from '../model.ts';

/** As far from the middle as a uniform variable of variance 1 reaches. */
const REACH = Math.sqrt(3);

export const latentSpec = ({
  prior,
  latent: dimensions,
}: {
  prior: string;
  latent: number;
}): ContinuousSpec =>
  prior === 'uniform'
    ? { prior: 'uniform', dimensions, low: -REACH, high: REACH }
    : { prior: 'gaussian', dimensions };

/** What is fed for each prior, and how that becomes latents. */
export const PRIORS = {
  gaussian: { distribution: 'normal', toLatents: (noise: Tensor) => noise },
  uniform: { distribution: 'uniform', toLatents: (noise: Tensor) => sub(mul(noise, 2 * REACH), REACH) },
} as const;

/** What a generator is to those that have no encoder: latents in, images out. */
export function decodingModel(
  { image, classes, generator }: Pick<Adversaries, 'image' | 'classes' | 'generator'>,
  latent: ContinuousSpec,
): Model {
  const label: Record<string, GraphTensor> = classes
    ? { label: { shape: [classes], meaning: 'class, one-hot, in the order of labels', range: [0, 1] } }
    : {};
  return {
    image,
    ...(classes ? { classes } : {}),
    latent,
    graphs: {
      decoder: {
        inputs: {
          z: {
            shape: [latent.dimensions],
            meaning:
              latent.prior === 'uniform'
                ? 'latent vectors; the prior is uniform in ±√3'
                : 'latent vectors; the prior is N(0, I)',
          },
          ...label,
        },
        outputs: {
          mean: {
            shape: [image.channels, image.height, image.width],
            meaning: 'the image, NCHW',
            range: [0, 1],
          },
        },
        run: (params, state, { z, label: given }) => ({
          mean: generator.generate(params, state, z!, given, false).images,
        }),
      },
    },
  };
}
