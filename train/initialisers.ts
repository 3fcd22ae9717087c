// Initial parameter values, drawn from a seeded stream.
import type { Stream } from '../core/sampling/stream.ts';
import type { HostTensor } from './model.ts';

const size = (shape: readonly number[]): number => shape.reduce((n, d) => n * d, 1);

/** Normal with the given standard deviation. */
export function normal(stream: Stream, shape: number[], deviation: number): HostTensor {
  const data = new Float32Array(size(shape));
  stream.fillNormal(data);
  for (let i = 0; i < data.length; i++) data[i]! *= deviation;
  return { shape, data };
}

/** Uniform in ±`reach`. */
export function uniform(stream: Stream, shape: number[], reach: number): HostTensor {
  const data = new Float32Array(size(shape));
  stream.fillUniform(data);
  for (let i = 0; i < data.length; i++) data[i] = (2 * data[i]! - 1) * reach;
  return { shape, data };
}

/** Uniform with variance 2 / (fanIn + fanOut) (Glorot & Bengio 2010, Eq. 16). */
export const glorot = (stream: Stream, shape: number[], fanIn: number, fanOut: number): HostTensor =>
  uniform(stream, shape, Math.sqrt(6 / (fanIn + fanOut)));

/** Normal with variance 2 / fanIn, for ReLU-like activations (He et al. 2015, Eq. 10). */
export const he = (stream: Stream, shape: number[], fanIn: number): HostTensor =>
  normal(stream, shape, Math.sqrt(2 / fanIn));

export const constant = (shape: number[], value: number): HostTensor => ({
  shape,
  data: new Float32Array(size(shape)).fill(value),
});

/** log p / (1 − p) of the training-set mean image, kept within ±`limit`: the output bias of a decoder. */
export const logits = (means: Float32Array, limit = 5): Float32Array =>
  means.map((p) => Math.max(-limit, Math.min(limit, Math.log(p / (1 - p)))));
