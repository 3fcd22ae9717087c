// How claims are judged: from numbers, by the same rules in every experiment.
import type { Point } from '../../figures/chart.ts';
import type { Quantity } from '../../figures/numbers.ts';
import type { Verdict } from '../../figures/section.ts';
import { meanAndError } from '../evaluate/statistics.ts';
import { quantityOf } from './cells.ts';
import type { Cell } from './experiment.ts';

/** A difference counts beyond this many of its standard errors. */
export const ERRORS = 2;
/** A curve has come to rest when twice the samples move it by less, nats an image. */
const REST_NATS = 0.5;

const partsOf = (cell: Cell, name: string) => cell.perImage?.[name] ?? cell.perGroup?.[name];

/**
 * `name` of cell `a` less that of cell `b`. Where both have it of the same images or groups, one by one, the error is that of
 * the differences; else the errors of the two are taken for independent, which is too much for figures of the same images.
 */
export function difference(a: Cell, b: Cell, name: string): (Quantity & { paired: boolean }) | undefined {
  const [of, from] = [quantityOf(a, name), quantityOf(b, name)];
  if (!of || !from) return undefined;
  const [own, others] = [partsOf(a, name), partsOf(b, name)];
  if (own && others && own.length === others.length && a.data.part === b.data.part) {
    const { standardError } = meanAndError(own.map((value, i) => value - others[i]!));
    return { value: of.value - from.value, standardError, paired: true };
  }
  return { ...less(of, from), paired: false };
}

/** A difference of two figures, with the error of independent ones where both errors are known. */
export function less(a: Quantity, b: Quantity): Quantity {
  const value = a.value - b.value;
  return a.standardError === undefined || b.standardError === undefined
    ? { value }
    : { value, standardError: Math.hypot(a.standardError, b.standardError) };
}

/** 1 and −1 beyond its error, 0 within it. A figure without an error is taken as it is. */
export const signOf = ({ value, standardError = 0 }: Quantity): number =>
  Math.abs(value) > ERRORS * standardError ? Math.sign(value) : 0;

/** Of `all` things that a claim says, `good` are so. */
export const verdictOf = (good: number, all: number): Verdict =>
  all === 0 ? 'not reached' : good === all ? 'held' : good === 0 ? 'not held' : 'held in part';

/** 1 where a difference lies within `margin` with all of its error (two one-sided tests), −1 where beyond it, 0 where it is open. */
export function equivalence({ value, standardError }: Quantity, margin: number): number {
  // A figure without an error says nothing of how near it is.
  if (standardError === undefined) return 0;
  if (Math.abs(value) + ERRORS * standardError < margin) return 1;
  return Math.abs(value) - ERRORS * standardError > margin ? -1 : 0;
}

/**
 * That all of these are so where training ends: while some runs still move, what holds so far is no more than that.
 */
export const verdictAtRest = (
  { ahead, moving, of }: { ahead: number; moving: number; of: number },
  atRest: Verdict,
): Verdict => (moving === 0 ? atRest : ahead === of && of > 0 ? 'ahead so far' : 'not reached');

/** That all these are above zero: what is within its error decides nothing. */
export function verdictOfSigns(signs: readonly number[]): Verdict {
  if (signs.every((sign) => sign === 0)) return 'not reached';
  const good = signs.filter((sign) => sign > 0).length;
  return good === 0 ? 'not held' : verdictOf(good, signs.length);
}

/** What the last points of a curve rise by for twice the samples; nothing for a curve that is too short to say. */
export function risePerDoubling(curve: readonly Point[]): number | undefined {
  const last = curve.at(-1);
  const before = curve.findLast(([samples]) => last !== undefined && 2 * samples <= last[0]);
  return last && before && (last[1] - before[1]) / Math.log2(last[0] / before[0]);
}

export function isAtRest(curve: readonly Point[]): boolean {
  const rise = risePerDoubling(curve);
  return rise !== undefined && Math.abs(rise) < REST_NATS;
}
