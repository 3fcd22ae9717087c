// Latent directions from one label to another, for data sets whose labels say what a picture shows.
import { type Images, selectImages } from '../data/data-set.ts';
import type { Tensors } from '../model.ts';
import type { Direction } from './directions.ts';
import { forImages, type Options, type Weighed } from './for-images.ts';

type LabelDirection = {
  name: string;
  /** What more of it means, for people. */
  meaning: string;
  /** Index of the label where strength 0 is, and of that where strength 1 is. */
  from: number;
  to: number;
};

const NEUTRAL = 0;

/** Expressions of FER+ with more than a hundred clear training images. */
const EXPRESSIONS: readonly LabelDirection[] = [
  { name: 'smile', meaning: 'happier; 1 leads from the mean neutral face to the mean happy one', to: 1 },
  {
    name: 'surprise',
    meaning: 'surprised; 1 leads from the mean neutral face to the mean surprised one',
    to: 2,
  },
  { name: 'sadness', meaning: 'sadder; 1 leads from the mean neutral face to the mean sad one', to: 3 },
  { name: 'anger', meaning: 'angrier; 1 leads from the mean neutral face to the mean angry one', to: 4 },
  { name: 'fear', meaning: 'afraid; 1 leads from the mean neutral face to the mean frightened one', to: 6 },
].map((expression) => ({ ...expression, from: NEUTRAL }));

/** Directions between labels of a data set; none for most. */
export const labelDirectionsOf = (dataset: string): readonly LabelDirection[] =>
  dataset === 'fer' ? EXPRESSIONS : [];

/**
 * For each of them the difference between the means, over the clear training images of the two labels, of the posterior
 * mean: along it pictures change as they differ from label to label.
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
  const J = model.latentDimensions;
  const sums = new Map<number, { count: number; sum: Float64Array }>();
  const encode = (params: Tensors, state: Tensors, { x }: Tensors): Tensors => ({
    mean: model.encode(params, state, x!).mean,
  });
  const keep = (i: number, { mean }: Record<string, Float32Array>) => {
    const label = clear.labels![i]!;
    const group = sums.get(label) ?? { count: 0, sum: new Float64Array(J) };
    group.count += 1;
    for (let j = 0; j < J; j++) group.sum[j]! += mean![j]!;
    sums.set(label, group);
  };
  await forImages(subject, clear, encode, keep, options);
  const meanOf = (label: number, j: number): number => {
    const group = sums.get(label);
    if (!group)
      throw new Error(
        `directions: ${dataset.id} has no clear image of ${dataset.labelNames?.[label] ?? label}`,
      );
    return group.sum[j]! / group.count;
  };
  return wanted.map(({ name, meaning, from, to }) => ({
    name,
    meaning,
    vector: Array.from({ length: J }, (_, j) => Number((meanOf(to, j) - meanOf(from, j)).toPrecision(6))),
  }));
}
