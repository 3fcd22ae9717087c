// Latents as whole numbers: each is measured in steps of its own, proportional to the deviation of its posterior, so
// that every latent may err as much as the model is unsure of it anyway (reverse water-filling).
import type { CompressionCard } from '../../models/sections.ts';
import { gaussianTable, type Table } from './gaussian.ts';
import { MAX_NUMBER } from './whole-numbers.ts';

/** Steps of quality 1, 2, …, in deviations of the posterior. They are part of the byte format. */
export const STEPS = [6, 4, 3, 2, 1, 0.5] as const;
export const MAX_QUALITY = STEPS.length;
export const DEFAULT_QUALITY = 5;

/** How a latent is measured: value = centre + number × step. */
export type Scale = { centre: number; step: number; table: Table };

/** Scales that were made before: their tables take longer than a code. */
const made = new WeakMap<CompressionCard, Scale[][]>();

/** One for each latent; `quality` is 1…MAX_QUALITY. */
export function scalesOf(card: CompressionCard, quality: number): Scale[] {
  const known = made.get(card) ?? [];
  made.set(card, known);
  known[quality] ??= card.centres.map((centre, j) => {
    const step = STEPS[quality - 1]! * card.steps[j]!;
    return { centre, step, table: gaussianTable(step / card.deviations[j]!) };
  });
  return known[quality];
}

/**
 * Numbers of the latents [J]: the nearest. Trading a larger error for fewer bits, number by number, was measured and
 * gains nothing in pixels, which feel the errors of latents together.
 */
export const quantise = (latent: Float32Array, scales: readonly Scale[]): number[] =>
  scales.map(({ centre, step }, j) =>
    Math.min(MAX_NUMBER, Math.max(-MAX_NUMBER, Math.round((latent[j]! - centre) / step))),
  );

/** The latents that the numbers stand for. */
export const dequantise = (numbers: readonly number[], scales: readonly Scale[]): Float32Array<ArrayBuffer> =>
  Float32Array.from(scales, ({ centre, step }, j) => centre + numbers[j]! * step);
