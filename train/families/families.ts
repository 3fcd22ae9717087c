// The families by name.

import { discreteVae } from './discrete-vae.ts';
import type { DataFacts, Family, Recipe } from './family.ts';
import { gan } from './gan.ts';
import { hierarchicalVae } from './hierarchical-vae.ts';
import { predictor } from './predictor.ts';
import { rowsVae } from './rows-vae.ts';
import { semiSupervised } from './semi-supervised.ts';
import { semiSupervisedGan } from './semi-supervised-gan.ts';
import { vae } from './vae.ts';

export const FAMILIES: Record<string, Family> = Object.fromEntries(
  [vae, hierarchicalVae, rowsVae, discreteVae, predictor, semiSupervised, semiSupervisedGan, gan].map(
    (family) => [family.name, family],
  ),
);

/** @throws Error that lists the families, when there is none of this name. */
export function familyOf({ family }: { family: string }): Family {
  const found = FAMILIES[family];
  if (!found)
    throw new Error(`there is no family '${family}'; the families are ${Object.keys(FAMILIES).join(', ')}`);
  return found;
}

/**
 * From a recipe to the model it describes, and how that is trained.
 * @throws Error where it has another number of classes than the data.
 */
export function build(recipe: Recipe, facts: DataFacts) {
  const classes = Number(recipe.classes ?? 0);
  if (classes > 0 && facts.classes > 0 && classes !== facts.classes)
    throw new Error(
      `--classes=${classes} does not fit the data set, which has ${facts.classes}; say --classes=${facts.classes}`,
    );
  return familyOf(recipe).build(recipe, facts);
}
