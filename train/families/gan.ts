// Generative adversarial networks (Goodfellow et al. 2014) and what came after.
import { mul, sub, type Tensor } from '@tensorflow/tfjs-core';
import type { LatentSpec } from '../../models/latent.ts';
import { AUGMENTATIONS, augmented } from '../adversarial/augment.ts';
import { type Conditioning, convCritic, maxoutCritic } from '../adversarial/critic.ts';
import { convGenerator, mlpGenerator } from '../adversarial/generator.ts';
import { type Adversaries, adversarialLearner } from '../adversarial/learner.ts';
import { ADVERSARIAL_LOSSES, type AdversarialLossName } from '../adversarial/losses.ts';
import { NORMALISATIONS, type NormalisationName } from '../adversarial/normalisation.ts';
import { PENALTIES, type PenaltyName, withClipping } from '../adversarial/penalties.ts';
import { averagedWeights } from '../averages.ts';
import { imageBatches } from '../data/image-batches.ts';
import type { GraphTensor, Model } from '../model.ts';
import { adam, sgd } from '../optimisers.ts';
import { constant, cosine, flooredExponential, linear, type ScheduledValue } from '../schedules.ts';
import type { DataFacts } from './family.ts';
import { defineFamily, type RecipeOf, type StatedRecipe } from './family.ts';
import { collapse, frechetValidator } from './frechet-validator.ts';
import { SETTINGS } from './gan-settings.ts';

export type GanRecipe = StatedRecipe<typeof SETTINGS>;
type Recipe = RecipeOf<typeof SETTINGS>;

/** As far from the middle as a uniform variable of variance 1 reaches. */
const REACH = Math.sqrt(3);

const latentSpec = ({ prior, latent: dimensions }: Recipe): LatentSpec =>
  prior === 'uniform'
    ? { prior: 'uniform', dimensions, low: -REACH, high: REACH }
    : { prior: 'gaussian', dimensions };

const PRIORS = {
  gaussian: { distribution: 'normal', toLatents: (noise: Tensor) => noise },
  uniform: { distribution: 'uniform', toLatents: (noise: Tensor) => sub(mul(noise, 2 * REACH), REACH) },
} as const;

/** A rate that falls as the recipe says. */
const rateOf = ({ decay, finalLearningRate, epochs }: Recipe, from: number): ScheduledValue =>
  ({
    none: () => constant(from),
    cosine: () => cosine(from, finalLearningRate),
    linear: () => linear(from, finalLearningRate, epochs / 2, epochs),
    // Goodfellow et al.'s 1.000004⁻ᵗ, not below 10⁻⁶.
    exponential: () => flooredExponential(from, Math.log(1.000004), 1e-6),
  })[decay as 'none']();

function adversaries(recipe: Recipe, { image }: DataFacts): Adversaries {
  const { latent, network, optimiser, penalty, loss, criticNorm, averageSteps } = recipe;
  const classes = recipe.classes > 0 ? { classes: recipe.classes } : {};
  const sides = { image, ...classes, conditioning: recipe.conditioning as Conditioning };
  const { distribution, toLatents } = PRIORS[recipe.prior as keyof typeof PRIORS];
  const rule =
    optimiser === 'sgd' ? sgd({ momentum: 'momentum' }) : adam({ beta1: recipe.beta1, beta2: 0.999 });
  const pressure = PENALTIES[penalty as PenaltyName];
  return {
    image,
    ...classes,
    latent: { dimensions: latent, distribution },
    toLatents,
    generator:
      network === 'conv'
        ? convGenerator({ image, latent, ...classes, channels: recipe.channels })
        : mlpGenerator({ image, latent, ...classes, hidden: recipe.hidden }),
    critic: augmented(
      network === 'conv'
        ? convCritic({ ...sides, channels: recipe.criticChannels })
        : maxoutCritic({
            ...sides,
            hidden: recipe.criticHidden,
            pieces: recipe.pieces,
            dropout: recipe.dropout,
          }),
      AUGMENTATIONS[recipe.augment as keyof typeof AUGMENTATIONS],
    ),
    normalisation: NORMALISATIONS[criticNorm as NormalisationName],
    loss: ADVERSARIAL_LOSSES[loss as AdversarialLossName],
    ...(pressure ? { penalty: { ...pressure, weight: recipe.penaltyWeight } } : {}),
    criticSteps: recipe.criticSteps,
    optimisers: { generator: rule, critic: penalty === 'clip' ? withClipping(rule, recipe.clip) : rule },
    ...(averageSteps > 0 ? { averages: { of: 'generator', decay: 1 - 1 / averageSteps } } : {}),
  };
}

