// A family in one file: a mixture of two Gaussians in one dimension, the grey level of images of one pixel, fitted
// adversarially (Goodfellow et al. 2014, Algorithm 1 with k = 2 and the non-saturating loss).
import { add, mean, mul, reshape, type Scalar, sigmoid, softplus, type Tensor } from '@tensorflow/tfjs-core';
import { averagedWeights } from '../../../train/averages.ts';
import { imageBatches } from '../../../train/data/image-batches.ts';
import { differentiate } from '../../../train/differentiate.ts';
import { compileGraph, runGraph } from '../../../train/evaluate/graph.ts';
import { createLatentSampler } from '../../../train/evaluate/sampler.ts';
import type { Measure } from '../../../train/evaluate/subject.ts';
import { defineFamily, type StatedRecipe } from '../../../train/families/family.ts';
import type { Settings } from '../../../train/families/rules.ts';
import { dense, initDense, initStack, stack } from '../../../train/layers/dense.ts';
import type { Feeds, Model, Tensors, Weights } from '../../../train/model.ts';
import { sgd } from '../../../train/optimisers.ts';
import type { RunOptions } from '../../../train/runner/rows.ts';
import { rowsOf } from '../../../train/runner/rows.ts';
import type { Update } from '../../../train/runner/step.ts';
import { constant, linear } from '../../../train/schedules.ts';

const SETTINGS = {
  units: { kind: 'integer', min: 1, max: 64, default: 16, help: 'of both hidden layers, in both networks' },
  learningRate: { kind: 'number', min: 1e-6, max: 1, help: 'of both networks' },
} as const satisfies Settings;

const LATENT = { prior: 'uniform', dimensions: 2, low: -1, high: 1 } as const;
const K = 2;
const SAMPLES = 500;

/** Mean distance between two sets of numbers of one size, each in order: the Wasserstein distance in one dimension. */
function distance(a: Float32Array, b: Float32Array): number {
  const [x, y] = [a.toSorted(), b.toSorted()];
  return (
    x.reduce((sum, value, i) => sum + Math.abs(value - y[Math.floor((i * y.length) / x.length)]!), 0) /
    x.length
  );
}

/** What the generator makes of the first latents of a seed, [SAMPLES]. */
async function generate(model: Model, weights: Weights, seed: string, options: RunOptions) {
  const sampler = await createLatentSampler(model, weights, options);
  const rows = await compileGraph(model.graphs.decoder!, weights, options);
  const z = await sampler.draw(weights, seed, SAMPLES);
  const { mean } = await runGraph(model.graphs.decoder!, rows, weights, { z: rowsOf(z, [2]) }, SAMPLES);
  await rows.release();
  return mean!.data;
}

const greyLevels = ({ pixels }: { pixels: Uint8Array }) => Float32Array.from(pixels, (byte) => byte / 255);

const wasserstein: Measure = {
  needs: () => true,
  figures: async ({ model, params, state }, { test }, options) => [
    {
      name: 'wasserstein',
      value: 255 * distance(await generate(model, { params, state }, 'test', options), greyLevels(test)),
      unit: 'grey levels of 255',
      split: `test, ${test.count} images`,
      protocol: `${SAMPLES} samples`,
    },
  ],
};

export type ToyRecipe = StatedRecipe<typeof SETTINGS>;

