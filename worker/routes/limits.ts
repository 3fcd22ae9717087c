// What a model or a single request cannot do, found before any work is done.
import type { Colormap } from '../../core/image/colormaps.ts';
import { codeShape } from '../../core/latents/codes.ts';
import { type Able, isAble } from '../../models/able.ts';
import type { Capability } from '../../models/capabilities.ts';
import type { ModelCard } from '../../models/card.ts';
import { isDiscrete } from '../../models/latent.ts';
import { Problem } from '../http/problem.ts';
import type { ModelStore } from '../models/store.ts';
import { nameOf } from './answers.ts';

/**
 * What a millisecond of one core does at least: floating-point operations of the engine in the graphs that take long,
 * and the same in bytes of a picture that are enlarged and compressed. `npm run bench -- costs` measures both.
 */
const OPERATIONS_PER_MILLISECOND = 12e6;
const OPERATIONS_PER_BYTE = 240;
/** Of the time of a request; the rest is for the picture, which has what the engine leaves as well. */
const SHARE_OF_ENGINE = 0.8;
const DEFAULT_MAX_OPERATIONS = 4e9;
/** Bytes of one picture before compression; its encoding takes about three times as much memory. */
const MAX_PICTURE_BYTES = 8 * 1024 * 1024;

/** The bound on the engine's work in one request that may take so many milliseconds: 4e9 in about 420. */
export const operationsIn = (milliseconds: number): number =>
  milliseconds * SHARE_OF_ENGINE * OPERATIONS_PER_MILLISECOND;

/** @throws Problem 422 naming the largest value of `parameter` whose cost is at most `most`. */
function requireFit(
  parameter: string,
  value: number,
  cost: (value: number) => number,
  most: number,
  what: string,
): void {
  if (cost(value) <= most) return;
  let fits = value;
  while (fits > 0 && cost(fits) > most) fits -= 1;
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
  requireFit(parameter, value, operations, maxOperations, 'too much work for one request');
}

/** Bytes that are left for a picture of `least` bytes, after the operations of making it. */
function bytesLeft(least: number, operations: number, maxOperations: number, perByte: number): number {
  const left = (maxOperations / SHARE_OF_ENGINE - operations) / perByte;
  // A picture that is not enlarged adds little to the work of making it.
  return Math.min(MAX_PICTURE_BYTES, Math.max(left, least));
}

/** Work on a picture besides that of an enlarged PNG. */
export type PictureWork = {
  /** Bytes of a pixel on its way, where they are not the channels of the model. */
  pixelBytes?: number;
  /** Operations for each of them. */
  perByte?: number;
};

/**
 * `places`: images in the picture, empty places of a sheet included; `operations`: the work of making them.
 * @throws Problem 422
 */
export function requireWithinPicture(
  { image }: ModelCard,
  places: number,
  scale: number,
  operations: number,
  maxOperations = DEFAULT_MAX_OPERATIONS,
  { pixelBytes = image.channels, perByte = OPERATIONS_PER_BYTE }: PictureWork = {},
): void {
  const bytes = places * image.width * image.height * pixelBytes;
  const most = bytesLeft(bytes, operations, maxOperations, perByte);
  requireFit('scale', scale, (s) => bytes * s * s, most, 'too large a picture');
}

/** As `requireWithinPicture`, of a picture that is drawn in a size of its own. @throws Problem 422 */
export function requireWithinSize(
  { width, height }: { width: number; height: number },
  operations: number,
  { pixelBytes, perByte }: Required<PictureWork>,
  maxOperations = DEFAULT_MAX_OPERATIONS,
): void {
  const pixels = Math.floor(bytesLeft(0, operations, maxOperations, perByte) / pixelBytes);
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

/** Floating-point operations that drawing one latent of a model takes. */
export const drawOperations = ({ latent, graphs: { prior } }: Able<'generate'>): number =>
  prior && isDiscrete(latent) ? codeShape(latent).variables * prior.flopsPerImage : 0;

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
