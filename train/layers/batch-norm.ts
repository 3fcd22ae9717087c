// Batch normalisation (Ioffe & Szegedy 2015) over every axis but the channels (axis 1).
import { add, div, mean, mul, reshape, sqrt, square, squeeze, sub, type Tensor } from '@tensorflow/tfjs-core';
import { constant } from '../initialisers.ts';
import type { HostTensors, Tensors } from '../model.ts';

const EPSILON = 1e-3;
/** Share of the old average that is kept at each step. */
export const MOMENTUM = 0.99;

export const initBatchNorm = (name: string, channels: number) => ({
  params: {
    [`${name}/scale`]: constant([channels], 1),
    [`${name}/offset`]: constant([channels], 0),
  } as HostTensors,
  state: {
    [`${name}/mean`]: constant([channels], 0),
    [`${name}/variance`]: constant([channels], 1),
  } as HostTensors,
});

const perChannel = (v: Tensor, rank: number): Tensor =>
  reshape(v, [1, -1, ...Array<number>(rank - 2).fill(1)]);

/** Normalises by running averages; scale and shift fold into one multiply-add when exported. */
export function batchNormInference(params: Tensors, state: Tensors, name: string, x: Tensor): Tensor {
  const scale = div(params[`${name}/scale`]!, sqrt(add(state[`${name}/variance`]!, EPSILON)));
  const shift = sub(params[`${name}/offset`]!, mul(state[`${name}/mean`]!, scale));
  return add(mul(x, perChannel(scale, x.rank)), perChannel(shift, x.rank));
}

/** Normalises by the statistics of the batch, and moves the running averages towards them. */
export function batchNormTraining(
  params: Tensors,
  state: Tensors,
  name: string,
  x: Tensor,
): { y: Tensor; state: Tensors } {
  const axes = [...Array(x.rank).keys()].filter((axis) => axis !== 1);
  const centre = mean(x, axes, true);
  const centred = sub(x, centre);
  const variance = mean(square(centred), axes, true);
  const normal = div(centred, sqrt(add(variance, EPSILON)));
  const y = add(
    mul(normal, perChannel(params[`${name}/scale`]!, x.rank)),
    perChannel(params[`${name}/offset`]!, x.rank),
  );
  const moved = (slot: string, now: Tensor) => {
    const old = state[`${name}/${slot}`]!;
    return add(old, mul(sub(squeeze(now, axes), old), 1 - MOMENTUM));
  };
  return {
    y,
    state: { [`${name}/mean`]: moved('mean', centre), [`${name}/variance`]: moved('variance', variance) },
  };
}
