// What an encoder says of an image, whatever its latents are.
import { isContinuous, type LatentSpec } from '../../models/latent.ts';
import type { Tensor } from '../tensor.ts';
import { codesOfLogits, latentOfCodes } from './codes.ts';

/** `latent` [latentSize] is what a decoder takes for the image: the mean of q(z|x), or its likeliest code. */
export type Encoding = { latent: Float32Array } & (
  | { mean: Float32Array; logVariance?: Float32Array }
  | { codes: number[]; logits: Float32Array }
);

/** From the outputs of an encoder for one image; one without noise has no `log_variance`. */
export function encodingOf(spec: LatentSpec, outputs: Record<string, Tensor>): Encoding {
  if (isContinuous(spec)) {
    const mean = outputs.mean!.data;
    const logVariance = outputs.log_variance?.data;
    return { latent: mean, mean, ...(logVariance ? { logVariance } : {}) };
  }
  const logits = outputs.logits!.data;
  const codes = codesOfLogits(spec, logits);
  return { latent: latentOfCodes(spec, codes), codes, logits };
}
