// Between host arrays and TensorFlow.js tensors, and slopes by finite differences.
import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { createStream, type Stream } from '../../core/sampling/stream.ts';
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

const norm = (values: ArrayLike<number>): number => Math.hypot(...Array.from(values));

/** Directions of which the straightest counts: some lead across a kink, where there is no slope. */
const DIRECTIONS = 5;
/** Of a way: in the size of its elements, and at most in all, for a long way would leave what is straight. */
const [STEP, REACH] = [2e-4, 0.03];

/**
 * The gradient of `loss` in every parameter is its slope along a random direction, a normal deviate in each element, by
 * central differences: to 3 % of the gradient's norm, whichever element is wrong, and to what float32 rounds of a loss.
 */
export function expectGradients(
  params: HostTensors,
  loss: (params: Tensors) => tf.Tensor,
  gradients: Tensors,
): void {
  const value = first(loss(lift(params)));
  for (const [name, { shape, data }] of Object.entries(params)) {
    const gradient = gradients[name]!.dataSync();
    const step = Math.min(STEP, REACH / Math.sqrt(data.length));
    const stream = createStream('direction', name);
    const directions = Array.from({ length: DIRECTIONS }, () => {
      const direction = Float32Array.from(data, () => stream.normal());
      const moved = (by: number) => {
        const there = data.map((w, i) => w + by * direction[i]!);
        return first(loss({ ...lift(params), [name]: tf.tensor(there, shape) }));
      };
      const [ahead, behind] = [moved(step), moved(-step)];
      const slope = (ahead - behind) / (2 * step);
      const exact = direction.reduce((sum, to, i) => sum + to * gradient[i]!, 0);
      return { bend: Math.abs(ahead - 2 * value + behind), error: Math.abs(slope - exact) };
    });
    const { error } = directions.toSorted((a, b) => a.bend - b.bend)[0]!;
    const scale = norm(gradient);
    expect(error, `${name}: off by this, of a gradient of norm ${scale}`).toBeLessThanOrEqual(
      0.03 * scale + (2 ** -23 * Math.max(1, Math.abs(value))) / step,
    );
  }
}
