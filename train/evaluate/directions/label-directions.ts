// Latent directions from one label to another, for data sets whose labels say what a picture shows.
import { type Images, selectImages } from '../../data/data-set.ts';
import type { Tensors } from '../../model.ts';
import { forImages, type Options, type Weighed } from '../for-images.ts';
import type { Direction } from './direction.ts';
import { centreByClass, meansByClass, PENALTY, ridge } from './ridge.ts';

type LabelDirection = {
  name: string;
  /** What more of it means, for people. */
  meaning: string;
  /** Index of the label where strength 0 is, and of that where strength 1 is. */
  from: number;
  to: number;
};

const NEUTRAL = 0;

/**
 * Expressions of FER+ that moving a face can show. Of fear, disgust and contempt there are a few hundred clear images
 * at most; along the direction of fear no validation face was taken for a frightened one.
 */
const EXPRESSIONS: readonly LabelDirection[] = [
  {
    name: 'smile',
    meaning: 'happier; 1 leads from the mean neutral face to the mean happy one, brightness aside',
    to: 1,
  },
  {
    name: 'surprise',
    meaning: 'surprised; 1 leads from the mean neutral face to the mean surprised one, brightness aside',
    to: 2,
  },
  {
    name: 'sadness',
    meaning: 'sadder; 1 leads from the mean neutral face to the mean sad one, brightness aside',
    to: 3,
  },
  {
    name: 'anger',
    meaning: 'angrier; 1 leads from the mean neutral face to the mean angry one, brightness aside',
    to: 4,
  },
].map((expression) => ({ ...expression, from: NEUTRAL }));

/** Directions between labels of a data set; none for most. */
export const labelDirectionsOf = (dataset: string): readonly LabelDirection[] =>
  dataset === 'fer' ? EXPRESSIONS : [];

/**
 * For each of them the difference between the means, over the clear training images of the two labels, of the posterior
 * mean: along it pictures change as they differ from label to label. Surprised people happen to stand in a brighter
 * light, so the part of it that changes the mean grey level, by ridge regression within labels, is taken away.
 * @throws Error naming a label without clear images.
 */
export async function fitLabelDirections(
  subject: Weighed,
  dataset: { id: string; train: Images; labelNames?: string[] },
  options: Options,
): Promise<Direction[]> {
  const wanted = labelDirectionsOf(dataset.id);
  const { model } = subject;
  // Of a conditional model the latents say what the label leaves open.
  if (wanted.length === 0 || model.classes || model.terms) return [];
  const clear = selectImages(dataset.train, (i) => dataset.train.clear?.[i] !== 0);
  const labels = clear.labels!;
  const J = model.latentDimensions;
  const z = new Float64Array(clear.count * J);
  const grey = new Float64Array(clear.count);
  const size = clear.pixels.length / clear.count;
  const encode = (params: Tensors, state: Tensors, { x }: Tensors): Tensors => ({
    mean: model.encode(params, state, x!).mean,
  });
  const keep = (i: number, { mean }: Record<string, Float32Array>) => {
    z.set(mean!, i * J);
    for (const value of clear.pixels.subarray(i * size, (i + 1) * size)) grey[i]! += value / (255 * size);
  };
  await forImages(subject, clear, encode, keep, options);
  const means = meansByClass(z, J, labels);
  const meanOf = (label: number): Float64Array => {
    const mean = means.get(label);
    if (mean) return mean;
    throw new Error(
      `directions: ${dataset.id} has no clear image of ${dataset.labelNames?.[label] ?? label}`,
    );
  };
  const steps = wanted.map(({ from, to }) => meanOf(to).map((value, j) => value - meanOf(from)[j]!));
  centreByClass(z, J, labels);
  centreByClass(grey, 1, labels);
  const brighter = ridge(z, grey, PENALTY);
  const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, j) => sum + value * b[j]!, 0);
  const square = dot(brighter, brighter);
  return wanted.map(({ name, meaning }, k) => {
    const share = square > 0 ? dot(steps[k]!, brighter) / square : 0;
    const vector = steps[k]!.map((value, j) => value - share * brighter[j]!);
    return { name, meaning, vector: Array.from(vector, (value) => Number(value.toPrecision(6))) };
  });
}
