// How far reconstructions are from their originals in grey levels, which a density says little of to people.
import type { Images } from '../../data/data-set.ts';
import type { Tensors } from '../../model.ts';
import type { Figure } from '../figure.ts';
import { forImages, type Options, type Weighed } from '../for-images.ts';
import { meanAndError } from '../statistics.ts';
import { densityOf, type Measure } from '../subject.ts';

/** Mean squared error of a pixel in grey levels 0…255, and the mean over images of −10 log₁₀ of an image's own, in dB. */
export async function greyError(subject: Weighed, test: Images, options: Options): Promise<Figure[]> {
  const errors = new Float64Array(test.count);
  const size = test.width * test.height * test.channels;
  const rebuild = (params: Tensors, state: Tensors, { x, labels }: Tensors): Tensors => {
    const { mean } = subject.model.encode(params, state, x!, labels);
    return { y: subject.model.decode(params, state, mean, labels) };
  };
  const compare = (i: number, { y }: Record<string, Float32Array>) => {
    for (let j = 0; j < size; j++) errors[i]! += (255 * y![j]! - test.pixels[i * size + j]!) ** 2 / size;
  };
  await forImages(subject, test, rebuild, compare, options);
  const shared = {
    split: `test, ${test.count} images`,
    protocol: `grey images beside their reconstructions, decoded from the posterior mean${subject.model.classes ? ', given the label' : ''}`,
  };
  const [mse, psnr] = [errors, errors.map((error) => -10 * Math.log10(error / 255 ** 2))].map((values) =>
    meanAndError(values, test.block),
  );
  return [
    {
      name: 'mse',
      value: mse!.mean,
      standardError: mse!.standardError,
      unit: 'squared grey levels of 255, a pixel',
      ...shared,
    },
    { name: 'psnr', value: psnr!.mean, standardError: psnr!.standardError, unit: 'dB', ...shared },
  ];
}

export const greyErrorMeasure: Measure = {
  // What a Bernoulli model reconstructs are probabilities.
  needs: ({ model }) => model.density !== undefined && model.density.likelihood !== 'bernoulli',
  figures: (subject, { test }, options) => greyError(densityOf(subject)!, test, options),
};
