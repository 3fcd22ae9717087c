// Adversarial losses as their papers train them: equal networks and rates to choose from, the critic's steps and the
// optimiser of each method's own paper.
import type { DataSetId } from '../../data/registry.ts';
import type { Recipe } from '../../families/family.ts';
import type { GanRecipe } from '../../families/gan.ts';
import { resolveRecipe } from '../../recipes/resolve.ts';
import { UNLABELLED } from '../game.ts';

export type Method = {
  recipe: Pick<GanRecipe, 'loss' | 'criticNorm' | 'criticSteps' | 'beta1' | 'beta2'> & Partial<GanRecipe>;
  /** Whether the method draws from the moving average of its generator, and not from the weights themselves. */
  averaged?: true;
};

/** Adam as most papers after Radford et al. 2016 have it. */
const ADAM = { beta1: 0.5, beta2: 0.999 };
const plain = (loss: string) => ({ loss, criticNorm: 'none', criticSteps: 1, ...ADAM });

export const METHODS = {
  minimax: { recipe: plain('minimax') },
  'non-saturating': { recipe: plain('non-saturating') },
  'least-squares': { recipe: plain('least-squares') },
  // RMSProp there, which Adam without momentum is but for the correction of its bias (Arjovsky et al. 2017, Algorithm 1).
  wgan: {
    recipe: {
      ...plain('wasserstein'),
      ...{ penalty: 'clip', clip: 0.01, criticSteps: 5, beta1: 0, beta2: 0.99 },
    },
  },
  // Gulrajani et al. 2017, Algorithm 1.
  'wgan-gp': {
    recipe: {
      ...plain('wasserstein'),
      ...{ penalty: 'wgan-gp', penaltyWeight: 10, criticSteps: 5, beta1: 0, beta2: 0.9 },
    },
  },
  // Kodali et al. 2017, Algorithm 1.
  dragan: { recipe: { ...plain('non-saturating'), penalty: 'dragan', penaltyWeight: 10 } },
  // Miyato et al. 2018, Table 1, setting C.
  'hinge-spectral': { recipe: { ...plain('hinge'), criticNorm: 'spectral' } },
  // Mescheder et al. 2018: γ = 10, no momentum, and the generator averaged.
  r1: {
    recipe: { ...plain('non-saturating'), penalty: 'r1', penaltyWeight: 10, beta1: 0, beta2: 0.99 },
    averaged: true,
  },
} satisfies Record<string, Method>;

export type MethodName = keyof typeof METHODS;

/** What all methods choose among. */
export const RATES = [4e-4, 1.6e-3, 6.4e-3];

/** Validation images, which neither the games nor the classifier of the distances learn from. */
export const HELD_OUT = 5000;
/** Short enough that after a round next to nothing is left of the first weights. */
const AVERAGE_STEPS = 100;

export const recipeOf = (dataset: DataSetId, { recipe }: Method, learningRate: number): Recipe =>
  resolveRecipe(
    {
      ...UNLABELLED,
      ...{ dataset, ...recipe, learningRate, decay: 'none', averageSteps: AVERAGE_STEPS, selectImages: 2000 },
    },
    {},
  );
