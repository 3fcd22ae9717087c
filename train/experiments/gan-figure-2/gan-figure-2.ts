// Figure 2 of Goodfellow et al. 2014 for every generator that a critic taught and that ships: what it draws, and the training
// images nearest to each, by pixels and by features.
import { join } from 'node:path';
import { sheet, toImage } from '../../../core/image/compose.ts';
import type { Image } from '../../../core/image/image.ts';
import { encodePng } from '../../../core/image/png.ts';
import { SHIPPED } from '../../../models/folders.ts';
import { nameOf } from '../../../models/model-id.ts';
import { sliceImages } from '../../data/data-set.ts';
import type { DataSetId } from '../../data/registry.ts';
import { mayBePassedOn } from '../../data/uses.ts';
import type { Features } from '../../evaluate/fidelity/frechet.ts';
import { judgeProtocols, SEED } from '../../evaluate/fidelity/judge.ts';
import { COMPARED, openNearest } from '../../evaluate/fidelity/nearest-training.ts';
import { imagesOf, valuesOf } from '../../evaluate/fidelity/samples.ts';
import { cardsIn } from '../../evaluate/read-card.ts';
import { writeAtomically } from '../../io/files.ts';
import type { CellResult, Context, Program } from '../experiment.ts';
import { drawnBy } from '../fidelity/drawn.ts';
import { samplesSeen } from '../trained.ts';

const FAMILY = 'gan';
const COLUMNS = 12;
/** Lines of images, each with its neighbours under it. */
const LINES = 4;
const SHOWN = COLUMNS * LINES;

/** Images of a line above rows of as many others each, line by line. */
export const inLines = (rows: readonly Image[][], columns: number): Image[] =>
  Array.from({ length: rows[0]!.length / columns }, (_, line) =>
    rows.flatMap((row) => row.slice(line * columns, (line + 1) * columns)),
  ).flat();

const ofPackage =
  (name: string) =>
  async (context: Context): Promise<CellResult> => {
    const began = performance.now();
    const card = cards.get(name)!;
    const { dataset: of, training } = card;
    const id = of.id as DataSetId;
    const dataset = await context.load(id, Number(training.settings.validation));
    const { train, test, title } = dataset;
    const { images, words } = await drawnBy(name, test, context, COMPARED);
    const { backend, threads, log } = context;
    const { space, byPixels, byFeatures } = await openNearest(dataset, { backend, threads, log });
    const nearest = [
      await byPixels(images),
      await byFeatures(await space.of(imagesOf(images, { image: train }))),
    ];
    const { width, height, channels } = train;
    const pictureOf = ({ data, size }: Features, i: number) =>
      toImage(data.subarray(i * size, (i + 1) * size), width, height, channels);
    const own = Array.from({ length: SHOWN }, (_, i) => pictureOf(images, i));
    const real = nearest.map(({ index }) =>
      Array.from(index.subarray(0, SHOWN), (at) => pictureOf(valuesOf(sliceImages(train, at, at + 1)), 0)),
    );
    const whole = sheet(inLines([own, ...real], COLUMNS), COLUMNS);
    const free = mayBePassedOn(id);
    // Terms that keep training images out of a publication let whoever has the data look at them.
    if (!free) writeAtomically(join(context.folder, 'nearest.png'), encodePng(whole));
    const protocols = judgeProtocols(images.count, test.count);
    const [pixels, features] = nearest.map(({ copies }) => copies);
    log(`near-copies: ${pixels!.count} by pixels, ${features!.count} by features, of ${pixels!.of}`);
    return {
      values: { 'near-copies by pixels': pixels!, 'near-copies by features': features! },
      unit: 'shares of images',
      protocol: `${words}, the first ${COMPARED}. near-copies by pixels: ${protocols['near-copies by pixels']}. near-copies by features: ${protocols['near-copies by features']}; features: ${protocols.frechet}. The curve has the first ${SHOWN} images: share of those test images that are nearer to a training image than this one`,
      settings: { model: name, columns: COLUMNS, 'neighbours shown': free, terms: dataset.terms },
      seed: SEED,
      data: { set: title, variant: of.variant, train: train.count, test: test.count },
      samples: await samplesSeen(card, context.load),
      wallSeconds: (performance.now() - began) / 1000,
      curve: {
        columns: ['image', 'nearer by pixels', 'nearer by features'],
        rows: Array.from({ length: SHOWN }, (_, i) => [i, ...nearest.map(({ nearer }) => nearer[i]!)]),
      },
      picture: free ? whole : sheet(own, COLUMNS),
    };
  };

const cards = new Map(
  cardsIn(SHIPPED)
    .filter(({ family, dataset }) => family === FAMILY && dataset.id !== 'glyphs')
    .map((card) => [nameOf(card), card]),
);

export const { samples, cells }: Program = {
  samples: 1,
  cells: Object.fromEntries([...cards.keys()].map((name) => [name, ofPackage(name)])),
};
