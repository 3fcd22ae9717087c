// How far an estimator's gradients lie from the exact one: bias and deviation, from repeated draws.
import { createStream } from '../../../core/sampling/stream.ts';
import { differentiate } from '../../differentiate.ts';
import type { DiscreteEstimator } from '../../estimators/discrete/task.ts';
import type { HostTensors, Schedule } from '../../model.ts';
import { contextUnits, type DiscreteModel, taskOf } from '../../models/discrete.ts';
import { repeat } from '../../models/posterior.ts';
import { compile } from '../../runner/compile.ts';
import { group, prefix, shapesOf, within } from '../../runner/names.ts';
import { drawNoise } from '../../runner/noise.ts';
import type { RunOptions } from '../../runner/rows.ts';

/** All relative to the length of the exact gradient, but the cosine. */
export type GradientError = {
  /** Distance of the expectation from the exact gradient; 0 where the noise of the mean could be all of it. */
  bias: number;
  /** That noise: a bias below it is not seen. */
  floor: number;
  /** Root of the trace of the covariance of one draw. */
  deviation: number;
  /** Of the mean of the draws and the exact gradient. */
  cosine: number;
};

/** Draws that only set an estimator's running averages. */
const SETTLING = 20;

export type GradientMeasure = {
  /** The gradient in the encoder of the mean cost of `x`, in one array; of an estimator that draws nothing. */
  gradient(params: HostTensors, x: Float32Array): Promise<Float64Array>;
  error(
    params: HostTensors,
    x: Float32Array,
    exact: Float64Array,
    options: { draws: number; schedule: Record<string, number>; seed: string },
  ): Promise<GradientError>;
  release(): Promise<void>;
};

/** Gradients in `encoder/…` for `images` images at once. The estimator must have no parameters of its own. */
export async function createGradientMeasure(
  model: DiscreteModel,
  estimator: DiscreteEstimator,
  images: number,
  options: RunOptions,
): Promise<GradientMeasure> {
  const samples = estimator.samples(model.layers);
  const noise = estimator.noise(model.layers, images * samples);
  const own = estimator.init(model.layers, contextUnits(model), createStream('unused'));
  const { channels, height, width } = model.image;
  const size = channels * height * width;
  const xShape = [images, channels, height, width];
  const shapes = model.init(createStream('shapes'), new Float32Array(size).fill(0.5));
  const compiled = await compile(
    {
      ...prefix('params', shapesOf(shapes)),
      ...prefix('state', shapesOf(own.state)),
      ...prefix('noise', shapesOf(noise)),
      ...Object.fromEntries(estimator.scheduled.map((name) => [`schedule/${name}`, []])),
      x: xShape,
    },
    (inputs) => {
      const params = group(inputs, 'params');
      const task = taskOf(model, repeat(inputs.x!, samples));
      const { gradients, state } = differentiate(within(params, 'encoder'), (encoder) =>
        estimator.surrogate(
          task,
          { ...params, ...encoder },
          group(inputs, 'state'),
          group(inputs, 'noise'),
          group(inputs, 'schedule') as Schedule,
        ),
      );
      return { ...prefix('gradient', gradients), ...prefix('next', state) };
    },
    options,
  );

  const run = async (params: HostTensors, state: HostTensors, x: Float32Array, rest: HostTensors) => {
    const results = await compiled.run({
      ...prefix('params', params),
      ...prefix('state', state),
      ...rest,
      x: { shape: xShape, data: x },
    });
    const parts = Object.values(group(results, 'gradient')).flatMap(({ data }) => [...data]);
    return { gradient: Float64Array.from(parts), state: group(results, 'next') };
  };

  return {
    gradient: async (params, x) => (await run(params, {}, x, {})).gradient,

    async error(params, x, exact, { draws, schedule, seed }) {
      const stream = createStream(seed, 'draws');
      const scalars = Object.fromEntries(
        estimator.scheduled.map((name) => [
          `schedule/${name}`,
          { shape: [], data: Float32Array.of(schedule[name]!) },
        ]),
      );
      const sum = new Float64Array(exact.length);
      let squares = 0;
      let state = own.state;
      for (let draw = -SETTLING; draw < draws; draw++) {
        const data = drawNoise(noise, stream);
        const feeds = Object.entries(noise).map(([name, { shape }]) => [
          `noise/${name}`,
          { shape, data: data[name]! },
        ]);
        const found = await run(params, state, x, { ...Object.fromEntries(feeds), ...scalars });
        state = found.state;
        if (draw < 0) continue;
        found.gradient.forEach((g, i) => {
          sum[i]! += g;
          squares += (g - exact[i]!) ** 2;
        });
      }
      // With d = ḡ − g: the squared distances from g are those from ḡ and draws · |d|².
      let [distance, length, dot, meanLength] = [0, 0, 0, 0];
      exact.forEach((g, i) => {
        const mean = sum[i]! / draws;
        distance += (mean - g) ** 2;
        length += g * g;
        dot += mean * g;
        meanLength += mean * mean;
      });
      const variance = (squares - draws * distance) / (draws - 1);
      return {
        bias: Math.sqrt(Math.max(0, distance - variance / draws) / length),
        floor: Math.sqrt(variance / draws / length),
        deviation: Math.sqrt(variance / length),
        cosine: dot / Math.sqrt(length * meanLength),
      };
    },
    release: compiled.release,
  };
}
