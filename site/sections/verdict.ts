// Whether the model has seen drawings like this one: a verdict, and how many of the usual images are as strange.
import { isAble } from '../../models/able.ts';
import type { AnomalyCard } from '../../models/sections.ts';
import { byId, type Choices } from '../page.ts';

/** What the share is said of: both sentences grow with how ordinary the drawing is. */
const WORDS = { usual: 'An ordinary picture, to this model.', unusual: 'A strange picture, to this model.' };

/** How many of a hundred usual images are stranger: 0 of the strangest drawing, 100 of the most ordinary one. */
function describeShare(percentile: number, { images }: AnomalyCard): string {
  if (percentile === 100) return `None of ${images} real ones is as strange.`;
  const stranger = 100 - percentile;
  const share =
    stranger < 1 ? `${Math.max(1, Math.round(10 * stranger))} in 1000` : `${Math.round(stranger)} in 100`;
  return `${share} real ones are stranger.`;
}

/** Judges an image as a member of the class `label`, if the model takes one; shows nothing where it cannot. */
export async function showVerdict(
  { card, dreamer }: { card: Parameters<typeof isAble>[0]; dreamer: Choices['dreamer'] },
  x: Float32Array,
  label: number | undefined,
): Promise<void> {
  const place = byId('verdict');
  place.hidden = !isAble(card, 'anomaly');
  if (!isAble(card, 'anomaly')) return;
  const { verdict, percentile, score, excess, thresholds } = await dreamer.judge(card, x, label);
  place.classList.toggle('unusual', verdict === 'unusual');
  byId('verdict-word').textContent = WORDS[verdict];
  byId('verdict-share').textContent = describeShare(percentile, card.anomaly);
  byId('verdict-mark').style.left = `${percentile}%`;
  byId('verdict-figures').textContent =
    `score ${score.toFixed(1)} nats, usual up to ${thresholds.score.toFixed(1)}; excess ${excess.toFixed(1)}, up to ${thresholds.excess.toFixed(1)}`;
}
