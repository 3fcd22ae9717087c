// The folder of a run on glyphs that has begun and not learned, for tests of what watches runs.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { recipeNamed } from '../../train/recipes/recipes.ts';
import { resolveRecipe } from '../../train/recipes/resolve.ts';
import { createRun } from '../../train/run/run-folder.ts';

export function beginGlyphsRun(folder: string): void {
  createRun(folder, {
    recipe: 'glyphs-vae',
    settings: resolveRecipe(recipeNamed('glyphs-vae'), {}),
    backend: 'cpu',
    image: { width: 28, height: 28, channels: 1 },
    dataset: { id: 'glyphs', title: 'glyphs', terms: 'MIT', images: 60 },
  });
  mkdirSync(join(folder, 'samples'));
}
