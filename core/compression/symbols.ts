// Codes of discrete latents: their values by an arithmetic code, each as likely as the prior says it is after those
// before it. FORMAT.md has all of it.

import type { DiscreteSpec } from '../../models/latent.ts';
import { codeShape, widthOf } from '../latents/codes.ts';
import { followPrior, type RunPrior } from '../latents/prior.ts';
import type { Slot } from './arithmetic.ts';
import { codeOf, openCode } from './code.ts';
import { frequencyTable } from './frequencies.ts';
import { numberAt, slotOf, TABLE_BITS } from './gaussian.ts';

/** What a model needs to know of itself. */
export type SymbolCoder = { tag: string; spec: DiscreteSpec };

/** What a nat of a code is worth in nats of the posterior, by quality 1, 2, …; whoever reads a code need not know. */
export const PRICES = [4, 2, 1, 0.5, 0.25, 0] as const;

/** Log odds of every value of a variable, up to a constant: of a bit 0 and its logit. */
const scoresOf = (logits: Float32Array): ArrayLike<number> =>
  logits.length === 1 ? [0, logits[0]!] : logits;

/**
 * Codes of images by the logits [latentSize] of their posteriors: latents as graph input, and the slots that say them.
 * Variable by variable the value with the most log q(z|x) − price × its information is chosen; at quality 6, the likeliest.
 */
export async function chooseSymbols(
  spec: DiscreteSpec,
  posteriors: readonly Float32Array[],
  quality: number,
  run: RunPrior,
): Promise<{ latents: Float32Array[]; slots: Slot[][] }> {
  const width = widthOf(spec);
  const price = PRICES[quality - 1]!;
  const slots: Slot[][] = posteriors.map(() => []);
  const latents = await followPrior(spec, posteriors.length, run, (logits, v, i) => {
    const table = frequencyTable(logits);
    const scores = scoresOf(posteriors[i]!.subarray(v * width, (v + 1) * width));
    let best: { value: number; slot: Slot; worth: number } | undefined;
    for (let value = 0; value < scores.length; value++) {
      const slot = slotOf(table, value);
      const worth = scores[value]! + price * Math.log(slot.frequency);
      if (!best || worth > best.worth) best = { value, slot, worth };
    }
    slots[i]!.push(best!.slot);
    return best!.value;
  });
  return { latents, slots };
}

/** The code of an image by the logits of its posterior, and its information without the first three bytes. */
export async function writeSymbols(
  { tag, spec }: SymbolCoder,
  { quality, logits }: { quality: number; logits: Float32Array },
  run: RunPrior,
): Promise<{ code: Uint8Array<ArrayBuffer>; bits: number }> {
  const { slots } = await chooseSymbols(spec, [logits], quality, run);
  return codeOf(tag, quality, slots[0]!);
}

/** What a code says, whose tag is that of the model. @throws Error when no picture has this code, of which it is the shortest. */
export async function readSymbols(
  spec: DiscreteSpec,
  code: Uint8Array,
  run: RunPrior,
): Promise<{ quality: number; latent: Float32Array<ArrayBuffer> }> {
  const { quality, reader, close } = openCode(code, TABLE_BITS * codeShape(spec).variables);
  const slots: Slot[] = [];
  const [latent] = await followPrior(spec, 1, run, (logits) => {
    const table = frequencyTable(logits);
    const value = numberAt(table, reader.peek(TABLE_BITS));
    const slot = slotOf(table, value);
    reader.take(slot);
    slots.push(slot);
    return value;
  });
  close(slots);
  return { quality, latent: latent! };
}
