// Gives a package what its latents are compressed by, measured on training images.
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { isDiscreteVae, type ModelCard } from '../models/card.ts';
import { modelCardSchema } from '../models/card-schema.ts';
import { compressionFigures, encodeImages } from '../train/evaluate/compression/compression.ts';
import { openBound, openCodes, openDensity } from '../train/evaluate/package.ts';
import { cardsIn } from '../train/evaluate/read-card.ts';
import { writeJson } from '../train/io/files.ts';
import { trainingImages } from './calibrate.ts';

/** Training images that are enough for three figures of each latent. */
const IMAGES = 20_000;

/** Two bytes that stand for a model and its figures, and for no other model beside it. */
function tagOf(
  { id, version, files, graphs }: ModelCard,
  figures: unknown,
  taken: ReadonlySet<string | undefined>,
): string {
  const decoder = files.find(({ name }) => name === graphs.decoder!.file)!.sha256;
  for (let attempt = 0; ; attempt++) {
    const said = JSON.stringify([id, version, decoder, figures, attempt]);
    const tag = createHash('sha256').update(said).digest('hex').slice(0, 4);
    if (!taken.has(tag)) return tag;
  }
}

/** What Gaussian latents are compressed by, of training images. */
async function gaussianFigures(folder: string, data: string | undefined) {
  const { card, subject } = openDensity(folder);
  const images = await trainingImages(card, { images: IMAGES, data });
  const figures = compressionFigures(await encodeImages(subject, images, { backend: 'cpu', threads: 1 }));
  return { figures, said: { split: `train, first ${images.count} images`, ...figures } };
}

/** Codes of symbols rest on the learned prior. */
function symbolFigures(folder: string) {
  const { files, graphs } = openCodes(folder).card;
  return { figures: files.find(({ name }) => name === graphs.prior?.file)?.sha256, said: {} };
}

/**
 * Encodes training images with the graphs of the package, unless its latents are discrete, and writes its card anew: no
 * pixel changes, and so the version stays. Where the posterior goes from group to group, codes are of the means met on
 * the way of the means.
 * @throws Error when the package has figures already, which codes depend on; when it is damaged, or its data set is not
 * to be had.
 */
export async function addCompression(folder: string, data?: string): Promise<ModelCard> {
  const { card } = openBound(folder);
  if (card.compression)
    throw new Error(`${folder} compresses already; other figures would break the codes that it has made`);
  const { figures, said } = isDiscreteVae(card) ? symbolFigures(folder) : await gaussianFigures(folder, data);
  const taken = new Set(cardsIn(dirname(folder)).map(({ compression }) => compression?.tag));
  // Parsing puts the sections into the order of the schema.
  const calibrated = modelCardSchema.parse({
    ...card,
    capabilities: [...card.capabilities, 'compress'],
    compression: { tag: tagOf(card, figures, taken), ...said },
  });
  writeJson(join(folder, 'model.json'), calibrated);
  return calibrated;
}
