// Adversarial networks (Goodfellow et al. 2014), of every loss and penalty: plain ones, those that take a label, and those
// that learn to encode.
import { AUGMENTATIONS, augmented } from '../adversarial/augment.ts';
import { type Conditioning, convCritic, maxoutCritic } from '../adversarial/critic.ts';
import { convEncoder, mlpEncoder } from '../adversarial/encoder.ts';
import { convGenerator, mlpGenerator } from '../adversarial/generator.ts';
import { type Adversaries, adversarialLearner } from '../adversarial/learner.ts';
import { ADVERSARIAL_LOSSES, type AdversarialLossName } from '../adversarial/losses.ts';
import { NORMALISATIONS, type NormalisationName } from '../adversarial/normalisation.ts';
import { pairDensity } from '../adversarial/pair-density.ts';
import { PENALTIES, type PenaltyName, withClipping } from '../adversarial/penalties.ts';
import { averagedWeights, averagesOver } from '../averages.ts';
import { imageBatches } from '../data/image-batches.ts';
import { collapse } from '../evaluate/fidelity/collapse.ts';
import { fidelityMeasure } from '../evaluate/fidelity/measure.ts';
import type { ImageShape } from '../model.ts';
import { gaussianModel } from '../models/gaussian-model.ts';
import { adam, sgd } from '../optimisers.ts';
import { constant, cosine, flooredExponential, linear, type ScheduledValue } from '../schedules.ts';
import { type DataFacts, defineFamily, type RecipeOf, type StatedRecipe } from './family.ts';
import { frechetValidator } from './frechet-validator.ts';
import { SETTINGS } from './gan-settings.ts';
import { decodingModel, latentSpec, PRIORS } from './generative.ts';
import { NETWORK_WORDS } from './networks.ts';

export type GanRecipe = StatedRecipe<typeof SETTINGS>;
type Recipe = RecipeOf<typeof SETTINGS>;

/** A rate that falls as the recipe says. */
const rateOf = ({ decay, finalLearningRate, epochs }: Recipe, from: number): ScheduledValue =>
  ({
    none: () => constant(from),
    cosine: () => cosine(from, finalLearningRate),
    linear: () => linear(from, finalLearningRate, epochs / 2, epochs),
    // Goodfellow et al.'s 1.000004⁻ᵗ, not below 10⁻⁶.
    exponential: () => flooredExponential(from, Math.log(1.000004), 1e-6),
  })[decay as 'none']();

/** The generator turned round. */
const encoderOf = ({ network, latent, channels, hidden }: Recipe, image: ImageShape) =>
  network === 'conv'
    ? convEncoder({ image, latent, channels: channels.toReversed() })
    : mlpEncoder({ image, latent, hidden: hidden.toReversed() });

function adversaries(recipe: Recipe, { image }: DataFacts): Adversaries {
  const { latent, network, optimiser, penalty, loss, criticNorm, averageSteps } = recipe;
  const classes = recipe.classes > 0 ? { classes: recipe.classes } : {};
  const judged = recipe.encoder ? { latent } : {};
  const sides = { image, ...classes, ...judged, conditioning: recipe.conditioning as Conditioning };
  const { distribution, toLatents } = PRIORS[recipe.prior as keyof typeof PRIORS];
  const rule =
    optimiser === 'sgd' ? sgd({ momentum: 'momentum' }) : adam({ beta1: recipe.beta1, beta2: recipe.beta2 });
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
    ...(recipe.encoder ? { inference: { encoder: encoderOf(recipe, image), cycle: recipe.cycle } } : {}),
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
    ...averagesOver('generator', averageSteps),
  };
}

/** @throws Error naming a setting that has no meaning for pairs of image and latents. */
function checkEncoder({ classes, prior, loss, penalty }: Recipe): void {
  if (classes > 0) throw new Error(`encoder is for classes 0, got ${classes}`);
  if (prior !== 'gaussian') throw new Error(`encoder needs prior gaussian, got ${prior}`);
  // Its two targets do not change places when the sign of a score does.
  if (loss === 'least-squares') throw new Error('encoder needs another loss than least-squares');
  if (penalty in PENALTIES) throw new Error(`encoder needs penalty none or clip, got ${penalty}`);
}

export const gan = defineFamily({
  name: 'gan',
  settings: SETTINGS,
  // Of models with a density every other measure is of that.
  measures: [{ ...fidelityMeasure, needs: ({ model }) => model.density !== undefined }],

  check(recipe) {
    const { criticSteps, penalty, learningRate, criticLearningRate, loss, criticNorm } = recipe;
    if (criticSteps === 0 && penalty === 'clip')
      throw new Error('criticSteps 0 moves all weights by one rule, so penalty clip needs 1 or more');
    if (criticSteps === 0 && criticLearningRate !== 0 && criticLearningRate !== learningRate)
      throw new Error(
        `criticSteps 0 moves all weights at one learningRate, got criticLearningRate ${criticLearningRate}`,
      );
    if (loss === 'wasserstein' && penalty === 'none' && criticNorm !== 'spectral')
      throw new Error('loss wasserstein needs penalty clip, wgan-gp, dragan or r1, or criticNorm spectral');
    if (recipe.encoder) checkEncoder(recipe);
  },

  build(recipe, facts) {
    const of = adversaries(recipe, facts);
    const { generator, inference, critic, normalisation } = of;
    const model = inference
      ? gaussianModel(pairDensity(of.image, recipe.latent, generator, inference.encoder))
      : decodingModel(of, latentSpec(recipe));
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
            params: {
              ...made.params,
              ...(inference ? inference.encoder.init(stream) : {}),
              ...judging,
              ...norm.params,
            },
            state: { ...made.state, ...norm.state },
          };
        },
      },
      phases: [{ epochs: recipe.epochs, learner: adversarialLearner(of, Object.keys(schedules)) }],
      schedules,
      batches: (dataset) => imageBatches(dataset, { ...recipe, batchSize }, of.classes),
      validator: (dataset, options) => frechetValidator(model, dataset, recipe.selectImages, options),
      select: recipe.select === 'last' ? 'last' : { by: 'frechet', better: 'lower', from: 1 },
      flaw: ({ recall }) => collapse(recall),
      settle: averagedWeights,
    };
  },

  describe: ({ latent, network, classes, loss, encoder, cycle }) => ({
    kind: classes > 0 ? 'conditional GAN' : encoder ? 'bidirectional GAN' : 'GAN',
    sentence: `Generative adversarial network with ${latent} latent dimensions, ${NETWORK_WORDS[network]}, ${loss} loss${classes > 0 ? ', which takes a label' : ''}${encoder ? ', and an encoder that the critic taught' : ''}${encoder && cycle > 0 ? ' with a cycle loss' : ''}.`,
  }),
});
