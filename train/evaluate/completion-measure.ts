// How likely the hidden half of test images is to a completer: −log of the mean over completions of p (Gu et al. 2016,
// Section 5.1; Jang et al. 2017, Section 4.1).
import { add, clipByValue, log, mul, reshape, sub, sum, type Tensor } from '@tensorflow/tfjs-core';
import { createStream } from '../../core/sampling/stream.ts';
import { toValues } from '../data/batches.ts';
import { drawnRows, testSplit } from '../data/subset.ts';
import type { Tensors } from '../model.ts';
import { repeat } from '../models/posterior.ts';
import { compileWeighted, sizeOf } from '../runner/rows.ts';

import { createLogSumExp } from './bounds/log-sum-exp.ts';
import { meanAndError } from './statistics.ts';
import type { Measure } from './subject.ts';

/** Completions of one call, of all images in it. */
const ROWS = 2000;
const LARGEST = 500;
/** Probabilities are kept this far from 0 and 1, which a mean in float32 may reach. */
const LEAST = 1e-6;

/** Σ x log p + (1 − x) log(1 − p) over the last axis. */
const logMass = (x: Tensor, mean: Tensor): Tensor => {
  const p = clipByValue(mean, LEAST, 1 - LEAST);
  return sum(add(mul(x, log(p)), mul(sub(1, x), log(sub(1, p)))), -1);
};

export const completionMeasure: Measure = {
  // Pixels must be 0 or 1 to have a probability.
  needs: ({ model, settings }) =>
    model.graphs.completer !== undefined &&
    model.masks?.join() === 'upper' &&
    model.image.channels === 1 &&
    settings.variant !== 'grey',

  async figures({ model, params, state, settings }, { test }, { backend, threads, ...options }) {
    const completer = model.graphs.completer!;
    const { height, width } = model.image;
    const size = height * width;
    const perRun = Math.min(options.samples, LARGEST);
    if (options.samples % perRun !== 0)
      throw new Error(
        `completion: samples ${options.samples} above ${LARGEST} must be a multiple of ${LARGEST}`,
      );
    const chunk = Math.floor(ROWS / perRun);
    const [xShape, noiseShape] = [
      [chunk, 1, height, width],
      [perRun * chunk, ...completer.inputs.noise!.shape],
    ];
    const rows = await compileWeighted(
      { params, state },
      { given: xShape, x: xShape, noise: noiseShape },
      (at, of, { given, x, noise }): Tensors => {
        const { mean } = completer.run(at, of, { x: repeat(given!, perRun), noise: noise! });
        // What was given counts nothing: its mean is what it is.
        const hidden = (t: Tensor) => reshape(t, [-1, 2, size / 2]);
        const [truth, guess] = [hidden(repeat(x!, perRun)), hidden(mean!)];
        return { halves: logMass(truth, guess) };
      },
      { backend, ...(threads ? { threads } : {}) },
    );
    const seed = `${settings.seed}/test`;
    const values = drawnRows(toValues(test, settings.variant, seed), test, options.images);
    const images = Math.min(options.images, test.count);
    const losses: number[] = [];
    const noise = { shape: noiseShape, data: new Float32Array(sizeOf(noiseShape)) };
    for (let start = 0; start < images; start += chunk) {
      const count = Math.min(chunk, images - start);
      // The last chunk is filled up with zeros, whose results are dropped.
      const data = new Float32Array(chunk * size);
      data.set(values.subarray(start * size, (start + count) * size));
      const given = data.map((value, i) => (i % size < size / 2 ? value : 0));
      const stream = createStream(seed, 'completions', start);
      const sums = Array.from({ length: count }, createLogSumExp);
      for (let drawn = 0; drawn < options.samples; drawn += perRun) {
        stream.fillUniform(noise.data);
        const inputs = { given: { shape: xShape, data: given }, x: { shape: xShape, data }, noise };
        const { halves } = await rows.run({ params, state }, inputs);
        for (let s = 0; s < perRun; s++)
          for (let i = 0; i < count; i++) sums[i]!.add(halves!.data[2 * (s * chunk + i) + 1]!);
      }
      losses.push(...sums.map((one) => Math.log(options.samples) - one.value()));
    }
    await rows.release();
    const { mean, standardError } = meanAndError(losses, test.block);
    return [
      {
        name: 'conditional-nll',
        value: mean,
        standardError,
        unit: 'nats per image',
        split: testSplit(test, images),
        protocol:
          `−log of the mean over ${options.samples} completions of p(lower half | completion), the upper half given; ` +
          `test images binarised once by pixel intensity, seed '${seed}'; probabilities kept within ${LEAST} and 1 − ${LEAST}`,
      },
    ];
  },
};
