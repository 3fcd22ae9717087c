// The scores that could tell outliers from usual images, and how well each does: nothing here is fitted to outliers.
import { judge } from '../../../core/anomaly/judge.ts';
import { anomalyTerms } from '../../../core/anomaly/terms.ts';
import { encodePng } from '../../../core/image/png.ts';
import type { Quantity } from '../../../figures/numbers.ts';
import type { Share } from '../../../figures/share.ts';
import { type Images, sliceImages } from '../../data/data-set.ts';
import { type Quantiles, scoreImages } from '../../evaluate/anomaly/anomaly.ts';
import { auroc } from '../../evaluate/anomaly/auroc.ts';
import type { Options } from '../../evaluate/for-images.ts';

/** What each score is, for protocols. */
export const SCORES = {
  score: 'the negative bound',
  excess: 'the negative bound less the entropy of the grey levels',
  reconstruction: '−log p(x|z)',
  kl: 'KL(q(z|x) ‖ p(z))',
  verdict: 'the larger percentile of score and excess, by which POST /anomaly judges',
  background:
    'the negative bound less that of independent Bernoulli pixels with the means of the training images, a tenth of each replaced by ½ (Ren et al. 2019)',
  png: 'the negative bound less the bits of the PNG file (Serrà et al. 2020)',
} as const;
export type Score = keyof typeof SCORES;
const NAMES = Object.keys(SCORES) as Score[];

/** Larger is stranger; [image] each. */
export type Scores = Record<Score, Float64Array>;

/** Share of the background's pixels that are noise: small, and not tuned. */
const MUTATION = 0.1;
const NO_LATENTS = { mean: new Float32Array(0), logVariance: new Float32Array(0) };

export type Scorer = {
  subject: Parameters<typeof scoreImages>[0];
  calibration: Quantiles;
  /** Of the training images, in 0…1, [channels · height · width]. */
  pixelMeans: Float32Array;
};

/** Every score of every image. */
export async function allScores(
  { subject, calibration, pixelMeans }: Scorer,
  images: Images,
  options: Options,
): Promise<Scores> {
  const terms = await scoreImages(subject, images, options);
  const background = pixelMeans.map((mean) => (1 - MUTATION) * mean + MUTATION / 2);
  const scores = Object.fromEntries(NAMES.map((name) => [name, new Float64Array(images.count)])) as Scores;
  terms.forEach((of, i) => {
    const { width, height, channels, pixels } = sliceImages(images, i, i + 1);
    const x = Float32Array.from(pixels, (byte) => byte / 255);
    const bits = 8 * encodePng({ width, height, channels, pixels }).length;
    scores.score[i] = of.score;
    scores.excess[i] = of.excess;
    scores.reconstruction[i] = of.reconstruction;
    scores.kl[i] = of.kl;
    scores.verdict[i] = judge(of, calibration).percentile;
    scores.background[i] = of.score - anomalyTerms(x, NO_LATENTS, { mean: background }).reconstruction;
    scores.png[i] = of.score - bits * Math.LN2;
  });
  return scores;
}

/** The area of each score, as `<outliers>, <score>`. */
export const areas = (outliers: string, usual: Scores, strange: Scores): Record<string, Quantity> =>
  Object.fromEntries(NAMES.map((name) => [`${outliers}, ${name}`, auroc(usual[name], strange[name])]));

/** Share of images called unusual at a rate of false alarms. */
export function alarms(scores: Scores, calibration: Quantiles, rate: number): Share {
  const n = scores.score.length;
  let count = 0;
  for (let i = 0; i < n; i++) {
    const [score, excess] = [scores.score[i]!, scores.excess[i]!];
    if (judge({ score, excess, reconstruction: 0, kl: 0 }, calibration, rate).verdict === 'unusual')
      count += 1;
  }
  return { count, of: n };
}
