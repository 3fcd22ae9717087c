// Semi-supervised VAEs: M2 of Kingma et al. 2014, the class summed over or drawn by Gumbel-Softmax (Jang et al. 2017).

import { ACTIVATIONS, type Activation } from '../layers/activations.ts';
import { CLASS_GRADIENTS, type ClassGradient, learnSemiSupervised } from '../methods/semi-supervised.ts';
import { learnStacked } from '../methods/stacked.ts';
import type { ImageShape } from '../model.ts';
import { createLatentClasses } from '../models/latent-classes.ts';
import { createSemiSupervised } from '../models/semi-supervised.ts';
import { stack } from '../models/stacked.ts';
import { createVae } from '../models/vae.ts';
import { constant, cosine, flooredExponential, inTurn } from '../schedules.ts';
import { DISCRETE } from './discrete-settings.ts';
import { type Built, defineFamily, type RecipeOf, type StatedRecipe } from './family.ts';
import { accuracyOf, batchesOf, checkFewLabels, checkShares, FEW_LABELS } from './few-labels.ts';
import { networkOf } from './networks.ts';
import type { Settings } from './rules.ts';
import { BOUND, buildOptimiser, NETWORK, OPTIMISATION } from './settings.ts';

const { evaluateSamples, evaluateImages } = BOUND;
const { temperature, temperatureRate, finalTemperature } = DISCRETE;

const SETTINGS = {
  network: {
    ...NETWORK.network,
    default: 'mlp',
    help: 'whether q(z|x, y) and p(x|y, z) are fully connected or convolutional',
  },
  hidden: {
    ...NETWORK.hidden,
    help: 'units of each hidden layer of q(z|x, y), p(x|y, z) and a fully connected q(y|x)',
  },
  classifier: {
    kind: 'choice',
    options: ['mlp', 'conv'],
    default: 'mlp',
    help: 'whether q(y|x) is fully connected, and knows nothing of which pixels are neighbours, or convolutional',
  },
  channels: { ...NETWORK.channels, only: { classifier: ['conv'] } },
  dense: {
    ...NETWORK.dense,
    only: { classifier: ['conv'] },
    help: 'units between the convolutions and the classes or latents',
  },
  activation: { kind: 'choice', options: Object.keys(ACTIVATIONS), default: 'relu', help: 'of these' },
  latent: { kind: 'integer', min: 1, max: 1024, help: 'latent dimensions beside the class' },
  ...FEW_LABELS,
  alpha: {
    kind: 'number',
    min: 0,
    max: 1e5,
    default: 1,
    help: 'weight of log q(y|x) of labelled images',
  },
  labelledWeight: {
    kind: 'number',
    min: 0,
    max: 1e5,
    default: 1,
    help: 'weight of the bound of labelled images; the share of them, where every image is to count alike',
  },
  features: {
    kind: 'integer',
    min: 0,
    max: 1024,
    default: 0,
    help: 'latents of a VAE (M1) that learns first, and from which classes are told (0: from the images, M2 alone)',
  },
  featureEpochs: {
    kind: 'integer',
    min: 0,
    max: 100_000,
    default: 0,
    scales: true,
    help: 'epochs in which that VAE learns, the first ones',
  },
  agreement: {
    kind: 'number',
    min: 0,
    max: 1e4,
    default: 0,
    help: 'weight of saying the same of images that are turned, stretched and moved a little (0: none), beside the bound and alpha',
  },
  confidence: {
    kind: 'number',
    min: 0.5,
    max: 1,
    default: 0.95,
    help: 'of q(y|x), above which a class counts as told in that',
  },
  gradient: {
    kind: 'choice',
    options: Object.keys(CLASS_GRADIENTS),
    default: 'gumbel-softmax',
    help: 'how the class of an image without label is summed over or drawn',
  },
  temperature,
  temperatureRate,
  finalTemperature,
  select: {
    kind: 'choice',
    options: ['last', 'accuracy'],
    default: 'last',
    help: 'the checkpoint that is kept: the last, or, which tells it the labels of the validation images, the best',
  },
  evaluateSamples,
  evaluateImages,
  ...OPTIMISATION,
} as const satisfies Settings;

export type SemiSupervisedRecipe = StatedRecipe<typeof SETTINGS>;

