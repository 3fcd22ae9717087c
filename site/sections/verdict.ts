// Whether the model has seen drawings like this one: a verdict, and how many usual images are as strange.
import { isAble } from '../../models/able.ts';
import type { AnomalyCard } from '../../models/sections.ts';
import { byId, type Choices } from '../page.ts';

const WORDS = { usual: 'Much like what it has seen.', unusual: 'Unlike what it has seen.' };

function describeShare(percentile: number, { images }: AnomalyCard): string {
  if (percentile === 100) return `Stranger than all of ${images} usual images`;
  return `Stranger than ${percentile.toFixed(percentile > 99 ? 1 : 0)} in 100 usual images`;
}

/** Judges an image as a member of the class `label`, if the model takes one; shows nothing where it cannot. */
export async function showVerdict(
  { card, dreamer }: Pick<Choices, 'card' | 'dreamer'>,
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
  byId('verdict-bar').style.width = `${percentile}%`;
  byId('verdict-figures').textContent =
    `score ${score.toFixed(1)} nats, usual up to ${thresholds.score.toFixed(1)}; excess ${excess.toFixed(1)}, up to ${thresholds.excess.toFixed(1)}`;
}
