// Requests that pages show or name, made as small as one request must be where this worker runs: nothing that a page
// promises is refused.
import {
  DEFAULT_MAX_OPERATIONS,
  drawOperations,
  largest,
  largestScale,
  mostPixels,
  sampleOperations,
  smoothWork,
} from '../../core/budget.ts';
import type { Able } from '../../models/able.ts';

/** Floating-point operations that one request may take; absent: as the app has it. */
export type Bound = { maxOperations?: number | undefined };

const within = ({ maxOperations }: Bound) => maxOperations ?? DEFAULT_MAX_OPERATIONS;

export type Sheet = { n: number; columns: number; scale: number };

/** The sheet of new samples that fits, of whole rows; nothing where not one sample does. */
export function sheetWithin(card: Able<'generate'>, wanted: Sheet, bound: Bound): Sheet | undefined {
  const each = sampleOperations(card);
  const most = largest(wanted.n, (n) => n * each, within(bound));
  const columns = Math.min(most, wanted.columns);
  if (most === 0) return undefined;
  const n = most - (most % columns);
  const scale = largestScale(card, n, wanted.scale, n * each, bound.maxOperations);
  return { n, columns, scale };
}

/** The path of so many steps, there and back, that fits. */
export function pathWithin(
  card: Able<'interpolate'>,
  wanted: { steps: number; scale: number },
  bound: Bound,
): { steps: number; scale: number } | undefined {
  const operations = (steps: number) => 2 * drawOperations(card) + steps * card.graphs.decoder.flopsPerImage;
  const steps = largest(wanted.steps, operations, within(bound));
  if (steps < 2) return undefined;
  const frames = 2 * steps - 2;
  const scale = largestScale(card, frames, wanted.scale, operations(steps), bound.maxOperations);
  return { steps, scale };
}

/** The map of size × size images that fits. */
export function mapWithin(
  card: Able<'generate'>,
  wanted: { size: number; scale: number },
  bound: Bound,
): { size: number; scale: number } | undefined {
  const operations = (size: number) => size ** 2 * card.graphs.decoder.flopsPerImage;
  const size = largest(wanted.size, operations, within(bound));
  if (size < 2) return undefined;
  const scale = largestScale(card, size ** 2, wanted.scale, operations(size), bound.maxOperations);
  return { size, scale };
}

/** How many completions fit, up to `n`. */
export const completionsWithin = (card: Able<'complete'>, n: number, bound: Bound): number =>
  largest(n, (count) => count * card.graphs.completer.flopsPerImage, within(bound));

/** The largest square of a sample, in whatever colours, up to `side` pixels; nothing where it has no room for `least`. */
export function sideWithin(
  card: Able<'generate'>,
  side: number,
  least: number,
  bound: Bound,
): number | undefined {
  const pixels = mostPixels(sampleOperations(card), smoothWork(false), bound.maxOperations);
  const fits = Math.min(side, Math.floor(Math.sqrt(Math.max(0, pixels))));
  return fits < least ? undefined : fits;
}
