// Training a model with discrete latents by any estimator of its gradient.
import type { Stream } from '../../core/sampling/stream.ts';
import { differentiate } from '../differentiate.ts';
import type { DiscreteEstimator } from '../estimators/discrete/task.ts';
import type { Weights } from '../model.ts';
import { contextUnits, type DiscreteModel, taskOf } from '../models/discrete.ts';
import { repeat } from '../models/posterior.ts';
import type { Optimiser } from '../optimisers.ts';
import { imageFeeds, oneUpdate } from '../runner/one-update.ts';
import type { Learner } from '../runner/step.ts';

/** Parameters of the model, and beside them those and the state of the estimator. */
export function initDiscrete(
  model: DiscreteModel,
  estimator: DiscreteEstimator,
  stream: Stream,
  pixelMeans: Float32Array,
): Weights {
  const params = model.init(stream, pixelMeans);
  const own = estimator.init(model.layers, contextUnits(model), stream);
  return { params: { ...params, ...own.params }, state: own.state };
}

/** Descends the expected cost of the model's task along what the estimator gives for its gradient. */
export const descendDiscrete = (
  model: DiscreteModel,
  estimator: DiscreteEstimator,
  optimiser: Optimiser,
): Learner => {
  const samples = estimator.samples(model.layers);
  return oneUpdate(
    (batch) => ({ ...imageFeeds(model, batch), ...estimator.noise(model.layers, batch * samples) }),
    optimiser,
    (params, state, feeds, schedule) =>
      differentiate(params, (at) =>
        estimator.surrogate(
          taskOf(model, repeat(feeds.x!, samples), schedule.klWeight),
          at,
          state,
          feeds,
          schedule,
        ),
      ),
    ['learningRate', 'klWeight', ...estimator.scheduled],
  );
};
