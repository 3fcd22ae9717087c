// Variational auto-encoders of one stochastic layer (Kingma & Welling 2013), and every way of training them.

import { createStream } from '../../core/sampling/stream.ts';
import type { Estimator } from '../estimators/bounds.ts';
import { descend } from '../methods/descend.ts';
import { doublyReparameterised } from '../methods/doubly-reparameterised.ts';
import { fullVariational, initFullVariational, meanParameters } from '../methods/full-variational.ts';
import { wakeSleep } from '../methods/wake-sleep.ts';
import type { Likelihood } from '../model.ts';
import { createVae } from '../models/vae.ts';
import { builtOnBound, checkBound } from './bound.ts';
import { defineFamily, type StatedRecipe } from './family.ts';
import { NETWORK_WORDS, networkOf } from './networks.ts';
import type { Settings } from './rules.ts';
import { BOUND, buildOptimiser, NETWORK, OPTIMISATION } from './settings.ts';

const SETTINGS = {
  ...NETWORK,
  latent: {
    kind: 'integer',
    min: 1,
    max: 1024,
    help: 'latent dimensions; 2 can be drawn as a map, 20 to 50 give sharp digits',
  },
  classes: {
    kind: 'integer',
    min: 0,
    max: 256,
    default: 0,
    help: 'labels that the model is conditional on, as many as the data set has (0: none)',
  },
  ...BOUND,
  sharedVariance: {
    kind: 'flag',
    default: false,
    only: { likelihood: ['gaussian'] },
    help: 'one learned variance for all pixels',
  },
  method: {
    kind: 'choice',
    options: ['aevb', 'dreg', 'wake-sleep', 'full-variational'],
    default: 'aevb',
    help: 'aevb = backpropagation through the samples; dreg = the same, doubly reparameterised; wake-sleep; full-variational = the decoder has a posterior too (Appendix F)',
  },
  freeNats: {
    kind: 'number',
    min: 0,
    max: 100,
    default: 0,
    only: { estimator: ['B'] },
    help: 'nats of KL that each latent has free, against collapse',
  },
  ...OPTIMISATION,
} as const satisfies Settings;

export type VaeRecipe = StatedRecipe<typeof SETTINGS>;

export const vae = defineFamily({
  name: 'vae',
  settings: SETTINGS,

  check(recipe) {
    checkBound(recipe);
    const { method, estimator, classes, tightenEpochs } = recipe;
    if (method === 'dreg' && estimator !== 'IW')
      throw new Error(
        `method dreg is a gradient of the importance-weighted bound: estimator IW, got ${estimator}`,
      );
    if (method !== 'aevb' && classes > 0)
      throw new Error(`classes ${classes} needs method aevb, got ${method}`);
    if ((method === 'wake-sleep' || method === 'full-variational') && tightenEpochs > 0)
      throw new Error(`tightenEpochs ${tightenEpochs} needs method aevb or dreg, got ${method}`);
  },

  build(recipe, { image, images }) {
    const { latent, likelihood, classes, method, samples, tightenEpochs, tightenSamples } = recipe;
    const optimiser = buildOptimiser(recipe, images);
    const create = (estimator: Estimator, k: number, freeNats: number) =>
      createVae({
        image,
        latentDimensions: latent,
        network: networkOf(recipe),
        likelihood: likelihood as Likelihood,
        estimator,
        samples: k,
        freeNats,
        sharedVariance: recipe.sharedVariance ?? false,
        ...(classes > 0 ? { classes } : {}),
      });
    const plain = create(recipe.estimator as Estimator, samples, recipe.freeNats ?? 0);
    const learn = (model: typeof plain, k: number) =>
      method === 'dreg' ? doublyReparameterised(model, k, optimiser) : descend(model, optimiser);
    if (method === 'wake-sleep') return builtOnBound(recipe, plain, { plain: wakeSleep(plain, optimiser) });
    if (method === 'full-variational') {
      const zeros = new Float32Array(image.channels * image.height * image.width).fill(0.5);
      const shapes = plain.init(createStream('shapes'), zeros).params;
      const learner = fullVariational(plain, shapes, images, optimiser);
      const built = builtOnBound(recipe, plain, { plain: learner }, meanParameters);
      const init: typeof plain.init = (stream, pixelMeans) => {
        const { params, state } = plain.init(stream, pixelMeans);
        return { params: initFullVariational(params), state };
      };
      return { ...built, model: { ...built.model, init } };
    }
    return builtOnBound(recipe, plain, {
      plain: learn(plain, samples),
      ...(tightenEpochs > 0 ? { tight: learn(create('IW', tightenSamples, 0), tightenSamples) } : {}),
    });
  },

  describe: ({ latent, network, classes }) => ({
    kind: classes > 0 ? 'conditional VAE' : 'VAE',
    sentence: `Variational auto-encoder with ${latent} latent dimensions, ${NETWORK_WORDS[network]}${classes > 0 ? ', which takes a label' : ''}.`,
  }),
});
