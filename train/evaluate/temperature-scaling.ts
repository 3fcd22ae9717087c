// Temperature scaling (Guo et al. 2017, Section 4.2): the logits of a classifier over one number, which is fitted on labels
// that its training was not told. No image changes its likeliest class.
import { exp, log, maximum, mul } from '@tensorflow/tfjs-core';
import type { DataSet } from '../data/data-set.ts';
import { logProbabilities } from '../latents/categorical.ts';
import type { Model } from '../model.ts';
import type { RunOptions } from '../runner/rows.ts';
import { classProbabilities } from './class-probabilities.ts';
import type { Subject } from './subject.ts';

/** Temperatures are sought between this and its inverse: labels that are all right, or all wrong, have none that is likeliest. */
const MOST = 10;
/** Halvings of that range of log β. */
const STEPS = 60;
/** Probabilities are kept this far from 0, whose logarithm there is none of. */
const LEAST = 1e-37;

/** `probabilities` [images · classes] at a temperature, from those at 1. */
export function tempered(probabilities: Float32Array, classes: number, temperature: number): Float32Array {
  const out = new Float32Array(probabilities.length);
  for (let start = 0; start < out.length; start += classes) {
    const logits = Array.from(
      probabilities.subarray(start, start + classes),
      (p) => Math.log(Math.max(p, LEAST)) / temperature,
    );
    const top = Math.max(...logits);
    const weights = logits.map((logit) => Math.exp(logit - top));
    const sum = weights.reduce((total, weight) => total + weight, 0);
    out.set(
      weights.map((weight) => weight / sum),
      start,
    );
  }
  return out;
}

/**
 * The temperature 0.1…10 at which the labels are likeliest: their negative log likelihood is convex in β = 1 / T, with
 * the slope mean over images of Σ_k softmax(β l)_k l_k − l_y, l = log p.
 */
export function fitTemperature(probabilities: Float32Array, labels: Uint8Array): number {
  const classes = probabilities.length / labels.length;
  const logits = Float64Array.from(probabilities, (p) => Math.log(Math.max(p, LEAST)));
  const slope = (beta: number): number => {
    const at = tempered(probabilities, classes, 1 / beta);
    let total = 0;
    for (const [i, label] of labels.entries()) {
      for (let k = 0; k < classes; k++) total += at[i * classes + k]! * logits[i * classes + k]!;
      total -= logits[i * classes + label]!;
    }
    return total;
  };
  let [low, high] = [-Math.log(MOST), Math.log(MOST)];
  for (let i = 0; i < STEPS; i++) {
    const middle = (low + high) / 2;
    if (slope(Math.exp(middle)) <= 0) low = middle;
    else high = middle;
  }
  return Math.exp(-(low + high) / 2);
}

export type Scaling = NonNullable<Model['scaling']>;

/** Of a classifier and a set whose validation images have labels; nothing for any other, or one that is scaled already. */
export async function fitScaling(
  { model, params, state }: Subject,
  { validation }: DataSet,
  { backend, threads }: RunOptions,
): Promise<Scaling | undefined> {
  if (!model.graphs.classifier || model.scaling || !validation.labels) return undefined;
  const run = { backend, ...(threads ? { threads } : {}) };
  const probabilities = await classProbabilities(model, { params, state }, validation, run);
  return {
    temperature: fitTemperature(probabilities, validation.labels),
    split: `validation, ${validation.count} images`,
  };
}

/** The model with probabilities softmax(log p / T) in its graph, so that every runtime that runs it has the same ones. */
export function scaleClasses(model: Model, scaling: Scaling): Model {
  const { inputs, outputs, run } = model.graphs.classifier!;
  return {
    ...model,
    scaling,
    graphs: {
      ...model.graphs,
      classifier: {
        inputs,
        outputs,
        run(params, state, given) {
          const { probabilities } = run(params, state, given);
          const logits = mul(log(maximum(probabilities!, LEAST)), 1 / scaling.temperature);
          return { probabilities: exp(logProbabilities(logits)) };
        },
      },
    },
  };
}
