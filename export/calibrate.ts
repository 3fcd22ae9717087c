// Gives a package what anomaly scores are judged by: quantiles over training images, on its card.
import { join } from 'node:path';
import { type ModelCard, modelCardSchema } from '../models/card.ts';
import { sliceImages } from '../train/data/data-set.ts';
import { type DataSetId, loadDataSet } from '../train/data/registry.ts';
import { anomalyCard, scoreImages } from '../train/evaluate/anomaly.ts';
import { openPackage } from '../train/evaluate/package.ts';
import { readCard } from '../train/evaluate/read-card.ts';
import { writeJson } from '../train/run/files.ts';

/** Why the graphs of a package alone do not give its bound; nothing when they do. */
function whyNoBound({ likelihood, graphs, training }: ModelCard): string | undefined {
  if (likelihood !== 'bernoulli') return `the decoder says no more of a ${likelihood} pixel than its mean`;
  if (!graphs.encoder) return 'it has no encoder';
  if (Number(training.settings.topLatent ?? 0) > 0 || training.settings.network === 'rows')
    return 'its posterior is more than one diagonal Gaussian';
  return undefined;
}

/**
 * Scores the first `images` training images with the graphs of the package, and writes its card anew: no pixel
 * changes, and so the version stays.
 * @throws Error when the graphs do not give a bound, the data set is not to be had or has fewer images, or the package
 * is damaged.
 */
export async function calibrate(
  folder: string,
  { images, data }: { images: number; data?: string | undefined },
): Promise<ModelCard> {
  const why = whyNoBound(readCard(folder));
  if (why) throw new Error(`${folder}: ${why}`);
  const { card, subject } = openPackage(folder);
  const { train } = await loadDataSet(card.dataset.id as DataSetId, {
    validation: Number(card.training.settings.validation ?? 0),
    download: true,
    ...(data ? { dir: data } : {}),
  });
  if (images > train.count)
    throw new Error(
      `--anomaly=${images} is more than the ${train.count} training images of ${card.dataset.id}`,
    );
  const terms = await scoreImages(subject, sliceImages(train, 0, images), {
    backend: 'cpu',
    threads: 1,
  });
  const anomaly = anomalyCard(terms, card.dataset);
  const capabilities = [...new Set([...card.capabilities, 'anomaly' as const])];
  // Parsing puts the sections into the order of the schema.
  const calibrated = modelCardSchema.parse({ ...card, capabilities, anomaly });
  writeJson(join(folder, 'model.json'), calibrated);
  return calibrated;
}
