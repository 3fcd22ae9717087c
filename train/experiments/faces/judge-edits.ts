// What a classifier sees in faces as a model draws them again, and in the same faces moved in latent space.
import { add, type Tensor } from '@tensorflow/tfjs-core';
import type { Quantity } from '../../../figures/numbers.ts';
import type { Share } from '../../../figures/share.ts';
import type { Images } from '../../data/data-set.ts';
import { likeliest } from '../../evaluate/classify/train-classifier.ts';
import { forImages, type Options } from '../../evaluate/for-images.ts';
import { meanAndError } from '../../evaluate/statistics.ts';
import type { Inference, Tensors, Weights } from '../../model.ts';
import type { Classifier } from '../../models/classifier.ts';

export type Judged = {
  /** Faces, and those of them whose reconstruction is taken for what they are. */
  faces: number;
  known: number;
  /** Of each moved picture: share of the known that are taken for the new class, and gain of its probability in points. */
  moves: { rate: Share; gain: Quantity }[];
};

type Judge = {
  classifier: Classifier;
  weights: Weights;
  vae: Inference;
  options: Options;
};

/** What the classifier says of the faces of `images`, moved by each of `steps`. */
export async function judge(
  { classifier, weights, vae, options }: Judge,
  images: Images,
  [from, to]: readonly [number, number],
  steps: readonly (readonly number[])[],
): Promise<Judged> {
  const known: boolean[] = [];
  const answers = steps.map(() => ({ called: [] as boolean[], gain: [] as number[] }));
  const look = (params: Tensors, state: Tensors, { x }: Tensors): Tensors => {
    const { mean } = vae.encode({}, {}, x!);
    const at = (z: Tensor) => classifier.probabilities(params, state, vae.decode({}, {}, z));
    return {
      as: at(mean),
      ...Object.fromEntries(steps.map((step, i) => [`moved-${i}`, at(add(mean, step as number[]))])),
    };
  };
  const note = (i: number, outputs: Record<string, Float32Array>) => {
    known[i] = likeliest(outputs.as!) === from;
    answers.forEach(({ called, gain }, k) => {
      const moved = outputs[`moved-${k}`]!;
      gain[i] = moved[to]! - outputs.as![to]!;
      if (known[i]) called.push(likeliest(moved) === to);
    });
  };
  await forImages({ model: {}, ...weights }, images, look, note, options);
  return {
    faces: images.count,
    known: known.filter(Boolean).length,
    moves: answers.map(({ called, gain }) => ({
      rate: { count: called.filter(Boolean).length, of: called.length },
      gain: points(gain),
    })),
  };
}

/** Percentage points. */
function points(values: number[]): Quantity {
  const { mean, standardError } = meanAndError(values);
  return { value: 100 * mean, standardError: 100 * standardError };
}
