// Exponential moving averages of weights, kept in the state of a training run: a' = decay · a + (1 − decay) · w.
// What is evaluated and exported are the averages (Polyak & Juditsky 1992; for generators, Yazıcı et al. 2019).
import { add, mul } from '@tensorflow/tfjs-core';
import type { HostTensors, Tensors, Weights } from './model.ts';
import { group, prefix, within } from './runner/names.ts';

/**
 * `of` is the prefix of what is averaged ('' for all), `decay` from 0 to below 1. State is averaged with the
 * parameters, because the statistics of a batch normalisation are those of the weights before it.
 */
export type Averages = { of: string; decay: number };

/** Averages that look back so many steps, as a learner has them; 0: none. */
export const averagesOver = (of: string, steps: number): { averages?: Averages } =>
  steps > 0 ? { averages: { of, decay: 1 - 1 / steps } } : {};

const AVERAGE = 'average';

/** State entries of the averages; they begin at the weights. */
export const initAverages = ({ params, state }: Weights, { of }: Averages): HostTensors =>
  prefix(
    AVERAGE,
    Object.fromEntries(
      Object.entries(within({ ...params, ...state }, of)).map(([name, { shape, data }]) => [
        name,
        { shape, data: data.slice() },
      ]),
    ),
  );

/** The averages one step on, as state entries. */
export const nextAverages = (params: Tensors, state: Tensors, { decay }: Averages): Tensors =>
  prefix(
    AVERAGE,
    Object.fromEntries(
      Object.entries(group(state, AVERAGE)).map(([name, average]) => [
        name,
        add(mul(average, decay), mul((params[name] ?? state[name])!, 1 - decay)),
      ]),
    ),
  );

/** The weights themselves, and a state without averages. */
export const lastWeights = ({ params, state }: Weights): Weights => ({
  params,
  state: Object.fromEntries(Object.entries(state).filter(([name]) => !name.startsWith(`${AVERAGE}/`))),
});

/** The weights with everything averaged at its average, and a state without averages. */
export function averagedWeights(weights: Weights): Weights {
  const averages = group(weights.state, AVERAGE);
  const { params, state } = lastWeights(weights);
  const at = (last: HostTensors): HostTensors =>
    Object.fromEntries(Object.entries(last).map(([name, value]) => [name, averages[name] ?? value]));
  return { params: at(params), state: at(state) };
}
