// Exponential moving averages of parameters, kept in the state of a training run: a' = decay · a + (1 − decay) · w.
// What is evaluated and exported are the averages (Polyak & Juditsky 1992; for generators, Yazıcı et al. 2019).
import { add, mul } from '@tensorflow/tfjs-core';
import type { HostTensors, Tensors, Weights } from './model.ts';
import { group, prefix, within } from './runner/names.ts';

/** `of` is the prefix of the parameters that are averaged ('' for all of them), `decay` from 0 to below 1. */
export type Averages = { of: string; decay: number };

const AVERAGE = 'average';

/** State entries of the averages; they begin at the parameters. */
export const initAverages = (params: HostTensors, { of }: Averages): HostTensors =>
  prefix(
    AVERAGE,
    Object.fromEntries(
      Object.entries(within(params, of)).map(([name, { shape, data }]) => [
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
        add(mul(average, decay), mul(params[name]!, 1 - decay)),
      ]),
    ),
  );

/** The weights with every averaged parameter at its average, and a state without averages. */
export function averagedWeights({ params, state }: Weights): Weights {
  const averages = group(state, AVERAGE);
  const rest = Object.entries(state).filter(([name]) => !name.startsWith(`${AVERAGE}/`));
  return { params: { ...params, ...averages }, state: Object.fromEntries(rest) };
}
