// What a model or a single request cannot do, found before any work is done.
import {
  DEFAULT_MAX_OPERATIONS,
  largest,
  largestScale,
  mostPixels,
  type PictureWork,
} from '../../core/budget.ts';
import type { Colormap } from '../../core/image/colormaps.ts';
import { type Able, isAble } from '../../models/able.ts';
import type { Capability } from '../../models/capabilities.ts';
import type { ModelCard } from '../../models/card.ts';
import { nameOf } from '../../models/model-id.ts';
import { Problem } from '../http/problem.ts';
import type { ModelStore } from '../models/store.ts';

/** `fits`: the largest value of `parameter` that does, 0 where none does. @throws Problem 422 naming it. */
function requireAtMost(parameter: string, value: number, fits: number, what: string): void {
  if (fits === value) return;
  const rule = fits > 0 ? `must be at most ${fits} for this model` : 'does not fit with any value';
  throw new Problem(422, `${parameter}=${value} is ${what}; ${parameter} ${rule}`, [
    { parameter, rule, value },
  ]);
}

/** Whether so much work fits into one request. */
export const isWithinWork = (operations: number, maxOperations = DEFAULT_MAX_OPERATIONS): boolean =>
  operations <= maxOperations;

/** `operations` is the work that a value of the parameter asks for. @throws Problem 422 */
export function requireWithinWork(
  parameter: string,
  value: number,
  operations: (value: number) => number,
  maxOperations = DEFAULT_MAX_OPERATIONS,
): void {
  requireAtMost(parameter, value, largest(value, operations, maxOperations), 'too much work for one request');
}

/**
 * `places`: images in the picture, empty places of a sheet included; `operations`: the work of making them.
 * @throws Problem 422
 */
export function requireWithinPicture(
  card: ModelCard,
  places: number,
  scale: number,
  operations: number,
  maxOperations?: number,
  work?: PictureWork,
): void {
  const fits = largestScale(card, places, scale, operations, maxOperations, work);
  requireAtMost('scale', scale, fits, 'too large a picture');
}

/** As `requireWithinPicture`, of a picture that is drawn in a size of its own. @throws Problem 422 */
export function requireWithinSize(
  { width, height }: { width: number; height: number },
  operations: number,
  work: PictureWork,
  maxOperations?: number,
): void {
  const pixels = mostPixels(operations, work, maxOperations);
  if (width * height <= pixels) return;
  const [value, rule] = [`${width}x${height}`, `must have at most ${pixels} pixels for this request`];
  throw new Problem(422, `size=${value} is too large a picture; size ${rule}`, [
    { parameter: 'size', rule, value },
  ]);
}

/** @throws Problem 422 when the colormap needs one channel and the model has three. */
export function requireColormap(card: ModelCard, colormap: Colormap): void {
  if (colormap !== 'gray' && card.image.channels !== 1)
    throw new Problem(422, `${nameOf(card)} has ${card.image.channels} channels; colour maps need one`, [
      { parameter: 'colormap', rule: 'must be gray for a colour model', value: colormap },
    ]);
}

/** Names of the models that `able` accepts, for an answer that refuses another. */
export const listModels = async (store: ModelStore, able: (card: ModelCard) => boolean): Promise<string> =>
  (await store.cards()).filter(able).map(nameOf).join(', ') || 'none';

/** Capabilities whose names are no verbs, as what a model cannot do. */
const VERBS: Partial<Record<Capability, string>> = { anomaly: 'judge anomalies' };

/** The card, of which more is known now. @throws Problem 422 listing the models that can, when this one cannot. */
export async function requireCapability<M extends ModelCard, C extends Capability>(
  store: ModelStore,
  card: M,
  capability: C,
): Promise<M & Able<C>> {
  if (isAble(card, capability)) return card;
  const others = await listModels(store, (other) => isAble(other, capability));
  throw new Problem(
    422,
    `${nameOf(card)} cannot ${VERBS[capability] ?? capability}; models that can: ${others}`,
  );
}

/** The card that `reference` names, of a model that can. @throws Problem 404, or 422 as `requireCapability` */
export async function findAble<C extends Capability>(
  store: ModelStore,
  reference: string,
  capability: C,
): Promise<{ card: Able<C>; pinned: boolean }> {
  const { card, pinned } = await store.find(reference);
  return { card: await requireCapability(store, card, capability), pinned };
}
