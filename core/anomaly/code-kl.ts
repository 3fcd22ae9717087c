// The KL term of codes: of a posterior whose variables are independent, and a prior that may not factorise.
import type { DiscreteSpec } from '../../models/latent.ts';
import { widthOf } from '../latents/codes.ts';

/** q(z|x) over codes: its likeliest code as graph input, its logits, and the prior's at this code, [latentSize] each. */
export type CodePosterior = {
  spec: DiscreteSpec;
  latent: Float32Array;
  logits: Float32Array;
  priorLogits: Float32Array;
};

/** log softmax of the logits of a variable; of a bit, of 0 and its logit. */
function logProbabilities(logits: Float32Array): number[] {
  const all = logits.length === 1 ? [0, logits[0]!] : [...logits];
  const largest = Math.max(...all);
  const sum = all.reduce((total, logit) => total + Math.exp(logit - largest), 0);
  return all.map((logit) => logit - largest - Math.log(sum));
}

/**
 * Σ q log q − log p(z) at the likeliest code z, nats: as in training, the entropy in closed form and log p(z) at one
 * code, here the likeliest one in the place of a sample, so that nothing is drawn.
 */
export function codeKl({ spec, latent, logits, priorLogits }: CodePosterior): number {
  const width = widthOf(spec);
  let kl = 0;
  for (let start = 0; start < latent.length; start += width) {
    const variable = (of: Float32Array) => of.subarray(start, start + width);
    for (const logQ of logProbabilities(variable(logits))) kl += Math.exp(logQ) * logQ;
    const value = width === 1 ? latent[start]! : variable(latent).indexOf(1);
    kl -= logProbabilities(variable(priorLogits))[value]!;
  }
  return kl;
}
