// Latent directions that change one attribute of a picture: fitted on training images, measured on test images.
import { add, sub } from '@tensorflow/tfjs-core';
import { percent } from '../../../figures/share.ts';
import type { Images } from '../../data/data-set.ts';
import type { Inference, Tensors } from '../../model.ts';
import type { Figure } from '../figure.ts';
import { forImages, type Options, type Weighed } from '../for-images.ts';
import { meanAndError } from '../statistics.ts';
import { type Attribute, attributesOf } from './attributes.ts';
import type { Direction } from './direction.ts';
import { labelDirectionsOf } from './label-directions.ts';
import { centreByClass, PENALTY, ridge } from './ridge.ts';

/** Training images of the fit: the first ones. */
const FIT_IMAGES = 20_000;

const attributesFor = ({ image }: Inference, dataset: string): readonly Attribute[] =>
  image.channels === 1 ? attributesOf(dataset) : [];

/**
 * A direction for every attribute of the data set: ridge regression of the attribute on the posterior mean, both
 * centred within their class, so that the class is left alone. None for a model or a data set without any.
 */
export async function fitDirections(
  subject: Weighed,
  dataset: { id: string; train: Images },
  options: Options,
): Promise<Direction[]> {
  const attributes = attributesFor(subject.model, dataset.id);
  const { train } = dataset;
  if (attributes.length === 0) return [];
  const n = Math.min(FIT_IMAGES, train.count);
  const J = subject.model.latentDimensions;
  const size = train.width * train.height;
  const z = new Float64Array(n * J);
  const values = attributes.map(() => new Float64Array(n));
  const encode = (params: Tensors, state: Tensors, { x, labels }: Tensors): Tensors => ({
    mean: subject.model.encode(params, state, x!, labels).mean,
  });
  const keep = (i: number, { mean }: Record<string, Float32Array>) => {
    z.set(mean!, i * J);
    const pixels = Float32Array.from(train.pixels.subarray(i * size, (i + 1) * size), (value) => value / 255);
    attributes.forEach(({ of }, k) => {
      values[k]![i] = of(pixels, train.width);
    });
  };
  await forImages(subject, { ...train, count: n }, encode, keep, options);
  const classes = train.labels ?? new Uint8Array(n);
  centreByClass(z, J, classes);
  return attributes.map(({ name, meaning }, k) => {
    const a = values[k]!;
    centreByClass(a, 1, classes);
    const w = ridge(z, a, PENALTY);
    const deviation = Math.sqrt(a.reduce((sum, value) => sum + value * value, 0) / n);
    // w · v is what the regression says a step of v changes.
    const square = w.reduce((sum, value) => sum + value * value, 0);
    const vector = Array.from(w, (value) => Number(((deviation * value) / square).toPrecision(6)));
    return { name, meaning, vector };
  });
}

/**
 * Directions of attributes alone: those between labels take a classifier to measure (`npm run experiment -- face-edits`).
 * Share of steps, one each way from the reconstruction of every test image, after which the attribute is more (less) as
 * it should be; and how much one step changes it.
 */
export async function measureDirections(
  subject: Weighed,
  directions: readonly Direction[],
  dataset: { id: string; test: Images },
  options: Options,
): Promise<Figure[]> {
  const { test } = dataset;
  const figures: Figure[] = [];
  const ofLabels = new Set(labelDirectionsOf(dataset.id).map(({ name }) => name));
  for (const { name, vector } of directions.filter((direction) => !ofLabels.has(direction.name))) {
    const attribute = attributesOf(dataset.id).find((other) => other.name === name);
    if (!attribute) throw new Error(`directions: '${name}' is no attribute of ${dataset.id}`);
    let right = 0;
    const change = new Float64Array(test.count);
    const edit = (params: Tensors, state: Tensors, { x, labels }: Tensors): Tensors => {
      const { model } = subject;
      const { mean } = model.encode(params, state, x!, labels);
      const at = (z: Tensors[string]) => model.decode(params, state, z, labels);
      return { less: at(sub(mean, vector)), as: at(mean), more: at(add(mean, vector)) };
    };
    const measure = (i: number, outputs: Record<string, Float32Array>) => {
      const [less, as, more] = ['less', 'as', 'more'].map((key) => attribute.of(outputs[key]!, test.width));
      // Two steps of one image are one example, so that the interval is not too narrow.
      right += (Number(more! > as!) + Number(less! < as!)) / 2;
      change[i] = (more! - less!) / 2;
    };
    await forImages(subject, test, edit, measure, options);
    const shared = { split: `test, ${test.count} images` };
    const protocol = `strength 1 and −1 from the posterior mean of the grey image${subject.model.classes ? ', given the label' : ''}, beside strength 0; ${name}: ${attribute.measure}`;
    const step = meanAndError(change, test.block);
    figures.push(
      {
        name: `edit-${name}`,
        ...percent({ count: right, of: test.count }),
        unit: '% of edits move it the way that was asked for',
        ...shared,
        protocol,
      },
      {
        name: `edit-${name}-step`,
        value: step.mean,
        standardError: step.standardError,
        unit: `${name} for each unit of strength`,
        ...shared,
        protocol,
      },
    );
  }
  return figures;
}
