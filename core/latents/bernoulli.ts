// Bernoulli latents: bits, fair ones unless a learned prior says otherwise.
import type { BernoulliSpec } from '../../models/latent.ts';
import { log } from '../sampling/normal.ts';
import { createStream } from '../sampling/stream.ts';

/** [dimensions] of 0 and 1, each as likely. */
export function drawBernoulli({ dimensions }: BernoulliSpec, seed: string, index: number): Float32Array {
  const stream = createStream(seed, 'latent', index);
  return Float32Array.from({ length: dimensions }, () => Number(stream.uniform() < 0.5));
}

/** A bit with P(1) = sigmoid(logit / temperature), from one uniform number in (0, 1): its logit is logistic. */
export const drawBit = (logit: number, temperature: number, uniform: number): number =>
  Number(logit + temperature * (log(uniform) - log(1 - uniform)) > 0);
