// Table 1 of Goodfellow et al. 2014 by the protocol of the authors' `parzen_ll.py`: every package of its data that
// generates, and in their place training images and centroids of these, which show what the measure is worth.
import { SHIPPED } from '../../../models/folders.ts';
import { nameOf } from '../../../models/model-id.ts';
import { sliceImages } from '../../data/data-set.ts';
import type { DataSetId } from '../../data/registry.ts';
import { SAMPLES, SEED } from '../../evaluate/fidelity/judge.ts';
import { parzenWindow } from '../../evaluate/fidelity/parzen.ts';
import { valuesOf } from '../../evaluate/fidelity/samples.ts';
import { cardsIn } from '../../evaluate/read-card.ts';
import { groupMeans, meanAndError } from '../../evaluate/statistics.ts';
import type { CellResult, Context, Program } from '../experiment.ts';
import { centroidsOf, type Drawn, drawnBy, ROUNDS, realImages } from '../fidelity/drawn.ts';
import { samplesSeen } from '../trained.ts';

/** Images held out, and how many of them choose the width. The paper's faces, the TFD, are not to be had. */
const SETS: Partial<Record<DataSetId, { heldOut: number; choose: number; words: string }>> = {
  mnist: { heldOut: 10_000, choose: 1000, words: 'the first 1000 of the last 10000 training images' },
  fer: { heldOut: 3486, choose: 3486, words: 'all 3486 validation images' },
};
const IDS = Object.keys(SETS) as DataSetId[];
/** Test images in a row whose mean a cell keeps, for errors of differences. */
const GROUP = 100;

type Rows = Drawn & Pick<CellResult, 'samples' | 'settings'>;

const cellOf =
  (id: DataSetId, draw: (context: Context) => Promise<Rows>) =>
  async (context: Context): Promise<CellResult> => {
    const began = performance.now();
    const { heldOut, choose, words: chosenBy } = SETS[id]!;
    const { images, words, samples, settings } = await draw(context);
    const { train, validation, test, title } = await context.load(id, heldOut);
    const { densities, width } = await parzenWindow(
      images,
      valuesOf(sliceImages(validation, 0, choose)),
      valuesOf(test),
      context,
    );
    const { mean: value, standardError } = meanAndError(densities);
    context.log(`${value.toFixed(1)} ± ${standardError.toFixed(1)}, width ${width.toFixed(3)}`);
    return {
      values: { parzen: { value, standardError } },
      perGroup: { parzen: groupMeans(densities, GROUP) },
      unit: 'nats per image',
      protocol: `${words}. Gaussian windows around these ${images.count} images, the width of ten between 0.1 and 1 that is best on ${chosenBy}; mean log density of all ${test.count} test images, and its standard error over these; grey levels 0…1, no noise added`,
      settings: { ...settings, width },
      seed: SEED,
      data: { set: title, variant: 'grey density', train: train.count, test: test.count },
      samples,
      wallSeconds: (performance.now() - began) / 1000,
    };
  };

const ofPackage = (id: DataSetId, name: string) =>
  cellOf(id, async (context) => {
    const { test } = await context.load(id, SETS[id]!.heldOut);
    const { card, ...drawn } = await drawnBy(name, test, context);
    return {
      ...drawn,
      samples: await samplesSeen(card, context.load),
      settings: {
        model: name,
        heldOut: Number(card.training.settings.validation),
        command: card.training.command,
      },
    };
  });

const ofTraining = (id: DataSetId) =>
  cellOf(id, async (context) => {
    const { train } = await context.load(id, SETS[id]!.heldOut);
    return { ...realImages('training', train), samples: SAMPLES, settings: {} };
  });

const ofCentroids = (id: DataSetId) =>
  cellOf(id, async (context) => {
    const { trained, ...drawn } = await centroidsOf(id, SETS[id]!.heldOut, context);
    return { ...drawn, samples: ROUNDS * trained, settings: { rounds: ROUNDS } };
  });

const packages = cardsIn(SHIPPED).flatMap((card) => {
  const id = IDS.find((set) => set === card.dataset.id);
  return id && card.graphs.decoder ? [{ id, name: nameOf(card) }] : [];
});

export const { samples, cells }: Program = {
  samples: 1,
  cells: {
    ...Object.fromEntries(IDS.map((id) => [`${id}-training-images`, ofTraining(id)])),
    ...Object.fromEntries(IDS.map((id) => [`${id}-centroids`, ofCentroids(id)])),
    ...Object.fromEntries(packages.map(({ id, name }) => [name, ofPackage(id, name)])),
  },
};
