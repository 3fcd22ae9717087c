// `label`: which class a conditional model is to draw, or is told that it sees.
import { drawnClass, oneHotRow } from '../../core/sampling/label.ts';
import { likeliestClass } from '../../core/sampling/likeliest-class.ts';
import type { Able } from '../../models/able.ts';
import { classesOf, isGaussianVae, type ModelCard } from '../../models/card.ts';
import { nameOf } from '../../models/model-id.ts';
import { Problem } from '../http/problem.ts';
import { decodeAll, encodePosterior } from '../models/run.ts';
import type { EngineName, ModelStore } from '../models/store.ts';
import { isWithinWork, listModels } from './limits.ts';

/** The classes of a model that takes a label, and the one that was asked for, if any. */
export type Classes = { names: readonly string[]; asked?: number };

const ruleOf = (names: readonly string[]): string =>
  `must be one of ${names.join(', ')}, or an index from 0 to ${names.length - 1}`;

/**
 * What `label` means to a model: a class by name, else by index; undefined for a model that takes none.
 * @throws Problem 422 listing the labels of the model, or the models that take one when this one does not.
 */
export async function readLabel(
  store: ModelStore,
  card: ModelCard,
  label: string | undefined,
): Promise<Classes | undefined> {
  const names = classesOf(card);
  if (label === undefined) return names && { names };
  if (!names)
    throw new Problem(
      422,
      `${nameOf(card)} takes no label; models that do: ${await listModels(store, (other) => classesOf(other) !== undefined)}`,
      [{ parameter: 'label', rule: 'is for models that take one', value: label }],
    );
  const byName = names.indexOf(label);
  const asked = byName < 0 && /^\d{1,4}$/.test(label) ? Number(label) : byName;
  if (asked >= 0 && asked < names.length) return { names, asked };
  const rule = ruleOf(names);
  throw new Problem(422, `${nameOf(card)} has no label '${label}'; label ${rule}`, [
    { parameter: 'label', rule, value: label },
  ]);
}

/** Labels of some images: what the graphs take, [classes] each, and their names, which a blend has not. */
export type Labels = { rows: Float32Array[]; names: (string | undefined)[] };

/** The class that a row stands for alone; undefined for a blend. */
export const labelOfRow = (names: readonly string[], row: Float32Array): string | undefined =>
  names[row.indexOf(1)];

export const labelsOf = (names: readonly string[], indices: readonly number[]): Labels => ({
  rows: indices.map((index) => oneHotRow(index, names.length)),
  names: indices.map((index) => names[index]),
});

/** Labels of the first `count` images of a seed: the one that was asked for, else drawn for each. */
export const drawLabels = (classes: Classes | undefined, seed: string, count: number): Labels | undefined =>
  classes &&
  labelsOf(
    classes.names,
    Array.from({ length: count }, (_, i) => classes.asked ?? drawnClass(seed, i, classes.names.length)),
  );

/**
 * The label of one image, for a route without a seed; undefined for a model that takes none.
 * @throws Problem 422 as `readLabel`, and when a model that takes a label is given none.
 */
export async function requireLabel(
  store: ModelStore,
  card: ModelCard,
  label: string | undefined,
): Promise<Labels | undefined> {
  const classes = await readLabel(store, card, label);
  if (!classes) return undefined;
  const { names, asked } = classes;
  if (asked !== undefined) return labelsOf(names, [asked]);
  const rule = ruleOf(names);
  throw new Problem(422, `${nameOf(card)} needs a label; label ${rule}`, [{ parameter: 'label', rule }]);
}

/**
 * The labels of /decode: rows of weights from its body, one for each of `count` latents, else `label` for all of them.
 * @throws Problem 422 as `requireLabel`, and when the rows do not fit the model.
 */
export async function decodedLabels(
  store: ModelStore,
  card: ModelCard,
  label: string | undefined,
  rows: readonly (readonly number[])[] | undefined,
  count: number,
): Promise<Labels | undefined> {
  const names = classesOf(card);
  if (!rows || !names || label !== undefined) {
    if (rows)
      throw new Problem(422, 'labels are for a model that takes them, in place of the parameter label', [
        { parameter: 'body.labels', rule: names ? 'or label, not both' : `is not for ${nameOf(card)}` },
      ]);
    const one = await requireLabel(store, card, label);
    const repeat = <T>(value: T): T[] => Array.from({ length: count }, () => value);
    return one && { rows: repeat(one.rows[0]!), names: repeat(one.names[0]) };
  }
  const wrong = rows.findIndex((row) => row.length !== names.length);
  if (rows.length !== count || wrong >= 0)
    throw new Problem(422, `${nameOf(card)} takes labels [${count}, ${names.length}] for ${count} latents`, [
      {
        parameter: wrong < 0 ? 'body.labels' : `body.labels.${wrong}`,
        rule:
          wrong < 0 ? `must have ${count} rows, one for each latent` : `must have ${names.length} weights`,
        value: wrong < 0 ? rows.length : rows[wrong]!.length,
      },
    ]);
  const weights = rows.map((row) => Float32Array.from(row));
  return { rows: weights, names: weights.map((row) => labelOfRow(names, row)) };
}

/**
 * The label of an image: the one that was asked for, else the likeliest; undefined for a model that takes none.
 * @throws Problem 422 as `readLabel`, and for want of a label where the likeliest cannot be found: pixels are not
 * Bernoulli given Gaussian latents, or trying every class is too much work for one request.
 */
export async function imageLabel(
  store: ModelStore,
  card: Able<'encode'>,
  label: string | undefined,
  x: Float32Array,
  engine: EngineName | undefined,
  maxOperations: number | undefined,
): Promise<Labels | undefined> {
  const classes = await readLabel(store, card, label);
  if (!classes || classes.asked !== undefined || !isGaussianVae(card) || card.likelihood !== 'bernoulli')
    return requireLabel(store, card, label);
  const { decoder, encoder } = card.graphs;
  const operations = classes.names.length * (decoder.flopsPerImage + encoder.flopsPerImage);
  if (!isWithinWork(operations, maxOperations)) return requireLabel(store, card, label);
  const index = await likeliestClass(x, classes.names.length, {
    encode: (row) => encodePosterior(store, card, x, row, engine),
    decode: async (z, row) => (await decodeAll(store, card, [z], [row], engine))[0]!,
  });
  return labelsOf(classes.names, [index]);
}

/** The label among the parameters of an answer: its name, however it was asked for. */
export const labelParameter = (classes: Classes | undefined): { label?: string } =>
  classes?.asked === undefined ? {} : { label: classes.names[classes.asked]! };
