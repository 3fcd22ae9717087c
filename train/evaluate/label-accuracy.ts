// How often a conditional model, read backwards, knows the class of an image that comes without a label.
import type { Images } from '../data/data-set.ts';
import type { Figure } from '../run/report.ts';
import { scoreImages } from './anomaly.ts';
import { meanAndError } from './bound.ts';
import type { Options, Weighed } from './for-images.ts';

/** Share of `test` whose own label is the likeliest; nothing for a model without labels, or whose pixels are not Bernoulli. */
export async function labelAccuracy(subject: Weighed, test: Images, options: Options): Promise<Figure[]> {
  const { classes, likelihood } = subject.model;
  if (!classes || likelihood !== 'bernoulli') return [];
  const scored = await scoreImages(subject, test, options);
  const right = Float64Array.from(scored, ({ label }, i) => 100 * Number(label === test.labels![i]));
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
