// Spectral normalisation (Miyato et al. 2018, Algorithm 1): kernels divided by their largest singular value, which a
// power iteration of one step per update follows.
import { div, matMul, mul, norm, reshape, sum, type Tensor, transpose } from '@tensorflow/tfjs-core';
import type { Stream } from '../../core/sampling/stream.ts';
import { normal } from '../initialisers.ts';
import type { HostTensors, Tensors } from '../model.ts';

/** A kernel as a matrix, [first axis, all others]. */
const matrix = (kernel: Tensor): Tensor => reshape(kernel, [kernel.shape[0]!, -1]);
const unit = (v: Tensor): Tensor => div(v, norm(v));

/** State for each of `kernels`: a random direction `u`, [first axis]. */
export const initSpectralNorm = (
  stream: Stream,
  params: HostTensors,
  kernels: readonly string[],
): HostTensors =>
  Object.fromEntries(
    kernels.map((name) => {
      const { data, shape } = normal(stream, [params[name]!.shape[0]!], 1);
      const length = Math.hypot(...data);
      return [`${name}/u`, { shape, data: data.map((value) => value / length) }];
    }),
  );

/** Left and right singular directions of each of `kernels`, one step on (Eqs. 20 and 21): constants of the gradient. */
export function powerIteration(
  params: Tensors,
  state: Tensors,
  kernels: readonly string[],
): { left: Tensors; right: Tensors } {
  const left: Tensors = {};
  const right: Tensors = {};
  for (const name of kernels) {
    const w = matrix(params[name]!);
    const v = unit(matMul(reshape(state[`${name}/u`]!, [1, -1]), w)); // [1, all others]
    right[name] = v;
    left[`${name}/u`] = reshape(unit(matMul(v, transpose(w))), [-1]);
  }
  return { left, right };
}

/** `params` with each kernel of `right` replaced by W / σ(W), σ = uᵀ W v (Eqs. 8 and 19). `left` is the next state. */
export function spectralNorm(params: Tensors, { left, right }: { left: Tensors; right: Tensors }): Tensors {
  const normalised = Object.entries(right).map(([name, v]) => {
    const kernel = params[name]!;
    const sigma = sum(mul(matMul(reshape(left[`${name}/u`]!, [1, -1]), matrix(kernel)), v));
    return [name, div(kernel, sigma)];
  });
  return { ...params, ...Object.fromEntries(normalised) };
}
