// How often a conditional model, read backwards, knows the class of an image that comes without a label.
import { boundOf } from '../../worker/sampling/likeliest-class.ts';
import type { Images } from '../data/data-set.ts';
import type { Tensors } from '../model.ts';
import type { Figure } from '../run/report.ts';
import { meanAndError } from './bound.ts';
import { forImages, type Options, type Weighed } from './for-images.ts';

/** The likeliest class of each image; nothing for a model without labels, or whose pixels are not Bernoulli. */
export async function likeliestLabels(
  subject: Weighed,
  images: Images,
  options: Options,
): Promise<Uint8Array | undefined> {
  const { model } = subject;
  const { classes, likelihood } = model;
  if (!classes || likelihood !== 'bernoulli') return undefined;
  const size = images.width * images.height * images.channels;
  const best = new Float64Array(images.count).fill(Number.NEGATIVE_INFINITY);
  const found = new Uint8Array(images.count);
  const run = (params: Tensors, state: Tensors, { x, labels }: Tensors): Tensors => {
    const { mean, logVariance } = model.encode(params, state, x!, labels);
    return {
      given: x!.mul(1),
      mean,
      logVariance,
      y: model.decode(params, state, mean, labels).reshape([-1, size]),
    };
  };
  for (let c = 0; c < classes; c++) {
    const asClass = { ...images, labels: new Uint8Array(images.count).fill(c) };
    const weigh = (i: number, { given, y, mean, logVariance }: Record<string, Float32Array>) => {
      const bound = boundOf(given!, y!, mean!, logVariance!);
      if (bound > best[i]!) [best[i], found[i]] = [bound, c];
    };
    await forImages(subject, asClass, run, weigh, options);
  }
  return found;
}

/** Share of `test` whose own label is the likeliest; nothing where `likeliestLabels` finds nothing. */
export async function labelAccuracy(subject: Weighed, test: Images, options: Options): Promise<Figure[]> {
  const found = await likeliestLabels(subject, test, options);
  if (!found) return [];
  const right = Float64Array.from(found, (c, i) => 100 * Number(c === test.labels![i]));
  const { mean, standardError } = meanAndError(right);
  return [
    {
      name: 'label-accuracy',
      value: mean,
      standardError,
      unit: '% of images are likeliest under their own label',
      split: `test, ${test.count} images`,
      protocol:
        'grey images; argmax over labels of log p(x|z, y) − KL(q(z|x, y) ‖ p(z)), z at the posterior mean; the model was trained with the labels of the training images',
    },
  ];
}
