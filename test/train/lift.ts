// Between host arrays and TensorFlow.js tensors, and slopes by finite differences.
import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import type { Stream } from '../../core/sampling/stream.ts';
import type { HostTensors, NoiseSpec, Tensors } from '../../train/model.ts';
import { drawNoise } from '../../train/runner/noise.ts';

export const lift = (host: HostTensors): Tensors =>
  Object.fromEntries(Object.entries(host).map(([name, { shape, data }]) => [name, tf.tensor(data, shape)]));

export const liftNoise = (specs: Record<string, NoiseSpec>, stream: Stream): Tensors =>
  Object.fromEntries(
    Object.entries(drawNoise(specs, stream)).map(([name, data]) => [
      name,
      tf.tensor(data, specs[name]!.shape),
    ]),
  );

export const first = (t: tf.Tensor): number => t.dataSync()[0]!;

/** The gradient of `loss` at the middle element of every parameter is its slope there. */
export function expectGradients(
  params: HostTensors,
  loss: (params: Tensors) => tf.Tensor,
  gradients: Tensors,
  h = 1e-2,
): void {
  for (const [name, { shape, data }] of Object.entries(params)) {
    const at = Math.floor(data.length / 2);
    const shifted = (by: number) => {
      const moved = data.slice();
      moved[at]! += by;
      return first(loss({ ...lift(params), [name]: tf.tensor(moved, shape) }));
    };
    const numeric = (shifted(h) - shifted(-h)) / (2 * h);
    const exact = gradients[name]!.dataSync()[at]!;
    expect(Math.abs(numeric - exact), `${name}: ${exact} against ${numeric}`).toBeLessThan(
      5e-3 * Math.max(1, Math.abs(exact)),
    );
  }
}
