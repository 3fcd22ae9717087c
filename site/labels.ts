// What models that take a label are told: the class of the page's choice, else the one drawn from a seed.
import { drawnClass, oneHotRow } from '../core/sampling/label.ts';
import { classesOf } from '../models/card.ts';
import type { Choices } from './page.ts';

/** Weights [classes] for the picture of each seed; undefined for a model that takes no label. */
export function labelRows(
  { card, label }: Pick<Choices, 'card' | 'label'>,
  seeds: readonly string[],
): Float32Array[] | undefined {
  const classes = classesOf(card)?.length;
  return classes === undefined
    ? undefined
    : seeds.map((seed) => oneHotRow(label ?? drawnClass(seed, 0, classes), classes));
}
