// The training of adversarial networks as it went: the same points of z after epochs of a run, from the sheets that the
// run left, and how far their images were from real ones.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sheet } from '../../../core/image/compose.ts';
import { decodePng } from '../../../core/image/decode-png.ts';
import type { Image } from '../../../core/image/image.ts';
import type { DataSetId } from '../../data/registry.ts';
import { RECIPES } from '../../recipes/recipes.ts';
import { listRuns, readMetrics, readRunRecord } from '../../run/run-folder.ts';
import type { CellResult, Context, Program } from '../experiment.ts';

const FAMILY = 'gan';
/** Moments of a picture at most. */
const MOMENTS = 8;
/** Images of a moment, in two lines: of each row of a sheet the first two, as a row is of one class. */
const COLUMNS = 8;
const LINES = 2;

/** At most `most` epochs of 1 to `last`, both of these among them, ever further apart. */
export function epochsShown(last: number, most = MOMENTS): number[] {
  const at = (i: number) => Math.round(last ** (i / Math.max(1, most - 1)));
  // Early epochs that fall together make way for the next ones.
  const found: number[] = [];
  for (let i = 0; i < most; i++) found.push(Math.max(at(i), (found.at(-1) ?? 0) + 1));
  return found.filter((epoch) => epoch < last).concat(last);
}

/** A sheet of `columns` columns in its images, row by row. */
export function imagesOfSheet({ width, height, channels, pixels }: Image, columns: number): Image[] {
  const side = { width: width / columns, height: height / columns };
  return Array.from({ length: columns * columns }, (_, i) => {
    const [left, top] = [(i % columns) * side.width, Math.floor(i / columns) * side.height];
    const own = new Uint8Array(side.width * side.height * channels);
    for (let y = 0; y < side.height; y++) {
      const from = ((top + y) * width + left) * channels;
      own.set(pixels.subarray(from, from + side.width * channels), y * side.width * channels);
    }
    return { ...side, channels, pixels: own };
  });
}

function momentOf(file: string): Image[] {
  const images = imagesOfSheet(decodePng(readFileSync(file), { maxPixels: 1e7 }), COLUMNS);
  return Array.from({ length: LINES * COLUMNS }, (_, i) => {
    const [line, column] = [Math.floor(i / COLUMNS), i % COLUMNS];
    return images[column * COLUMNS + line]!;
  });
}

const ofRecipe =
  (recipe: string) =>
  async (context: Context): Promise<CellResult> => {
    const began = performance.now();
    const [folder] = listRuns(recipe);
    if (!folder)
      throw new Error(
        `gan-training: runs/ has no run of ${recipe}; make one with: npm run train -- ${recipe}`,
      );
    const { settings } = readRunRecord(folder);
    const metrics = readMetrics(folder);
    const last = metrics.at(-1)?.epoch;
    if (last === undefined) throw new Error(`gan-training: ${folder} has not come to the end of an epoch`);
    const shown = epochsShown(last);
    const { train, test, title } = await context.load(settings.dataset as DataSetId, settings.validation);
    const pictures = shown.map((epoch) =>
      momentOf(join(folder, 'samples', `epoch-${String(epoch).padStart(3, '0')}.png`)),
    );
    const rows = metrics.flatMap(({ epoch, validation: { frechet } }) =>
      frechet === undefined ? [] : [[epoch, frechet]],
    );
    const best = rows.reduce((a, b) => (b[1]! < a[1]! ? b : a), [0, Number.POSITIVE_INFINITY]);
    const minutes = metrics.reduce((sum, { seconds }) => sum + seconds, 0) / 60;
    context.log(`${last} epochs, ${shown.length} of them shown`);
    return {
      values: {
        epochs: { value: last },
        minutes: { value: minutes },
        ...(rows.length > 0
          ? {
              'frechet after the first epoch': { value: rows[0]![1]! },
              'best frechet': { value: best[1]! },
              'best epoch': { value: best[0]! },
            }
          : {}),
      },
      unit: 'frechet without a unit',
      protocol: `npm run train -- ${recipe}: images of the same ${LINES * COLUMNS} latents of the seed 'samples' after some of its epochs, a moment in every ${LINES} lines of the picture; weights averaged over steps where the recipe says so, which is why early moments are grey; Fréchet distance to the validation images after each epoch, by which the checkpoint is chosen`,
      settings: { recipe, lines: LINES, shown },
      seed: String(settings.seed),
      data: { set: title, variant: settings.variant, train: train.count, test: test.count },
      samples: last * train.count,
      wallSeconds: (performance.now() - began) / 1000,
      curve: { columns: ['epoch', 'frechet'], rows },
      picture: sheet(pictures.flat(), COLUMNS),
    };
  };

const recipes = Object.keys(RECIPES).filter((name) => RECIPES[name]!.family === FAMILY);

export const { samples, cells }: Program = {
  samples: 1,
  cells: Object.fromEntries(recipes.map((name) => [name, ofRecipe(name)])),
};
