// What the families of Gaussian latents have in common: learning by a bound on log p(x), and choosing by it.
import { toValues, type Variant } from '../data/batches.ts';
import type { DataSet } from '../data/data-set.ts';
import { imageBatches } from '../data/image-batches.ts';
import type { Estimator } from '../estimators/bounds.ts';
import { createBoundEvaluator } from '../evaluate/bounds/bound.ts';
import { meanAndError } from '../evaluate/statistics.ts';
import { descend } from '../methods/descend.ts';
import type { Inference, Vae } from '../model.ts';
import { gaussianModel } from '../models/gaussian-model.ts';
import type { RunOptions } from '../runner/rows.ts';
import type { Learner } from '../runner/step.ts';
import { cosine, warmUp } from '../schedules.ts';
import type { Built, RecipeOf, Validator } from './family.ts';
import { type BOUND, buildOptimiser, type OPTIMISATION } from './settings.ts';

export type BoundRecipe = RecipeOf<typeof BOUND & typeof OPTIMISATION>;

/** @throws Error where the last epochs are more than there are. */
export function checkBound({ tightenEpochs, epochs }: BoundRecipe): void {
  if (tightenEpochs > epochs)
    throw new Error(`--tightenEpochs=${tightenEpochs} exceeds the ${epochs} epochs of the run`);
}

/** Means over the validation images: the bound of `selectSamples` samples, and the ELBO of one with its two terms. */
async function boundValidator(
  density: Inference,
  recipe: BoundRecipe,
  { validation }: DataSet,
  options: RunOptions,
): Promise<Validator> {
  const seed = `${recipe.seed}/validation`;
  const values = toValues(validation, recipe.variant as Variant, seed);
  let evaluator: Awaited<ReturnType<typeof createBoundEvaluator>> | undefined;
  return {
    async measure(weights) {
      evaluator ??= await createBoundEvaluator(density, weights, {
        samples: recipe.selectSamples,
        seed,
        ...options,
      });
      const terms = await evaluator.evaluate(weights, values, 0, validation.labels);
      const [bound, reconstruction, kl] = [terms.logWeight, terms.reconstruction, terms.kl].map(
        (t) => meanAndError(t).mean,
      ) as [number, number, number];
      return { bound, elbo: reconstruction - kl, reconstruction, kl };
    },
    release: async () => evaluator?.release(),
  };
}

/** A VAE and its learners: for most of the epochs, and for the last ones that tighten the bound, where there are such. */
export function builtOnBound(
  recipe: BoundRecipe,
  vae: Vae,
  learners: { plain: Learner; tight?: Learner },
  settle: Built['settle'] = (weights) => weights,
): Built {
  const { tight } = learners;
  const tightEpochs = tight ? recipe.tightenEpochs : 0;
  return {
    model: { ...gaussianModel(vae), init: vae.init },
    phases: [
      { epochs: recipe.epochs - tightEpochs, learner: learners.plain },
      ...(tight ? [{ epochs: tightEpochs, learner: tight }] : []),
    ],
    schedules: {
      learningRate: cosine(recipe.learningRate, recipe.finalLearningRate),
      klWeight: warmUp(recipe.klWarmupEpochs),
    },
    batches: (dataset) => imageBatches(dataset, recipe, vae.classes),
    validator: (dataset, options) => boundValidator(vae, recipe, dataset, options),
    // While the KL weight rises the bound is not what is trained, so no such epoch can be the best.
    select:
      recipe.select === 'last'
        ? 'last'
        : { by: 'bound', better: 'higher', from: Math.min(recipe.klWarmupEpochs, recipe.epochs) },
    settle,
  };
}

/** A VAE that descends its bound, and in its last epochs the importance-weighted one; `create` gives it either. */
export function builtByDescent(
  recipe: BoundRecipe,
  images: number,
  create: (estimator: Estimator, samples: number) => Vae,
): Built {
  const optimiser = buildOptimiser(recipe, images);
  const plain = create(recipe.estimator as Estimator, recipe.samples);
  return builtOnBound(recipe, plain, {
    plain: descend(plain, optimiser),
    ...(recipe.tightenEpochs > 0 ? { tight: descend(create('IW', recipe.tightenSamples), optimiser) } : {}),
  });
}
