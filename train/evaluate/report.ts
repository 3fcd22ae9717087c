// Everything that a report says of a model, measured on the test set.
import { roundToHalf } from '../../onnx/trace/half.ts';
import { toValues, type Variant } from '../data/batches.ts';
import type { DataSet } from '../data/data-set.ts';
import type { HostTensors, Inference } from '../model.ts';
import type { Recipe } from '../recipes/settings.ts';
import type { Figure } from '../run/report.ts';
import type { Backend } from '../runner/backends.ts';
import { activeUnits } from './bounds/active-units.ts';
import { createBoundEvaluator, meanAndError } from './bounds/bound.ts';
import { greyError } from './compression/grey-error.ts';
import { type Direction, fitDirections, measureDirections } from './directions/directions.ts';
import { fitLabelDirections } from './directions/label-directions.ts';
import { labelAccuracy } from './label-accuracy.ts';

export type EvaluateOptions = {
  /** Samples k of the importance-weighted estimate. */
  samples: number;
  /** Test images of it: the first ones. */
  images: number;
  backend: Backend;
  threads?: number;
  /** Estimates of log p(x) of the first images from an earlier call, which are not computed again. */
  known?: number[];
  /** Called as estimates come in, with all of them so far. */
  onProgress?(estimates: number[]): void;
};

/** The weights as the export stores them. */
export const storedWeights = (weights: HostTensors, precision: 'float32' | 'float16'): HostTensors =>
  precision === 'float32'
    ? weights
    : Object.fromEntries(
        Object.entries(weights).map(([name, { shape, data }]) => [name, { shape, data: roundToHalf(data) }]),
      );

const VARIANT_WORDS: Record<string, string> = {
  dynamic: 'binarised once by pixel intensity, seed',
  static: 'binarised once by pixel intensity, seed',
  grey: 'grey levels in 0…1, noise seed',
};

/** A trained model, and what its figures depend on besides. */
export type Subject = {
  model: Inference;
  params: HostTensors;
  state: HostTensors;
  settings: Pick<Recipe, 'seed' | 'variant' | 'likelihood' | 'latent'>;
};

/** Test ELBO with its two terms, importance-weighted negative log-likelihood, active units. */
export async function evaluateModel(
  { model, params, state, settings }: Subject,
  dataset: DataSet,
  options: EvaluateOptions,
): Promise<Figure[]> {
  const weights = { params, state };
  const seed = `${settings.seed}/test`;
  const values = toValues(dataset.test, settings.variant as Variant, seed);
  const size = values.length / dataset.test.count;
  const pixels = `test images ${VARIANT_WORDS[settings.variant]} '${seed}'`;
  // Bounds on log p(x|y), which may be up to log(classes) nats above log p(x).
  const given = model.classes ? ', given the label' : '';
  const closed = model.terms
    ? 'in closed form given the groups before, whose sample it is'
    : 'in closed form';
  const note =
    settings.variant === 'grey' && settings.likelihood === 'bernoulli'
      ? '; grey levels under a Bernoulli likelihood are not a likelihood of the data'
      : '';

  const single = await createBoundEvaluator(model, weights, { ...options, samples: 1, seed });
  const terms = await single.evaluate(params, state, values, 0, dataset.test.labels);
  await single.release();
  const elbo = terms.reconstruction.map((r, i) => r - terms.kl[i]!);

  const images = Math.min(options.images, dataset.test.count);
  const estimates = [...(options.known ?? [])].slice(0, images);
  const many = await createBoundEvaluator(model, weights, { ...options, seed });
  while (estimates.length < images) {
    const end = Math.min(images, estimates.length + 10 * many.chunk);
    const part = values.subarray(estimates.length * size, end * size);
    const labels = dataset.test.labels?.subarray(estimates.length, end);
    const { logWeight } = await many.evaluate(params, state, part, estimates.length, labels);
    estimates.push(...logWeight);
    options.onProgress?.(estimates);
  }
  await many.release();

  const all = `test, ${dataset.test.count} images`;
  const figure = (
    name: string,
    of: ArrayLike<number>,
    sign: 1 | -1,
    protocol: string,
    split = all,
  ): Figure => {
    const { mean, standardError } = meanAndError(of);
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
      `test, ${images} images`,
    ),
    figure('elbo', elbo, 1, `one posterior sample an image, KL term ${closed}`),
    figure('reconstruction', terms.reconstruction, 1, 'expected log p(x|z), one posterior sample an image'),
    figure('kl', terms.kl, 1, `KL(q(z|x) ‖ p(z)) ${closed}`),
    {
      name: 'active-units',
      value: await activeUnits(model, weights, values, { ...options, labels: dataset.test.labels }),
      unit: `of ${model.latentDimensions} latent dimensions`,
      split: all,
      protocol: `posterior means with variance above 0.01 over images (Burda et al. 2016); ${pixels}`,
    },
    ...(await labelAccuracy({ model, params, state }, dataset.test, options)),
    ...(settings.likelihood === 'bernoulli'
      ? []
      : await greyError({ model, params, state }, dataset.test, options)),
  ];
}

/** What the report of a run says: all figures, and the latent directions that some of them measure. */
export async function reportOn(
  subject: Subject,
  dataset: DataSet,
  options: EvaluateOptions,
): Promise<{ figures: Figure[]; directions: Direction[] }> {
  const directions = [
    ...(await fitDirections(subject, dataset, options)),
    ...(await fitLabelDirections(subject, dataset, options)),
  ];
  return {
    figures: [
      ...(await evaluateModel(subject, dataset, options)),
      ...(await measureDirections(subject, directions, dataset, options)),
    ],
    directions,
  };
}
