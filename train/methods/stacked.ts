// Training M1+M2 (Kingma et al. 2014, Section 3.1): M1 from all images, and then M2 from samples of M1's latents, M1 as it is.
import type { Tensors } from '../model.ts';
import type { LatentClasses } from '../models/latent-classes.ts';
import type { Stacked } from '../models/stacked.ts';
import type { SamplingVae } from '../models/vae.ts';
import type { Optimiser } from '../optimisers.ts';
import { group, prefix } from '../runner/names.ts';
import type { Learner } from '../runner/step.ts';
import { descend } from './descend.ts';
import { learnSemiSupervised, type SemiSupervisedOptions } from './semi-supervised.ts';

/** `learner` for the parameters under `name/` alone; `see` makes of all parameters and feeds what it is fed. */
const learnPart = (
  name: string,
  learner: Learner,
  see: (params: Tensors, feeds: Tensors) => Tensors = (_, feeds) => feeds,
): Learner => ({
  ...learner,
  updates: learner.updates.map((update) => ({
    ...update,
    of: name,
    gradients(params, state, feeds, schedule) {
      const own = group(params, name);
      const { gradients, ...found } = update.gradients(own, state, see(params, feeds), schedule);
      return { ...found, gradients: prefix(name, gradients) };
    },
  })),
});

/** The learners of the two, one after the other; what M2 is fed is drawn from q(x1|x) anew at every step. */
export function learnStacked(
  { m1, m2, observe }: { m1: SamplingVae; m2: LatentClasses } & Pick<Stacked, 'observe'>,
  options: SemiSupervisedOptions,
  optimiser: Optimiser,
): { features: Learner; classes: Learner } {
  const { channels, height, width } = m1.image;
  const inner = learnSemiSupervised(m2, options, optimiser);
  const outer: Learner = {
    ...inner,
    feeds: (batch) => ({
      ...inner.feeds(batch),
      x: { shape: [batch, channels, height, width], distribution: 'data' },
      labelled: { shape: [options.labelledBatch, channels, height, width], distribution: 'data' },
      'feature-epsilon': { shape: [batch, m1.latentDimensions], distribution: 'normal' },
      'labelled-feature-epsilon': {
        shape: [options.labelledBatch, m1.latentDimensions],
        distribution: 'normal',
      },
    }),
  };
  return {
    features: learnPart('m1', descend(m1, optimiser)),
    classes: learnPart('m2', outer, (params, feeds) => ({
      ...feeds,
      x: observe(params, feeds.x!, feeds['feature-epsilon']),
      labelled: observe(params, feeds.labelled!, feeds['labelled-feature-epsilon']),
    })),
  };
}
