// A VAE of discrete latents as a model with graphs: what is exported of it, and what its inputs and outputs mean.
import { add, mul, reshape } from '@tensorflow/tfjs-core';
import { latentSize } from '../../models/latent.ts';
import { shapeOf } from '../latents/layer.ts';
import { specOf } from '../latents/spec.ts';
import type { GraphTensor, Model } from '../model.ts';
import type { CodePriorKind } from './code-prior.ts';
import type { DiscreteVae } from './discrete-vae.ts';

/** decoder: `z` → `mean`; encoder: `x` → `logits`; prior, unless it is uniform: `codes` → `logits`. */
export function discreteVaeModel(vae: DiscreteVae, prior: CodePriorKind): Model {
  const { image, likelihood } = vae;
  const layer = vae.layers[0]!;
  const latent = specOf(layer);
  const [ofImage, ofLogits, ofCodes] = [
    [image.channels, image.height, image.width],
    shapeOf(layer),
    [latentSize(latent)],
  ];
  const logits: Record<string, GraphTensor> =
    likelihood === 'continuous-bernoulli'
      ? { logits: { shape: ofImage, meaning: 'logits of p(x|z), NCHW; pictures need the mean alone' } }
      : {};
  const values = layer.kind === 'bernoulli' ? 'bits' : 'one-hot symbols, those of the first variable first';
  return {
    image,
    latent,
    discrete: vae,
    graphs: {
      decoder: {
        inputs: { z: { shape: ofCodes, meaning: `codes: ${values}`, range: [0, 1] } },
        outputs: {
          mean: { shape: ofImage, meaning: 'pixel means of p(x|z), NCHW', range: [0, 1] },
          ...logits,
        },
        run(params, _, { z }) {
          const { mean, parameters } = vae.pixels(params, reshape(z!, [z!.shape[0]!, ...ofLogits]));
          return { mean, ...parameters };
        },
      },
      encoder: {
        inputs: { x: { shape: ofImage, meaning: 'images, NCHW', range: [0, 1] } },
        outputs: { logits: { shape: ofLogits, meaning: 'logits of q(z|x)' } },
        run: (params, _, { x }) => ({ logits: vae.logits(params, x!, 0, []) }),
      },
      ...(prior === 'uniform'
        ? {}
        : {
            prior: {
              inputs: {
                codes: {
                  shape: ofCodes,
                  meaning: `codes as the decoder takes them: ${values}; zeros for what is not drawn yet`,
                  range: [0, 1] as [number, number],
                },
              },
              outputs: {
                logits: {
                  shape: ofLogits,
                  meaning: 'logits of p(z), those of a variable from the variables before it',
                },
              },
              run(params, _, { codes }) {
                const z = reshape(codes!, [codes!.shape[0]!, ...ofLogits]);
                // A prior that looks at no code has no rows of its own.
                return { logits: add(mul(z, 0), vae.priorLogits(params, z)) };
              },
            },
          }),
    },
  };
}
