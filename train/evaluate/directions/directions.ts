// Latent directions that change one attribute of a picture: fitted on training images or on draws of a generator, and
// measured on others.
import { add, sub } from '@tensorflow/tfjs-core';
import { percent } from '../../../figures/share.ts';
import type { Images } from '../../data/data-set.ts';
import type { Tensors } from '../../model.ts';
import { overRows } from '../../runner/rows.ts';
import type { Figure } from '../figure.ts';
import type { Options } from '../for-images.ts';
import { meanAndError } from '../statistics.ts';
import type { Subject } from '../subject.ts';
import { type Attribute, attributesOf } from './attributes.ts';
import type { Direction } from './direction.ts';
import { labelDirectionsOf } from './label-directions.ts';
import { placesOf } from './places.ts';
import { centreByClass, PENALTY, ridge } from './ridge.ts';

/** Pictures of the fit: the first ones. */
const FIT_PICTURES = 20_000;
/** Seeds of a generator's pictures: those of the fit, and the others that effects are measured on. */
const FIT_SEED = 'directions';
const MEASURE_SEED = 'edits';

const attributesFor = ({ model: { image } }: Subject, dataset: string): readonly Attribute[] =>
  image.channels === 1 ? attributesOf(dataset) : [];

/**
 * A direction for every attribute of the data set: ridge regression of the attribute on the place in latent space, both
 * centred within their class, so that the class is left alone. Places are the posterior means of training images, or,
 * of a model without an encoder, what it draws. None for a model or a data set without any.
 */
export async function fitDirections(
  subject: Subject,
  dataset: { id: string; train: Images },
  options: Options,
): Promise<Direction[]> {
  const attributes = attributesFor(subject, dataset.id);
  if (attributes.length === 0) return [];
  const { train } = dataset;
  const places = placesOf(subject, { ...train, count: Math.min(FIT_PICTURES, train.count) }, FIT_SEED);
  if (!places) return [];
  const { count: n, latentDimensions: J, classes } = places;
  const z = new Float64Array(n * J);
  const values = attributes.map(() => new Float64Array(n));
  const keep = (i: number, at: Record<string, Float32Array>) => {
    z.set(at.z!, i * J);
    attributes.forEach(({ of }, k) => {
      values[k]![i] = of(at.picture!, train.width);
    });
  };
  await overRows(subject, places.sources, n, places.at, keep, options);
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
 * Share of steps, one each way from every test image's reconstruction or from pictures drawn for this, after which the
 * attribute is more (less) as it should be; and how much one step changes it.
 * @throws Error naming a direction that is no attribute of the data set, or a model that has no places.
 */
export async function measureDirections(
  subject: Subject,
  directions: readonly Direction[],
  dataset: { id: string; test: Images },
  options: Options,
): Promise<Figure[]> {
  const ofLabels = new Set(labelDirectionsOf(dataset.id).map(({ name }) => name));
  const measured = directions.filter(({ name }) => !ofLabels.has(name));
  if (measured.length === 0) return [];
  const { test } = dataset;
  const places = placesOf(subject, test, MEASURE_SEED);
  if (!places) throw new Error('directions: the model has neither an encoder nor continuous latents');
  const figures: Figure[] = [];
  for (const { name, vector } of measured) {
    const attribute = attributesOf(dataset.id).find((other) => other.name === name);
    if (!attribute) throw new Error(`directions: '${name}' is no attribute of ${dataset.id}`);
    let right = 0;
    const change = new Float64Array(places.count);
    const edit = (params: Tensors, state: Tensors, inputs: Tensors): Tensors => {
      const { z } = places.at(params, state, inputs);
      const at = (moved: Tensors[string]) => places.decode(params, state, moved, inputs);
      return { less: at(sub(z, vector)), as: at(z), more: at(add(z, vector)) };
    };
    const measure = (i: number, outputs: Record<string, Float32Array>) => {
      const [less, as, more] = ['less', 'as', 'more'].map((key) => attribute.of(outputs[key]!, test.width));
      // Two steps of one image are one example, so that the interval is not too narrow.
      right += (Number(more! > as!) + Number(less! < as!)) / 2;
      change[i] = (more! - less!) / 2;
    };
    await overRows(subject, places.sources, places.count, edit, measure, options);
    const { split, origin } = places;
    const protocol = `strength 1 and −1 from ${origin}, beside strength 0; ${name}: ${attribute.measure}`;
    const step = meanAndError(change, places.block);
    figures.push(
      {
        name: `edit-${name}`,
        ...percent({ count: right, of: places.count }),
        unit: '% of edits move it the way that was asked for',
        split,
        protocol,
      },
      {
        name: `edit-${name}-step`,
        value: step.mean,
        standardError: step.standardError,
        unit: `${name} for each unit of strength`,
        split,
        protocol,
      },
    );
  }
  return figures;
}
