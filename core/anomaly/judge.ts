// What the terms of an image say beside those of usual images.
import type { AnomalyCard } from '../../models/sections.ts';
import { shareBelow, valueAt } from './quantiles.ts';
import type { AnomalyTerms } from './terms.ts';

/** False alarms per usual image where nobody says how many are wanted. */
export const DEFAULT_RATE = 0.01;

export type Judgement = AnomalyTerms & {
  /** Usual images, those that the card is of, in a hundred with a smaller value. */
  percentiles: Record<keyof AnomalyTerms, number>;
  /** The larger of the two that are judged: of score and excess. */
  percentile: number;
  /** Unusual: the score or the excess is above its threshold. */
  verdict: 'usual' | 'unusual';
  /** A share `rate` / 2 of the usual images is above each, so that at most `rate` of them are called unusual. */
  thresholds: { score: number; excess: number };
  rate: number;
};

/** `rate` is in 0…1. */
export function judge(
  terms: AnomalyTerms,
  { levels, quantiles }: Pick<AnomalyCard, 'levels' | 'quantiles'>,
  rate = DEFAULT_RATE,
): Judgement {
  const percentile = (name: keyof AnomalyTerms) =>
    100 * shareBelow(terms[name], { levels, quantiles: quantiles[name] });
  const threshold = (name: keyof AnomalyTerms) =>
    valueAt(1 - rate / 2, { levels, quantiles: quantiles[name] });
  const thresholds = { score: threshold('score'), excess: threshold('excess') };
  const unusual = terms.score > thresholds.score || terms.excess > thresholds.excess;
  const percentiles = {
    score: percentile('score'),
    excess: percentile('excess'),
    reconstruction: percentile('reconstruction'),
    kl: percentile('kl'),
  };
  return {
    ...terms,
    percentile: Math.max(percentiles.score, percentiles.excess),
    percentiles,
    verdict: unusual ? 'unusual' : 'usual',
    thresholds,
    rate,
  };
}
