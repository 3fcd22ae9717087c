// Gumbel-Softmax and straight-through Gumbel-Softmax (Jang, Gu & Poole 2017, Eq. 2 and Section 2.2).
import { relax } from '../../latents/gumbel-softmax.ts';
import { pathwise, straightThrough } from './task.ts';

/** Backpropagation through relaxed samples at `temperature`: the exact gradient of another cost, that of soft values. */
export const gumbelSoftmax = pathwise(
  { scheduled: ['temperature'] },
  (distribution, logits, noise, { temperature }) =>
    relax(distribution, distribution.perturb(logits, noise('uniform')), temperature!),
);

/** Discrete values, with the gradient of the relaxed ones that they were rounded from. */
export const straightThroughGumbelSoftmax = pathwise(
  { scheduled: ['temperature'] },
  (distribution, logits, noise, { temperature }) => {
    const perturbed = distribution.perturb(logits, noise('uniform'));
    return straightThrough(distribution.hard(perturbed), relax(distribution, perturbed, temperature!));
  },
);
