// Test ELBO with its two terms, importance-weighted negative log-likelihood, active units.
import { toValues } from '../../data/batches.ts';
import { drawnImages, drawnRows, testSplit } from '../../data/subset.ts';
import type { Figure } from '../figure.ts';
import { meanAndError } from '../statistics.ts';
import type { Measure } from '../subject.ts';
import { activeUnits } from './active-units.ts';
import { createBoundEvaluator } from './bound.ts';

const VARIANT_WORDS: Record<string, string> = {
  dynamic: 'binarised once by pixel intensity, seed',
  static: 'binarised once by pixel intensity, seed',
  grey: 'grey levels in 0…1, noise seed',
};

export const boundMeasure: Measure = {
  needs: ({ model }) => model.density !== undefined,

  async figures({ model, params, state, settings }, { test }, options) {
    const density = model.density!;
    const weights = { params, state };
    const { backend, threads } = options;
    const run = { backend, ...(threads ? { threads } : {}) };
    const seed = `${settings.seed}/test`;
    const values = toValues(test, settings.variant, seed);
    const size = values.length / test.count;
    const pixels = `test images ${VARIANT_WORDS[settings.variant]} '${seed}'`;
    // Bounds on log p(x|y), which may be up to log(classes) nats above log p(x).
    const given = density.classes ? ', given the label' : '';
    const closed = density.terms
      ? 'in closed form given the groups before, whose sample it is'
      : 'in closed form';
    const note =
      settings.variant === 'grey' && density.likelihood === 'bernoulli'
        ? '; grey levels under a Bernoulli likelihood are not a likelihood of the data'
        : '';

    const single = await createBoundEvaluator(density, weights, { ...run, samples: 1, seed });
    const terms = await single.evaluate(weights, values, 0, test.labels);
    await single.release();
    const elbo = terms.reconstruction.map((r, i) => r - terms.kl[i]!);

    const drawn = drawnImages(test, options.images);
    const drawnValues = drawnRows(values, test, options.images);
    const estimates = [...(options.known ?? [])];
    const many = await createBoundEvaluator(density, weights, { ...run, samples: options.samples, seed });
    while (estimates.length < drawn.count) {
      const end = Math.min(drawn.count, estimates.length + 10 * many.chunk);
      const part = drawnValues.subarray(estimates.length * size, end * size);
      const labels = drawn.labels?.subarray(estimates.length, end);
      const { logWeight } = await many.evaluate(weights, part, estimates.length, labels);
      estimates.push(...logWeight);
      options.onProgress?.(estimates);
    }
    await many.release();

    const all = testSplit(test, test.count);
    const figure = (
      name: string,
      of: ArrayLike<number>,
      sign: 1 | -1,
      protocol: string,
      split = all,
    ): Figure => {
      const { mean, standardError } = meanAndError(of, test.block);
      return {
        name,
        value: sign * mean,
        standardError,
        unit: 'nats per image',
        split,
        protocol: `${protocol}${given}; ${pixels}${note}`,
      };
    };
    return [
      figure(
        'nll',
        estimates,
        -1,
        `importance-weighted estimate with ${options.samples} posterior samples an image (Burda et al. 2016, Eq. 8)`,
        testSplit(test, drawn.count),
      ),
      figure('elbo', elbo, 1, `one posterior sample an image, KL term ${closed}`),
      figure('reconstruction', terms.reconstruction, 1, 'expected log p(x|z), one posterior sample an image'),
      figure('kl', terms.kl, 1, `KL(q(z|x) ‖ p(z)) ${closed}`),
      {
        name: 'active-units',
        value: await activeUnits(density, weights, values, { ...run, labels: test.labels }),
        unit: `of ${density.latentDimensions} latent dimensions`,
        split: all,
        protocol: `posterior means with variance above 0.01 over images (Burda et al. 2016); ${pixels}`,
      },
    ];
  },
};
