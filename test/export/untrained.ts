// Runs without training, for tests of what becomes of a run.
import { createStream } from '../../core/sampling/stream.ts';
import type { ReportedRun } from '../../export/package.ts';
import { pixelMeans } from '../../train/data/data-set.ts';
import { drawDigit } from '../../train/data/glyphs.ts';
import { buildModel } from '../../train/recipes/build.ts';
import { recipeNamed } from '../../train/recipes/recipes.ts';
import { resolveRecipe } from '../../train/recipes/settings.ts';

export const image = { width: 28, height: 28, channels: 1 as const };

/** A run as `openRun` gives it, of a model that was only initialised. */
export function untrained(overrides: Record<string, string>, seed = 1): ReportedRun {
  const settings = resolveRecipe(recipeNamed('glyphs-vae'), {
    latent: '3',
    hidden: '16',
    seed: String(seed),
    ...overrides,
  });
  const model = buildModel(settings, image);
  const pixels = drawDigit(3, createStream('export'));
  const means = pixelMeans({ ...image, count: 1, pixels }).map((p) => 0.1 + 0.8 * p);
  const { params, state } = model.init(createStream(String(seed)), means);
  const progress = { epoch: 2, step: 10, best: -100 };
  return {
    folder: 'runs/test',
    record: {
      recipe: 'glyphs-vae',
      settings,
      backend: 'cpu',
      image,
      dataset: { id: 'glyphs', title: 'glyphs', terms: 'MIT', labelNames: [...'0123456789'] },
    },
    settings,
    model,
    params,
    state,
    best: progress,
    last: progress,
    report: { weights: 'float32', epoch: 2, samples: 50, images: 100, figures: [] },
  };
}
