// Gapped straight-through, GST-1.0 (Fan et al. 2022, as in the code that Liu et al. 2023 compare with): no noise in the
// gradient, and a sampled value that its logits lead by a gap.
import { add, div, max, maximum, mul, relu, sub, sum, type Tensor } from '@tensorflow/tfjs-core';
import type { DiscreteLayer } from '../../latents/layer.ts';
import { pathwise, straightThrough } from './task.ts';

const GAP = 1;

/** Logits with the sampled one lifted to the largest, and every other one pushed at least `GAP` below that. */
function gapped(kind: DiscreteLayer['kind'], logits: Tensor, value: Tensor): Tensor {
  if (kind === 'bernoulli') {
    // The two classes a and 0: their difference, away from the other side by at least the gap.
    const side = sub(mul(value, 2), 1);
    return mul(side, maximum(mul(side, logits), GAP));
  }
  const largest = max(logits, -1, true);
  const lift = sub(largest, sum(mul(value, logits), -1, true));
  const push = relu(add(sub(logits, largest), GAP));
  return add(logits, sub(mul(value, lift), mul(sub(1, value), push)));
}

/** A sample, with the gradient of mean(t / τ), t the gapped logits as logits + constant. */
export const gappedStraightThrough = pathwise(
  { scheduled: ['temperature'] },
  (distribution, logits, noise, { temperature }, { kind }) => {
    const value = distribution.hard(distribution.perturb(logits, noise('uniform')));
    const moved = straightThrough(gapped(kind, logits, value), logits);
    return straightThrough(value, distribution.mean(div(moved, temperature!)));
  },
);