export const gan = defineFamily({
  name: 'gan',
  settings: SETTINGS,

  check({ criticSteps, penalty, learningRate, criticLearningRate, loss, criticNorm }) {
    if (criticSteps === 0 && penalty === 'clip')
      throw new Error('criticSteps 0 moves all weights by one rule, so penalty clip needs 1 or more');
    if (criticSteps === 0 && criticLearningRate !== 0 && criticLearningRate !== learningRate)
      throw new Error(
        `criticSteps 0 moves all weights at one learningRate, got criticLearningRate ${criticLearningRate}`,
      );
    if (loss === 'wasserstein' && penalty === 'none' && criticNorm !== 'spectral')
      throw new Error('loss wasserstein needs penalty clip, wgan-gp, dragan or r1, or criticNorm spectral');
  },

  build(recipe, facts) {
    const of = adversaries(recipe, facts);
    const { generator, critic, normalisation } = of;
    const { image } = facts;
    const latent = latentSpec(recipe);
    const label: Record<string, GraphTensor> = of.classes
      ? { label: { shape: [of.classes], meaning: 'class, one-hot, in the order of labels', range: [0, 1] } }
      : {};
    const model: Model = {
      image,
      ...(of.classes ? { classes: of.classes } : {}),
      latent,
      graphs: {
        decoder: {
          inputs: {
            z: {
              shape: [recipe.latent],
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
    const own = recipe.criticLearningRate > 0 ? recipe.criticLearningRate : recipe.learningRate;
    const schedules: Record<string, ScheduledValue> = {
      learningRate: rateOf(recipe, recipe.learningRate),
      ...(recipe.criticSteps > 0 ? { criticLearningRate: rateOf(recipe, own) } : {}),
      ...(recipe.optimiser === 'sgd'
        ? { momentum: linear(recipe.momentum, recipe.finalMomentum, 0, recipe.momentumEpochs) }
        : {}),
    };
    const batchSize = Math.max(1, recipe.criticSteps) * recipe.batchSize;
    return {
      model: {
        ...model,
        init(stream, pixelMeans) {
          const made = generator.init(stream, pixelMeans);
          const judging = critic.init(stream);
          const norm = normalisation.init(stream, judging, critic.kernels);
          return {
            params: { ...made.params, ...judging, ...norm.params },
            state: { ...made.state, ...norm.state },
          };
        },
      },
      phases: [{ epochs: recipe.epochs, learner: adversarialLearner(of, Object.keys(schedules)) }],
      schedules,
      batches: (dataset) => imageBatches(dataset, { ...recipe, batchSize }, of.classes),
      validator: (dataset, options) => frechetValidator(model, dataset, recipe.selectImages, options),
      select: recipe.select === 'last' ? 'last' : { by: 'frechet', better: 'lower', from: 1 },
      flaw: collapse,
      settle: averagedWeights,
    };
  },

  describe: ({ latent, network, classes, loss }) => ({
    kind: classes > 0 ? 'conditional GAN' : 'GAN',
    sentence: `Generative adversarial network with ${latent} latent dimensions, ${network === 'conv' ? 'convolutional' : 'fully connected'}, ${loss} loss${classes > 0 ? ', which takes a label' : ''}.`,
  }),
});