/** M2 on images; with `features` on the latents of a VAE that learns first. */
function learnersOf(
  recipe: RecipeOf<typeof SETTINGS>,
  image: ImageShape,
  images: number,
  classes: number,
): Pick<Built, 'model' | 'phases'> {
  const { epochs, features, featureEpochs, latent, hidden } = recipe;
  const { labelledBatch, alpha, labelledWeight, agreement, confidence } = recipe;
  const activation = recipe.activation as Activation;
  const gradient = recipe.gradient as ClassGradient;
  const options = { gradient, labelledBatch, alpha, labelledWeight, agreement, confidence };
  const optimiser = buildOptimiser(recipe, images);
  if (features === 0) {
    // Batch normalisation would see images with and without label apart.
    const of = (kind: string) => networkOf({ ...recipe, network: kind, batchNorm: false });
    const networks = { network: of(recipe.network), classifier: of(recipe.classifier) };
    const m2 = createSemiSupervised({ image, classes, latentDimensions: latent, ...networks });
    return { model: m2.model, phases: [{ epochs, learner: learnSemiSupervised(m2, options, optimiser) }] };
  }
  const m1 = createVae({
    image,
    latentDimensions: features,
    network: { kind: 'mlp', hidden, activation },
    likelihood: 'bernoulli',
    estimator: 'B',
    samples: 1,
  });
  const m2 = createLatentClasses({ features, classes, latentDimensions: latent, hidden, activation });
  const { observe, model } = stack(m1, m2);
  const learners = learnStacked({ m1, m2, observe }, options, optimiser);
  return {
    model,
    phases: [
      { epochs: featureEpochs, learner: learners.features },
      { epochs: epochs - featureEpochs, learner: learners.classes },
    ],
  };
}

export const semiSupervised = defineFamily({
  name: 'semi-supervised',
  settings: SETTINGS,

  check(recipe) {
    const { temperature, temperatureRate, finalTemperature, features, featureEpochs, epochs, agreement } =
      recipe;
    checkFewLabels(recipe);
    if (features > 0 && recipe.network !== 'mlp')
      throw new Error(`network ${recipe.network} needs images, and sees the ${features} features instead`);
    if (recipe.network === 'conv' && recipe.classifier === 'mlp')
      throw new Error('network conv needs classifier conv, got mlp');
    // One epoch alone, as of a dry run, is that of M2.
    if (epochs > 1 && features > 0 !== featureEpochs > 0)
      throw new Error(`features ${features} and featureEpochs ${featureEpochs} go together`);
    if (features > 0 && recipe.classifier !== 'mlp')
      throw new Error(
        `classifier ${recipe.classifier} needs images, and sees the ${features} features instead`,
      );
    if (features > 0 && agreement > 0)
      throw new Error(`agreement ${agreement} needs images, and sees the ${features} features instead`);
    if (featureEpochs >= epochs)
      throw new Error(`featureEpochs ${featureEpochs} leave nothing of the ${epochs} epochs of the run`);
    if (temperatureRate > 0 && finalTemperature > temperature)
      throw new Error(`finalTemperature ${finalTemperature} exceeds temperature ${temperature}`);
  },

  build(recipe, { image, images, classes }) {
    const { labelled, temperature, featureEpochs } = recipe;
    checkShares(labelled, classes);
    const gradient = recipe.gradient as ClassGradient;
    const { model, phases } = learnersOf(recipe, image, images, classes);
    const rate = cosine(recipe.learningRate, recipe.finalLearningRate);
    return {
      model: { ...model, labelledImages: labelled },
      phases,
      schedules: {
        ...(featureEpochs > 0
          ? { learningRate: inTurn(featureEpochs, rate, rate), klWeight: constant(1) }
          : { learningRate: rate }),
        ...(gradient === 'marginalised'
          ? {}
          : {
              temperature: flooredExponential(
                temperature,
                recipe.temperatureRate,
                Math.min(temperature, recipe.finalTemperature),
                2000,
              ),
            }),
      },
      batches: batchesOf(recipe, classes, recipe.agreement > 0),
      validator: accuracyOf(model),
      select: recipe.select === 'last' ? 'last' : { by: 'accuracy', better: 'higher', from: 1 },
      settle: (weights) => weights,
    };
  },

  describe: ({ latent, labelled, features }) => ({
    kind: 'semi-supervised VAE',
    sentence: `Semi-supervised variational auto-encoder with a class and ${latent} latent dimensions${features > 0 ? `, of the ${features} of another one` : ''}, which was told the class of ${labelled} images.`,
  }),
});
