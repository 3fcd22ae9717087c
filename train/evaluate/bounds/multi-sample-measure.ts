// Negative log-likelihood and ELBO of models with discrete latents, by the multi-sample bound of discrete samples.
import { toValues } from '../../data/batches.ts';
import { drawnRows, testSplit } from '../../data/subset.ts';
import type { Figure } from '../figure.ts';
import { meanAndError } from '../statistics.ts';
import type { Measure } from '../subject.ts';
import { createMultiSampleEvaluator } from './multi-sample.ts';

export const multiSampleMeasure: Measure = {
  needs: ({ model }) => model.discrete !== undefined,

  async figures({ model, params, state, settings }, { test }, options) {
    const { backend, threads } = options;
    const run = { backend, ...(threads ? { threads } : {}) };
    const weights = { params, state };
    const seed = `${settings.seed}/test`;
    const variant =
      settings.variant === 'grey'
        ? 'grey levels in 0…1'
        : `binarised once by pixel intensity, seed '${seed}'`;
    const note =
      settings.variant === 'grey' && model.discrete!.likelihood === 'bernoulli'
        ? '; grey levels under a Bernoulli likelihood are not a likelihood of the data'
        : '';
    const values = toValues(test, settings.variant, seed);
    const size = values.length / test.count;
    const bound = async (samples: number, images: number, known: number[] = []): Promise<number[]> => {
      const evaluator = await createMultiSampleEvaluator(model.discrete!, weights, { ...run, samples, seed });
      const drawn = drawnRows(values, test, images);
      const bounds = [...known];
      while (bounds.length < images) {
        const end = Math.min(images, bounds.length + 10 * evaluator.chunk);
        const part = drawn.subarray(bounds.length * size, end * size);
        bounds.push(...(await evaluator.evaluate(weights, part, bounds.length)));
        if (samples > 1) options.onProgress?.(bounds);
      }
      await evaluator.release();
      return bounds;
    };
    const figure = (name: string, of: number[], sign: 1 | -1, protocol: string): Figure => {
      const { mean, standardError } = meanAndError(of, test.block);
      return {
        name,
        value: sign * mean,
        standardError,
        unit: 'nats per image',
        split: testSplit(test, of.length),
        protocol: `${protocol}; test images ${variant}${note}`,
      };
    };
    const images = Math.min(options.images, test.count);
    return [
      figure(
        'nll',
        await bound(options.samples, images, options.known),
        -1,
        `importance-weighted estimate with ${options.samples} discrete samples of q(z|x) an image (Burda et al. 2016, Eq. 8)`,
      ),
      figure('elbo', await bound(1, test.count), 1, 'one discrete sample of q(z|x) an image'),
    ];
  },
};
