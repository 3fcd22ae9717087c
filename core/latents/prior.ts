// Codes from a learned prior p(c₁) p(c₂|c₁) …, variable by variable.
import { type DiscreteSpec, latentSize } from '../../models/latent.ts';
import { createStream } from '../sampling/stream.ts';
import { drawBit } from './bernoulli.ts';
import { drawClass } from './categorical.ts';
import { codeShape, partOf, widthOf } from './codes.ts';

/** Which draw is asked for: image `index` of a seed. */
export type Place = { seed: string; index: number };

/** The graph `prior`: codes as graph input [latentSize] each, zeros for what is not drawn yet, to logits alike. */
export type RunPrior = (codes: readonly Float32Array[]) => Promise<readonly Float32Array[]>;

/** The prior of a model without such a graph: every value as likely, whatever came before. */
export const evenPrior: RunPrior = async (codes) => codes.map(({ length }) => new Float32Array(length));

/**
 * Latents [latentSize], `count` of them, as graph input. `choose` gives the value of each variable from its logits, those
 * of the variables before it being chosen; `run` is called once for each variable, with all of them.
 * @throws Error when a logit is not a number.
 */
export async function followPrior(
  spec: DiscreteSpec,
  count: number,
  run: RunPrior,
  choose: (logits: Float32Array, variable: number, index: number) => number,
): Promise<Float32Array<ArrayBuffer>[]> {
  const width = widthOf(spec);
  const chosen = Array.from({ length: count }, () => new Float32Array(latentSize(spec)));
  for (let v = 0; v < codeShape(spec).variables; v++) {
    const logits = await run(chosen);
    chosen.forEach((latent, i) => {
      const own = logits[i]!.subarray(v * width, (v + 1) * width);
      if (own.some(Number.isNaN))
        throw new Error(`prior: the logits of variable ${v} must be numbers, got NaN`);
      latent.set(partOf(spec, choose(own, v, i)), v * width);
    });
  }
  return chosen;
}

/**
 * Latents as `followPrior` gives them, one for each place. Every variable has a place of its own in the seed's streams:
 * one more variable shifts no other. `temperature` divides the logits; 0 takes the likeliest value, of alike ones the
 * first.
 */
export const drawFromPrior = (
  spec: DiscreteSpec,
  places: readonly Place[],
  temperature: number,
  run: RunPrior,
): Promise<Float32Array[]> =>
  followPrior(spec, places.length, run, (logits, v, i) => {
    const { seed, index } = places[i]!;
    const stream = createStream(seed, 'prior', index, v);
    return spec.prior === 'bernoulli'
      ? drawBit(logits[0]!, temperature, stream.uniform())
      : drawClass(logits, temperature, stream);
  });
