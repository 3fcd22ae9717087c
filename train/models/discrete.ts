// What models with discrete latents have in common, so that every gradient estimator and the multi-sample bound work
// on each of them.
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Stream } from '../../core/sampling/stream.ts';
import type { Drawn, StochasticTask } from '../estimators/discrete/task.ts';
import type { HostTensors, ImageShape, Tensors } from '../model.ts';

export type DiscreteModel = {
  image: ImageShape;
  layers: StochasticTask['layers'];
  /** Units of what an input-dependent baseline sees. */
  contextUnits: number;
  /** Initial parameters; `pixelMeans` [channels · height · width] is the mean training image, 0…1. */
  init(stream: Stream, pixelMeans: Float32Array): HostTensors;
  /** What it costs to explain `x` [rows, channels, height, width], nats; its mean is minimised. */
  task(x: Tensor): StochasticTask;
  /**
   * log w of values drawn by `task(x)`, nats, [rows]: the log of its mean over samples bounds log p of what the model
   * predicts from below.
   */
  logWeight(params: Tensors, x: Tensor, drawn: Drawn): Tensor;
};
