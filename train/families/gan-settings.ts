// The settings of adversarial networks.
import { AUGMENTATIONS } from '../adversarial/augment.ts';
import { CONDITIONINGS } from '../adversarial/critic.ts';
import { ADVERSARIAL_LOSSES } from '../adversarial/losses.ts';
import { NORMALISATIONS } from '../adversarial/normalisation.ts';
import { PENALTIES } from '../adversarial/penalties.ts';
import type { Settings } from './rules.ts';

const CONV = { network: ['conv'] };
const MLP = { network: ['mlp'] };
const SGD = { optimiser: ['sgd'] };
const ENCODER = { encoder: [true] };

export const SETTINGS = {
  latent: { kind: 'integer', min: 1, max: 1024, help: 'latent dimensions' },
  prior: {
    kind: 'choice',
    options: ['gaussian', 'uniform'],
    default: 'gaussian',
    help: 'of the latents: N(0, I), or uniform in ±√3, which has the same variance',
  },
  classes: {
    kind: 'integer',
    min: 0,
    max: 256,
    default: 0,
    help: 'labels that the generator is given, as many as the data set has (0: none)',
  },
  balance: {
    kind: 'flag',
    default: false,
    help: 'show every label as often as any other, however many images it has',
  },
  conditioning: {
    kind: 'choice',
    options: CONDITIONINGS,
    default: 'projection',
    help: 'what the critic of a conditional model does with labels: projection = features times a vector of the label; auxiliary = it tells the class as well; concatenated = it is given labels beside the pixels',
  },
  encoder: {
    kind: 'flag',
    default: false,
    help: 'learn to encode images as well, with the generator turned round: the critic judges pairs of image and latents (ALI, BiGAN)',
  },
  cycle: {
    kind: 'number',
    min: 0,
    max: 1000,
    default: 0,
    only: ENCODER,
    help: 'weight of the distance of an image from what it is decoded to (ALICE; 0: the critic alone teaches)',
  },
  network: {
    kind: 'choice',
    options: ['mlp', 'conv'],
    help: 'conv, or fully connected with a critic of maxout units as in the paper',
  },
  hidden: {
    kind: 'list',
    min: 1,
    max: 8192,
    only: MLP,
    help: 'units of the generator, from the latents outwards',
  },
  criticHidden: { kind: 'list', min: 1, max: 8192, only: MLP, help: 'maxout units of the critic' },
  pieces: {
    kind: 'integer',
    min: 1,
    max: 64,
    default: 5,
    only: MLP,
    help: 'linear functions of a maxout unit',
  },
  dropout: {
    kind: 'flag',
    default: true,
    only: MLP,
    help: 'a step of the critic drops a fifth of the pixels and half of the units',
  },
  channels: {
    kind: 'list',
    min: 1,
    max: 1024,
    only: CONV,
    help: 'channels of the generator, from the latents outwards; each stage doubles the image',
  },
  criticChannels: {
    kind: 'list',
    min: 1,
    max: 1024,
    only: CONV,
    help: 'channels of the critic, from the image inwards; each stage halves the image',
  },
  criticNorm: {
    kind: 'choice',
    options: Object.keys(NORMALISATIONS),
    default: 'none',
    help: 'of the weights of the critic',
  },
  augment: {
    kind: 'choice',
    options: Object.keys(AUGMENTATIONS),
    default: 'none',
    help: 'what is changed at random in all images that the critic sees, for small sets: colour = and translation, all = and a hole',
  },
  loss: {
    kind: 'choice',
    options: Object.keys(ADVERSARIAL_LOSSES),
    default: 'non-saturating',
    help: 'of critic and generator',
  },
  penalty: {
    kind: 'choice',
    options: ['none', 'clip', ...Object.keys(PENALTIES)],
    default: 'none',
    help: 'holds the critic back: clip = its weights stay small; the others are of its gradient',
  },
  penaltyWeight: {
    kind: 'number',
    min: 0,
    max: 1000,
    default: 10,
    only: { penalty: Object.keys(PENALTIES) },
    help: 'weight of the penalty in the loss',
  },
  clip: {
    kind: 'number',
    min: 1e-6,
    max: 100,
    default: 0.01,
    only: { penalty: ['clip'] },
    help: 'largest weight of the critic',
  },
  criticSteps: {
    kind: 'integer',
    min: 0,
    max: 100,
    default: 1,
    help: 'steps of the critic before one of the generator (0: both at once, as in the code of the paper)',
  },
  optimiser: {
    kind: 'choice',
    options: ['adam', 'sgd'],
    default: 'adam',
    help: 'sgd with momentum in the paper',
  },
  beta1: {
    kind: 'number',
    min: 0,
    max: 0.9999,
    default: 0.5,
    only: { optimiser: ['adam'] },
    help: 'share of the last gradients that the next step keeps',
  },
  beta2: {
    kind: 'number',
    min: 0,
    max: 0.99999,
    default: 0.999,
    only: { optimiser: ['adam'] },
    help: 'the same of their squares, by which it is scaled',
  },
  momentum: { kind: 'number', min: 0, max: 0.9999, default: 0.5, only: SGD, help: 'at the start' },
  finalMomentum: {
    kind: 'number',
    min: 0,
    max: 0.9999,
    default: 0.7,
    only: SGD,
    help: 'at the end of its rise',
  },
  momentumEpochs: {
    kind: 'integer',
    min: 1,
    max: 100_000,
    default: 250,
    scales: true,
    only: SGD,
    help: 'epochs of its rise, a straight line',
  },
  learningRate: { kind: 'number', min: 1e-7, max: 10, help: 'at the start' },
  criticLearningRate: {
    kind: 'number',
    min: 0,
    max: 10,
    default: 0,
    help: 'of the critic at the start (0: that of the generator)',
  },
  decay: {
    kind: 'choice',
    options: ['none', 'linear', 'cosine', 'exponential'],
    default: 'linear',
    help: 'of both rates: linear = over the second half of the run; exponential = by 1.000004 a step, as in the paper',
  },
  finalLearningRate: {
    kind: 'number',
    min: 0,
    max: 10,
    default: 0,
    help: 'where linear and cosine decay lead',
  },
  averageSteps: {
    kind: 'integer',
    min: 0,
    max: 1_000_000,
    default: 1000,
    help: 'steps that the moving average of the generator looks back, which is what is kept (0: the last weights)',
  },
  select: {
    kind: 'choice',
    options: ['frechet', 'last'],
    default: 'frechet',
    help: 'the checkpoint that is kept: the one nearest to the validation images by the Fréchet distance, or the last',
  },
  selectImages: {
    kind: 'integer',
    min: 200,
    max: 50_000,
    default: 5000,
    help: 'generated images of that distance',
  },
  evaluateSamples: {
    kind: 'integer',
    min: 200,
    max: 100_000,
    default: 10_000,
    help: 'generated images of the final figures, and samples of each bound of a model that encodes',
  },
  evaluateImages: {
    kind: 'integer',
    min: 1,
    max: 100_000,
    default: 100,
    only: ENCODER,
    help: 'test images of that bound',
  },
} as const satisfies Settings;
