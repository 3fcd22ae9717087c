// Codes of discrete latents: whole numbers, and the 0s and 1s that graphs take for them.
import type { DiscreteSpec } from '../../models/latent.ts';
import { oneHotRow } from '../sampling/label.ts';
import { argmax } from './categorical.ts';

/** How many whole numbers say a code, and how many values each has. */
export const codeShape = (spec: DiscreteSpec): { variables: number; values: number } =>
  spec.prior === 'bernoulli'
    ? { variables: spec.dimensions, values: 2 }
    : { variables: spec.variables, values: spec.classes };

/** Numbers of graph input for each variable. */
export const widthOf = (spec: DiscreteSpec): number => (spec.prior === 'bernoulli' ? 1 : spec.classes);

/** Graph input for one variable that has the value `code`. */
export const partOf = (spec: DiscreteSpec, code: number): Float32Array =>
  spec.prior === 'bernoulli' ? Float32Array.of(code) : oneHotRow(code, spec.classes);

/** Graph input of a code [variables] of whole numbers from 0. */
export function latentOfCodes(spec: DiscreteSpec, codes: readonly number[]): Float32Array {
  const width = widthOf(spec);
  const out = new Float32Array(codes.length * width);
  codes.forEach((code, v) => {
    out.set(partOf(spec, code), v * width);
  });
  return out;
}

/** The code [variables] that `values`, shaped like graph input, make likeliest; `half` is what an even bit has. */
function likeliest(spec: DiscreteSpec, values: Float32Array, half: number): number[] {
  if (spec.prior === 'bernoulli') return Array.from(values, (value) => Number(value > half));
  const { variables, classes } = spec;
  return Array.from({ length: variables }, (_, v) => argmax(values.subarray(v * classes, (v + 1) * classes)));
}

/** The code that weights from 0 to 1 are nearest to; of alike ones the first. */
export const codesOfWeights = (spec: DiscreteSpec, weights: Float32Array): number[] =>
  likeliest(spec, weights, 0.5);

/** The likeliest code of logits; of alike ones the first. */
export const codesOfLogits = (spec: DiscreteSpec, logits: Float32Array): number[] =>
  likeliest(spec, logits, 0);
