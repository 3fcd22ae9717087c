// Semi-supervised adversarial networks: a classifier that learns from few labels because it is a critic as well
// (Salimans et al. 2016, Section 5).
import { softmax, type Tensor } from '@tensorflow/tfjs-core';
import { classCritic, featureMatchingLearner } from '../adversarial/feature-matching.ts';
import { mlpGenerator } from '../adversarial/generator.ts';
import { averagedWeights, averagesOver } from '../averages.ts';
import type { GraphSpec, Model } from '../model.ts';
import { adam } from '../optimisers.ts';
import { linear } from '../schedules.ts';
import { defineFamily, type StatedRecipe } from './family.ts';
import { accuracyOf, batchesOf, checkFewLabels, checkShares, FEW_LABELS } from './few-labels.ts';
import { SETTINGS as GAN } from './gan-settings.ts';
import { decodingModel, latentSpec, PRIORS } from './generative.ts';
import type { Settings } from './rules.ts';

const { latent, prior, averageSteps, evaluateSamples } = GAN;

const SETTINGS = {
  latent,
  prior,
  hidden: { kind: 'list', min: 1, max: 8192, help: 'units of the generator, from the latents outwards' },
  criticHidden: {
    kind: 'list',
    min: 1,
    max: 8192,
    help: 'units of the critic, from the image inwards; the generator matches the last of them',
  },
  ...FEW_LABELS,
  beta1: { kind: 'number', min: 0, max: 0.9999, default: 0.5, help: GAN.beta1.help },
  learningRate: { kind: 'number', min: 1e-7, max: 10, help: 'in the first half; a straight line leads to 0' },
  averageSteps,
  evaluateSamples,
} as const satisfies Settings;

export type SemiSupervisedGanRecipe = StatedRecipe<typeof SETTINGS>;

export const semiSupervisedGan = defineFamily({
  name: 'semi-supervised-gan',
  settings: SETTINGS,

  check({ labelled, labelledBatch }) {
    checkFewLabels({ labelled, labelledBatch });
  },

  build(recipe, { image, classes }) {
    const { labelled, labelledBatch, epochs } = recipe;
    checkShares(labelled, classes);
    const generator = mlpGenerator({ image, latent: recipe.latent, hidden: recipe.hidden });
    const critic = classCritic(image, classes, recipe.criticHidden);
    const { distribution, toLatents } = PRIORS[recipe.prior as keyof typeof PRIORS];
    const classifier: GraphSpec = {
      inputs: {
        x: { shape: [image.channels, image.height, image.width], meaning: 'images, NCHW', range: [0, 1] },
      },
      outputs: {
        probabilities: {
          shape: [classes],
          meaning: 'probabilities of the classes, in the order of labels',
          range: [0, 1],
        },
      },
      run: (params, _state, { x }) => ({ probabilities: softmax(critic.of(params, x!).logits as Tensor) }),
    };
    const made = decodingModel({ image, generator }, latentSpec(recipe));
    const model: Model = { ...made, graphs: { ...made.graphs, classifier }, labelledImages: labelled };
    return {
      model: {
        ...model,
        init(stream, pixelMeans) {
          const { params, state } = generator.init(stream, pixelMeans);
          return { params: { ...params, ...critic.init(stream) }, state };
        },
      },
      phases: [
        {
          epochs,
          learner: featureMatchingLearner({
            image,
            classes,
            latent: { dimensions: recipe.latent, distribution },
            toLatents,
            generator,
            critic,
            labelledBatch,
            optimiser: adam({ beta1: recipe.beta1, beta2: 0.999 }),
            ...averagesOver('', recipe.averageSteps),
          }),
        },
      ],
      schedules: { learningRate: linear(recipe.learningRate, 0, epochs / 2, epochs) },
      batches: batchesOf(recipe, classes),
      validator: accuracyOf(model),
      // To choose by validation labels would be to know more than the labels that were told.
      select: 'last',
      settle: averagedWeights,
    };
  },

  describe: ({ latent, labelled }) => ({
    kind: 'semi-supervised GAN',
    sentence: `Adversarial network with ${latent} latent dimensions, whose critic tells classes and was told the class of ${labelled} images; the generator matches its features.`,
  }),
});
