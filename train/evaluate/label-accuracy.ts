// How often a conditional model, read backwards, knows the class of an image that comes without a label.
import { percent } from '../../figures/share.ts';
import type { Images } from '../data/data-set.ts';
import { scoreImages } from './anomaly/anomaly.ts';
import type { Options, Weighed } from './for-images.ts';
import { densityOf, type Measure } from './subject.ts';

/** The likeliest class of each image; nothing for a model without labels, or whose pixels are not Bernoulli. */
export async function likeliestLabels(
  subject: Weighed,
  images: Images,
  options: Options,
): Promise<Uint8Array | undefined> {
  const { classes, likelihood } = subject.model;
  if (!classes || likelihood !== 'bernoulli') return undefined;
  return Uint8Array.from(await scoreImages(subject, images, options), ({ label }) => label!);
}

/** Share of the test images whose own label is the likeliest. */
export const labelAccuracyMeasure: Measure = {
  // A model with a classifier of its own was told few labels, and answers by that.
  needs: ({ model }) =>
    model.density?.classes !== undefined &&
    model.density.likelihood === 'bernoulli' &&
    model.graphs.classifier === undefined,

  async figures(subject, { test }, options) {
    const found = (await likeliestLabels(densityOf(subject)!, test, options))!;
    const count = found.reduce((sum, c, i) => sum + Number(c === test.labels![i]), 0);
    return [
      {
        name: 'label-accuracy',
        ...percent({ count, of: found.length }),
        unit: '% of images are likeliest under their own label',
        split: `test, ${test.count} images`,
        protocol:
          'grey images; argmax over labels of log p(x|z, y) − KL(q(z|x, y) ‖ p(z)), z at the posterior mean; the model was trained with the labels of the training images',
      },
    ];
  },
};