export const toyGan = defineFamily({
  name: 'toy-gan',
  settings: SETTINGS,
  measures: [wasserstein],

  build(recipe, { image }) {
    const hidden = [recipe.units, recipe.units];
    const generator = (params: Tensors, z: Tensor) => {
      const h = stack(params, 'generator/hidden', z, hidden, 'relu');
      return reshape(sigmoid(dense(params, 'generator/out', h)), [-1, 1, 1, 1]);
    };
    const critic = (params: Tensors, x: Tensor) => {
      const h = stack(params, 'critic/hidden', reshape(x, [-1, 1]), hidden, 'leaky-relu');
      return dense(params, 'critic/out', h);
    };
    const optimiser = sgd({ momentum: 'momentum' });
    const criticUpdate = (i: number): Update => ({
      of: 'critic',
      optimiser,
      learningRate: 'learningRate',
      gradients: (params, state, feeds) =>
        differentiate(params, (at) => {
          const real = mean(softplus(mul(critic(at, feeds[`x-${i}`]!), -1)));
          const fake = mean(softplus(critic(at, generator(at, feeds[`z-${i}`]!))));
          return { loss: add(real, fake) as Scalar, metrics: {}, state };
        }),
    });
    const generatorUpdate: Update = {
      of: 'generator',
      optimiser,
      learningRate: 'learningRate',
      gradients: (params, state, feeds) =>
        differentiate(params, (at) => {
          const score = critic(at, generator(at, feeds.z!));
          return { loss: mean(softplus(mul(score, -1))) as Scalar, metrics: {}, state };
        }),
    };
    const uniform = (batch: number) => ({ shape: [batch, 2], distribution: 'uniform' as const });
    const model: Model = {
      image,
      latent: LATENT,
      graphs: {
        decoder: {
          inputs: { z: { shape: [2], meaning: 'latents, uniform from −1 to 1' } },
          outputs: { mean: { shape: [1, 1, 1], meaning: 'the grey level', range: [0, 1] } },
          run: (params, _, { z }) => ({ mean: generator(params, z!) }),
        },
      },
    };
    // Noise comes between 0 and 1, latents between −1 and 1.
    const spread = (feeds: Tensors) =>
      Object.fromEntries(
        Object.entries(feeds).map(([name, t]) => [name, name.startsWith('z') ? add(mul(t, 2), -1) : t]),
      );
    const updates = [...Array(K).keys()].map(criticUpdate).concat(generatorUpdate);
    return {
      model: {
        ...model,
        init: (stream) => ({
          params: {
            ...initStack(stream, 'generator/hidden', 2, hidden),
            ...initDense(stream, 'generator/out', recipe.units, 1),
            ...initStack(stream, 'critic/hidden', 1, hidden),
            ...initDense(stream, 'critic/out', recipe.units, 1),
          },
          state: {},
        }),
      },
      phases: [
        {
          epochs: recipe.epochs,
          learner: {
            feeds: (batch) => ({
              ...Object.fromEntries(
                [...Array(K).keys()].flatMap((i) => [
                  [`x-${i}`, { shape: [batch, 1, 1, 1], distribution: 'data' as const }],
                  [`z-${i}`, uniform(batch)],
                ]),
              ),
              z: uniform(batch),
            }),
            scalars: ['learningRate', 'momentum'],
            updates: updates.map((update) => ({
              ...update,
              gradients: (params, state, feeds, schedule) =>
                update.gradients(params, state, spread(feeds), schedule),
            })),
            averages: { of: 'generator', decay: 0.99 },
          },
        },
      ],
      schedules: {
        learningRate: constant(recipe.learningRate),
        momentum: linear(0.5, 0.7, 0, recipe.epochs),
      },
      // Each critic update sees real images of its own.
      batches(dataset) {
        const { steps, of } = imageBatches(dataset, recipe);
        return {
          steps: Math.floor(steps / K),
          *of(epoch) {
            let feeds: Feeds = {};
            for (const { x } of of(epoch)) {
              feeds[`x-${Object.keys(feeds).length}`] = x!;
              if (Object.keys(feeds).length < K) continue;
              yield feeds;
              feeds = {};
            }
          },
        };
      },
      validator: async ({ validation }, options) => ({
        measure: async (weights) => ({
          distance: distance(await generate(model, weights, 'validation', options), greyLevels(validation)),
        }),
        release: async () => {},
      }),
      select: { by: 'distance', better: 'lower', from: 1 },
      settle: averagedWeights,
    };
  },

  describe: ({ units }) => ({ kind: 'toy GAN', sentence: `A generator of ${units} units.` }),
});
