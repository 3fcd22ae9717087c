// How near generated images come to real ones: every package of a set that has labels, sampled by seeds as the worker
// samples it; and the measures themselves, held against real images.
import { SHIPPED } from '../../../models/folders.ts';
import { nameOf } from '../../../models/model-id.ts';
import type { DataSetId } from '../../data/registry.ts';
import { judgeProtocols, SEED } from '../../evaluate/fidelity/judge.ts';
import { cardsIn } from '../../evaluate/read-card.ts';
import type { CellResult, Context, Program } from '../experiment.ts';
import { samplesSeen } from '../trained.ts';
import { centroidsOf, type Drawn, drawnBy, ROUNDS, realImages } from './drawn.ts';
import { type Reference, referenceOf } from './reference.ts';

const SETS: DataSetId[] = ['mnist', 'fashion-mnist', 'fer', 'cifar10', 'emoji-people'];
const CENTROIDS_OF: DataSetId = 'mnist';
/** Training images that the centroids do not know. */
const CENTROIDS_HELD_OUT = 10_000;

function result(
  { dataset, right }: Reference,
  began: number,
  { images, words }: Drawn,
  found: Pick<CellResult, 'values' | 'settings' | 'samples' | 'picture'>,
): CellResult {
  const protocols = Object.entries(judgeProtocols(images.count, dataset.test.count))
    .filter(([name]) => name in found.values)
    .map(([name, how]) => `${name}: ${how}`);
  return {
    ...found,
    values: { ...found.values, 'classifier right': right },
    unit: 'frechet without a unit; others shares of images',
    protocol: [words, ...protocols].join('. '),
    seed: SEED,
    data: {
      set: dataset.title,
      variant: 'grey',
      train: dataset.train.count,
      test: dataset.test.count,
    },
    wallSeconds: (performance.now() - began) / 1000,
  };
}

const ofPackage = (id: DataSetId, name: string) => async (context: Context) => {
  const began = performance.now();
  const reference = await referenceOf(id, context);
  const { card, ...drawn } = await drawnBy(name, reference.dataset.test, context);
  const { values, picture } = await reference.judge(drawn.images);
  context.log(JSON.stringify(values));
  const told = card.metrics.find((metric) => metric.name === 'frechet');
  const parts = card.latent?.prior === 'gaussian' ? card.latent.aggregate?.weights.length : undefined;
  return result(reference, began, drawn, {
    values: { ...values, ...(told ? { 'frechet on its card': { value: told.value } } : {}) },
    picture,
    samples: await samplesSeen(card, context.load),
    settings: { model: name, ...(parts ? { parts } : {}) },
  });
};

/** What real images have: the classifier of the features learned those of training, and those of validation chose its epoch alone. */
const ofReal = (id: DataSetId, split: 'training' | 'validation') => async (context: Context) => {
  const began = performance.now();
  const reference = await referenceOf(id, context);
  const { train, validation } = reference.dataset;
  const drawn = realImages(split, split === 'training' ? train : validation);
  const { values } = await reference.judge(drawn.images);
  context.log(JSON.stringify(values));
  // Each training image is one itself.
  const { 'near-copies by pixels': _, 'near-copies by features': __, ...others } = values;
  return result(reference, began, drawn, {
    values: split === 'training' ? others : values,
    samples: drawn.images.count,
    settings: {},
  });
};

const ofCentroids = (id: DataSetId) => async (context: Context) => {
  const began = performance.now();
  const reference = await referenceOf(id, context);
  const { trained, ...drawn } = await centroidsOf(id, CENTROIDS_HELD_OUT, context);
  const { values, picture } = await reference.judge(drawn.images);
  context.log(JSON.stringify(values));
  return result(reference, began, drawn, {
    values,
    picture,
    samples: ROUNDS * trained,
    settings: { rounds: ROUNDS },
  });
};

const packages = cardsIn(SHIPPED).flatMap((card) => {
  const id = SETS.find((set) => set === card.dataset.id);
  return id && card.graphs.decoder ? [{ id, name: nameOf(card) }] : [];
});

export const { samples, cells }: Program = {
  samples: 1,
  cells: {
    ...Object.fromEntries(
      SETS.flatMap((id) =>
        (['training', 'validation'] as const).map((split) => [`${id}-${split}-images`, ofReal(id, split)]),
      ),
    ),
    [`${CENTROIDS_OF}-centroids`]: ofCentroids(CENTROIDS_OF),
    ...Object.fromEntries(packages.map(({ id, name }) => [name, ofPackage(id, name)])),
  },
};
