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

/**
 * Latents [latentSize], one for each place, as graph input; `run` is called once for each variable, with all of them.
 * Every variable has a place of its own in the seed's streams: one more variable shifts no other. `temperature` divides
 * the logits; 0 takes the likeliest value, of alike ones the first.
 * @throws Error when a logit is not a number.
 */
export async function drawFromPrior(
  spec: DiscreteSpec,
  places: readonly Place[],
  temperature: number,
  run: RunPrior,
): Promise<Float32Array[]> {
  const width = widthOf(spec);
  const drawn = places.map(() => new Float32Array(latentSize(spec)));
  for (let v = 0; v < codeShape(spec).variables; v++) {
    const logits = await run(drawn);
    places.forEach(({ seed, index }, i) => {
      const own = logits[i]!.subarray(v * width, (v + 1) * width);
      if (own.some(Number.isNaN))
        throw new Error(`prior: the logits of variable ${v} must be numbers, got NaN`);
      const stream = createStream(seed, 'prior', index, v);
      const code =
        spec.prior === 'bernoulli'
          ? drawBit(own[0]!, temperature, stream.uniform())
          : drawClass(own, temperature, stream);
      drawn[i]!.set(partOf(spec, code), v * width);
    });
  }
  return drawn;
}
