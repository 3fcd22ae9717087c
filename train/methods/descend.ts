// The plain way of learning: every parameter descends the gradient of one loss.
import { differentiate } from '../differentiate.ts';
import type { Vae } from '../model.ts';
import type { Optimiser } from '../optimisers.ts';
import { imageFeeds, oneUpdate } from '../runner/one-update.ts';
import type { Learner } from '../runner/step.ts';

/** Descends the loss of a VAE. */
export const descend = (vae: Vae, optimiser: Optimiser): Learner =>
  oneUpdate(
    (batch) => ({ ...imageFeeds(vae, batch), ...vae.lossNoise(batch) }),
    optimiser,
    (params, state, feeds, schedule) =>
      differentiate(params, (at) => vae.loss(at, state, feeds.x!, feeds, schedule, feeds.labels)),
  );
