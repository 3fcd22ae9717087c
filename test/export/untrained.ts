// Runs without training, for tests of what becomes of a run.
import { createStream } from '../../core/sampling/stream.ts';
import type { ReportedRun } from '../../export/package.ts';
import { pixelMeans } from '../../train/data/data-set.ts';
import { drawDigit } from '../../train/data/glyphs.ts';
import { build } from '../../train/families/families.ts';
import { recipeNamed } from '../../train/recipes/recipes.ts';
import { resolveRecipe, type Stated } from '../../train/recipes/resolve.ts';

export const image = { width: 28, height: 28, channels: 1 as const };

const SMALL = { dataset: 'glyphs', validation: 10 };

/** Small recipes of the other families of Gaussian latents. */
export const TWO_LAYERS: Stated = {
  ...recipeNamed('mnist-hvae'),
  ...SMALL,
  network: 'mlp',
  hidden: [16],
  latent: 3,
  topLatent: 2,
};
export const ROWS: Stated = { ...recipeNamed('mnist-rows'), ...SMALL, latent: 28, dense: 8 };

/** Codes of symbols with a learned prior. */
export const CODES: Stated = {
  ...recipeNamed('mnist-dvae'),
  ...SMALL,
  hidden: [16],
  variables: 4,
  symbols: 3,
  priorHidden: 8,
};

/** A run as `openRun` gives it, of a model that was only initialised; a small one of `glyphs-vae` unless told otherwise. */
export function untrained(
  overrides: Record<string, string>,
  seed = 1,
  stated: Stated = { ...recipeNamed('glyphs-vae'), latent: 3, hidden: [16] },
): ReportedRun {
  const settings = resolveRecipe(stated, { seed: String(seed), ...overrides }) as ReportedRun['settings'];
  const { model } = build(settings, { image, images: 1, classes: 10 });
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
      dataset: { id: 'glyphs', title: 'glyphs', terms: 'MIT', images: 1, labelNames: [...'0123456789'] },
    },
    settings,
    model,
    params,
    state,
    best: progress,
    last: progress,
    select: 'last',
    measures: [],
    report: { weights: 'float32', epoch: 2, samples: 50, images: 100, figures: [] },
  };
}
