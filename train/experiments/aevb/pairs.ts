// Pairs of cells of Kingma & Welling 2013 that share a panel, compared where both have been measured.
import type { Point } from '../../../figures/chart.ts';
import type { Quantity } from '../../../figures/numbers.ts';
import type { Cell, Cells } from '../experiment.ts';
import { difference, less } from '../judge.ts';
import { curveOf } from './charts.ts';

const toQuantity = ([, value, standardError]: Point): Quantity =>
  standardError === undefined ? { value } : { value, standardError };

/** The values of two curves at the samples that both have. */
export const shared = (
  a: readonly Point[],
  b: readonly Point[],
): { samples: number; a: Quantity; b: Quantity }[] =>
  a.flatMap((point) => {
    const other = b.find(([samples]) => samples === point[0]);
    return other ? [{ samples: point[0], a: toQuantity(point), b: toQuantity(other) }] : [];
  });

/** Two cells, and which curve of theirs. */
type Pair = { own: Cell; other: Cell; split: 'train' | 'test'; column: string };

/**
 * What `own` has more than `other` at `samples`; default: the most that both curves have. Where both cells end there the
 * error is that of paired differences, if they keep what these need. Nothing where they share no such point.
 */
export function leadOf(
  { own, other, split, column }: Pair,
  at?: number,
): { samples: number; found: Quantity & { paired: boolean } } | undefined {
  const [curve, rival] = [curveOf(own, split, column), curveOf(other, split, column)];
  const point = shared(curve, rival).findLast(({ samples }) => at === undefined || samples === at);
  if (!point) return undefined;
  const { samples, a, b } = point;
  const atTheirEnd = own.samples === samples && other.samples === samples;
  const found = atTheirEnd ? difference(own, other, split) : undefined;
  return { samples, found: found ?? { ...less(a, b), paired: false } };
}

/** `20` of `mnist-z20`. */
export const numberOf = (panel: string): number => Number(/\d+$/.exec(panel)![0]);

/** Panels that AEVB and another method share, MNIST first, in ascending order of their number. */
export function panelsOf(cells: Cells, rival: string): string[] {
  const panels = [...cells.keys()]
    .filter((name) => name.endsWith('-aevb') && cells.has(name.replace(/aevb$/, rival)))
    .map((name) => name.slice(0, -'-aevb'.length));
  const faces = (panel: string) => Number(panel.startsWith('frey'));
  return panels.sort((a, b) => faces(a) - faces(b) || numberOf(a) - numberOf(b));
}
