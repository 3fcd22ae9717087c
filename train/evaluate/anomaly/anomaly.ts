// The anomaly terms of many images, by a model and the arithmetic of the worker.
import { mul, reshape } from '@tensorflow/tfjs-core';
import { DEFAULT_RATE, judge } from '../../../core/anomaly/judge.ts';
import { distributionOf } from '../../../core/anomaly/quantiles.ts';
import { type AnomalyTerms, anomalyTerms } from '../../../core/anomaly/terms.ts';
import { wilson } from '../../../figures/share.ts';
import type { DiscreteVaeCard, GaussianVaeCard, ModelCard } from '../../../models/card.ts';
import { isDiscrete } from '../../../models/latent.ts';
import type { AnomalyCard } from '../../../models/sections.ts';
import type { Images } from '../../data/data-set.ts';
import type { Tensors } from '../../model.ts';
import { forImages, type Options, type Weighed } from '../for-images.ts';
import type { Subject } from '../subject.ts';
import { scoreCodes } from './codes.ts';

/** `label`: the class under which an image scores least, of a conditional model. */
export type Scored = AnomalyTerms & { label?: number };

/** The images once for each class, as a member of it. */
function asEveryClass(images: Images, classes: number): Images {
  const { count, pixels } = images;
  const repeated = new Uint8Array(classes * pixels.length);
  for (let c = 0; c < classes; c++) repeated.set(pixels, c * pixels.length);
  const labels = Uint8Array.from({ length: classes * count }, (_, i) => Math.floor(i / count));
  return { ...images, count: classes * count, pixels: repeated, labels };
}

/** The terms of each image; grey levels as they are, whatever the variant the model was trained on. */
export async function scoreImages(
  subject: Weighed | Subject,
  images: Images,
  options: Options,
): Promise<Scored[]> {
  if ('graphs' in subject.model) return scoreCodes(subject as Subject, images, options);
  return scoreByMeans(subject as Weighed, images, options);
}

async function scoreByMeans(subject: Weighed, images: Images, options: Options): Promise<Scored[]> {
  const { model } = subject;
  const { classes } = model;
  const size = images.width * images.height * images.channels;
  const run = (params: Tensors, state: Tensors, { x, labels }: Tensors): Tensors => {
    const { mean, logVariance } = model.encode(params, state, x!, labels);
    const { log_variance } = model.pixelParameters(params, state, mean, labels);
    return {
      given: mul(x!, 1),
      mean,
      logVariance,
      pixelMeans: reshape(model.decode(params, state, mean, labels), [-1, size]),
      ...(log_variance ? { pixelLogVariances: reshape(log_variance, [-1, size]) } : {}),
    };
  };
  const scored: Scored[] = [];
  const keep = (index: number, outputs: Record<string, Float32Array>) => {
    const { given, mean, logVariance, pixelMeans, pixelLogVariances } = outputs;
    const pixels = {
      mean: pixelMeans!,
      ...(pixelLogVariances ? { logVariance: pixelLogVariances } : {}),
    };
    const terms = anomalyTerms(given!, { mean: mean!, logVariance: logVariance! }, pixels);
    const [i, label] = [index % images.count, Math.floor(index / images.count)];
    if (!scored[i] || terms.score < scored[i].score) scored[i] = { ...terms, ...(classes ? { label } : {}) };
  };
  await forImages(subject, classes ? asEveryClass(images, classes) : images, run, keep, options);
  return scored;
}

type Trained = Pick<GaussianVaeCard | DiscreteVaeCard, 'likelihood' | 'latent' | 'family'> &
  Pick<ModelCard['dataset'], 'variant'>;

const VARIANT_WORDS: Record<ModelCard['dataset']['variant'], string> = {
  dynamic: 'grey levels as they are: log p(x|z) is its mean over the binarisations that were trained on',
  static: 'grey levels as they are: log p(x|z) is its mean over binarisations by intensity',
  grey: 'grey levels under a Bernoulli likelihood, as in training: not a likelihood of the data',
};

/** A critic taught the model, and no likelihood. */
const CRITIC_WORDS =
  'grey levels under a Bernoulli likelihood that nothing in training maximised: not a likelihood of the data';

/** What a verdict is made by. */
export type Quantiles = Pick<AnomalyCard, 'levels' | 'quantiles'>;

/** How the figures of an image come about. */
function estimatorOf({ likelihood, latent, family, variant }: Trained): string {
  const score = isDiscrete(latent)
    ? 'score = −log p(x|z) − log p(z) − H(q(z|x)) at the likeliest code z of q(z|x), nothing drawn'
    : 'score = −log p(x|z) + KL(q(z|x) ‖ p(z)) at the mean z of q(z|x), nothing drawn';
  return likelihood === 'gaussian'
    ? `${score}; excess = score − its value for an exact mean of p(x|z), so Σ (xᵢ − meanᵢ)² / 2σᵢ² + KL; densities of grey levels / 255`
    : `${score}; excess = score − Σ H(xᵢ); pixel means are kept 10⁻⁶ away from 0 and 1; ${family === 'gan' ? CRITIC_WORDS : VARIANT_WORDS[variant]}`;
}

/** Four digits after the point. */
const rounded = (value: number): number => Math.round(1e4 * value) / 1e4;

/** The distribution of each term. */
export function quantilesOf(terms: AnomalyTerms[]): Quantiles {
  const of = (name: keyof AnomalyTerms) => distributionOf(terms.map((term) => term[name]));
  const quantiles = (name: keyof AnomalyTerms) => of(name).quantiles.map(rounded);
  return {
    levels: [...of('score').levels],
    quantiles: {
      score: quantiles('score'),
      excess: quantiles('excess'),
      reconstruction: quantiles('reconstruction'),
      kl: quantiles('kl'),
    },
  };
}

/** Rates of false alarms at which a card says what is reached. */
const RATES = [DEFAULT_RATE, 0.05];

/** Scores of images; `split` says for people which these are. */
export type ScoredSplit = { split: string; terms: AnomalyTerms[]; block?: number | undefined };

/** Share of usual images called unusual; of images in blocks, the interval is that of so many blocks. */
function reachedAt(rate: number, { terms, block = 1 }: ScoredSplit, card: Quantiles) {
  const share = terms.filter((of) => judge(of, card, rate).verdict === 'unusual').length / terms.length;
  const apart = Math.ceil(terms.length / block);
  const [low, high] = wilson({ count: share * apart, of: apart });
  return { rate, share: rounded(share), interval: [rounded(low), rounded(high)] as [number, number] };
}

/**
 * What images that a model was not fitted to score, for the card of its package, and how many of `others`, held out as
 * well, are called unusual by that.
 */
export function anomalyCard(usual: ScoredSplit, others: ScoredSplit, trained: Trained): AnomalyCard {
  const card = quantilesOf(usual.terms);
  return {
    estimator: estimatorOf(trained),
    split: usual.split,
    images: usual.terms.length,
    falseAlarms: {
      split: others.split,
      images: others.terms.length,
      reached: RATES.map((rate) => reachedAt(rate, others, card)),
    },
    ...card,
  };
}
