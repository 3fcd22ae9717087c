// What a family of models is: its settings, and how a recipe of it becomes a model, a way of learning, and measures.
import type { DataSet } from '../data/data-set.ts';
import type { Measure } from '../evaluate/subject.ts';
import type { Feeds, ImageShape, Trainable, Weights } from '../model.ts';
import type { RunOptions } from '../runner/rows.ts';
import type { Learner } from '../runner/step.ts';
import type { ScheduledValue } from '../schedules.ts';
import type { Settings, SettingValue, Stated, Values } from './rules.ts';
import type { COMMON } from './settings.ts';

type Base = Values<typeof COMMON> & { family: string };

/** A resolved recipe of any family: every setting that its own settings do not rule out, by name. */
export type Recipe = Base & Record<string, SettingValue>;

/** A resolved recipe as its family reads it. */
export type RecipeOf<S extends Settings> = Base & Values<S>;

/** A recipe as its file states it. */
export type StatedRecipe<S extends Settings> = { family: string } & Stated<typeof COMMON> & Stated<S>;

/** What a model depends on of its data. */
export type DataFacts = { image: ImageShape; images: number; classes: number };

export type Validator = {
  /** Figures of the validation images, by name. */
  measure(weights: Weights): Promise<Record<string, number>>;
  release(): Promise<void>;
};

/** Which checkpoint is kept: the best by a measure of `Validator`, from epoch `from` (counted from 1) on; or the last. */
export type Selection = 'last' | { by: string; better: 'higher' | 'lower'; from: number };

export type Built = {
  model: Trainable;
  /** Ways of learning in turn, each for a number of epochs; together those of the recipe. */
  phases: readonly { epochs: number; learner: Learner }[];
  schedules: Record<string, ScheduledValue>;
  /** Data of each step of an epoch; it depends on the seed and the epoch alone. */
  batches(dataset: DataSet): { steps: number; of(epoch: number): Iterable<Feeds> };
  validator(dataset: DataSet, options: RunOptions): Promise<Validator>;
  select: Selection;
  /** What makes weights of these validation figures no model: said at once in training, and refused by the export. */
  flaw?(validation: Record<string, number>): string | undefined;
  /** What trained weights mean for the graphs of the model: averages, say, in the place of what moved last. */
  settle(weights: Weights): Weights;
};

/** What a card says of a model to people. */
export type Description = { kind: string; sentence: string };

export type Family = {
  name: string;
  /** Besides the common ones. */
  settings: Settings;
  /** @throws Error naming settings that do not go together. */
  check(recipe: Recipe): void;
  build(recipe: Recipe, facts: DataFacts): Built;
  describe(recipe: Recipe): Description;
  /** Figures of the test set besides those of `MEASURES`, which go by what a model can do. */
  measures: readonly Measure[];
};

/** A family whose functions read recipes with the types of its own settings. */
export const defineFamily = <S extends Settings>(family: {
  name: string;
  settings: S;
  check?(recipe: RecipeOf<S>): void;
  build(recipe: RecipeOf<S>, facts: DataFacts): Built;
  describe(recipe: RecipeOf<S>): Description;
  measures?: readonly Measure[];
}): Family => ({ check: () => {}, measures: [], ...family }) as unknown as Family;
