// Faces: FER2013 with the FER+ labels (48×48) and Olivetti (64×64).
import { type DataSet, type Images, selectImages, sliceImages } from './data-set.ts';
import { sha256 } from './files.ts';
import type { Idx } from './idx.ts';
import { type FindOptions, type IdxFile, loadIdx } from './idx-file.ts';
import { readMatrix } from './mat.ts';

const FER_IMAGES = {
  train: [
    ['train-images-1', '98d0446e749a705a825d0935d5e576382c1c03d2c23aaa2e87e994b197317899'],
    ['train-images-2', '56637f7b0101791a6be605738f68e450b5bf84ccb964ac2ed09b81303ab88c43'],
    ['train-images-3', '390cdbab9d74d431631761f1145cc34309ae86ab5a5a266ee5f42af26ce67840'],
  ],
  valid: [['valid-images', '7f8b1c21ee549ff02b7e5db81d0a8f29ae7a5fb926abfe5b9959e727765d0137']],
  test: [['test-images', '84c17c5d1b0712585ab0910c6059644b61327e56a4c5abfb6245ded049e0ac71']],
} as const;

const FER_VOTES = {
  train: 'a680a3619711d1af7d6d9221ef11b4bdde82b94f3c35144cddc2400f4a93b49a',
  valid: 'd9b9bc83035b2c7f8b926c55a51e20ef039e9d6d93b19a46b39c345fa075e3e1',
  test: '0aa5bb063faf527f322a006d78f0acb0c015e60f0633594e5e8971b73a73d323',
} as const;

const FER_INSTEAD =
  'its images are published for holders of a Kaggle account alone (the competition ' +
  'challenges-in-representation-learning-facial-expression-recognition-challenge), so they cannot be downloaded ' +
  'for you; the FER+ votes are at github.com/microsoft/FERPlus';

/** Columns of the FER+ votes; the last two are not expressions. */
export const EXPRESSIONS = [
  'neutral',
  'happiness',
  'surprise',
  'sadness',
  'anger',
  'disgust',
  'fear',
  'contempt',
  'unknown',
  'not a face',
];

/** Votes of ten that make a label clear. */
const CLEAR_VOTES = 6;

async function loadFerSplit(split: keyof typeof FER_IMAGES, options: FindOptions) {
  const load = (file: IdxFile) => loadIdx(file, 'fer', options, FER_INSTEAD);
  const parts: Idx[] = [];
  for (const [name, hash] of FER_IMAGES[split])
    parts.push(await load({ name: `${name}.idx3-ubyte.med.br`, sha256: hash }));
  const votes = await load({ name: `${split}-votes.idx2-ubyte.gz`, sha256: FER_VOTES[split] });
  const [, height, width] = parts[0]!.shape as [number, number, number];
  const count = votes.shape[0]!;
  const rows = Array.from({ length: count }, (_, i) => votes.data.subarray(10 * i, 10 * i + 10));
  return {
    count,
    width,
    height,
    channels: 1 as const,
    pixels: Buffer.concat(parts.map(({ data }) => data)),
    labels: Uint8Array.from(rows, (row) => row.indexOf(Math.max(...row))),
    clear: Uint8Array.from(rows, (row) => Number(Math.max(...row) >= CLEAR_VOTES)),
  };
}

/**
 * FER2013, faces alone, none twice: images whose most votes are `unknown` or `not a face` are left out, and so are
 * repeats within a split and every image that occurs in another one, whatever its label there (test before validation
 * before training, so that nothing learnt is tested). Labels are the expression with the most votes, `clear` where 6
 * of 10 people agree on it. The validation set is FER's own: its first `validation` images.
 */
export async function loadFer(options: FindOptions & { validation: number }): Promise<DataSet> {
  const elsewhere = new Set<string>();
  const load = async (split: keyof typeof FER_IMAGES): Promise<Images> => {
    const all = await loadFerSplit(split, options);
    const size = all.width * all.height;
    const keys = Array.from({ length: all.count }, (_, i) =>
      sha256(all.pixels.subarray(i * size, (i + 1) * size)),
    );
    const kept = new Set<string>();
    const chosen = selectImages(all, (i) => {
      if (all.labels[i]! > 7 || elsewhere.has(keys[i]!) || kept.has(keys[i]!)) return false;
      kept.add(keys[i]!);
      return true;
    });
    for (const key of keys) elsewhere.add(key);
    return chosen;
  };
  const test = await load('test');
  const validation = await load('valid');
  return {
    id: 'fer',
    title: 'FER2013 faces with FER+ labels',
    terms:
      'images gathered by web search for a Kaggle contest, under its rules: no open licence, for research only, do ' +
      'not ship in a product; FER+ labels: MIT License, © Microsoft Corporation; shows real people; cite ' +
      'Goodfellow et al., Challenges in Representation Learning, ICONIP 2013, and Barsoum et al., Training Deep ' +
      'Networks for Facial Expression Recognition with Crowd-Sourced Label Distribution, ICMI 2016',
    labelNames: EXPRESSIONS.slice(0, 8),
    test,
    validation: sliceImages(validation, 0, Math.min(options.validation, validation.count)),
    train: await load('train'),
  };
}

const OLIVETTI: IdxFile = {
  name: 'olivetti-faces.idx3-ubyte.gz',
  sha256: '139db5ade073e030ff543fe74df478b29cff6e9da9a50bf1e0c9a29f0d2f114d',
  original: {
    url: 'https://cs.nyu.edu/~roweis/data/olivettifaces.mat',
    // `faces` is 4096 × 400, each column an image, column by column.
    toIdx(bytes) {
      const { shape, values } = readMatrix(bytes, 'faces');
      const data = Uint8Array.from(
        values,
        (_, i) => values[i - (i % 4096) + 64 * (i % 64) + (Math.floor(i / 64) % 64)]!,
      );
      return { shape: [shape[1]!, 64, 64], data };
    },
  },
};

const PEOPLE = 40;
const IMAGES_OF_ONE = 10;
const TEST_PEOPLE = 4;

/** Olivetti: test images are those of the last 4 people, whom nobody saw in training; labels are the person. */
export async function loadOlivetti(options: FindOptions & { validation: number }): Promise<DataSet> {
  const { shape, data } = await loadIdx(OLIVETTI, 'olivetti', options);
  const [count, height, width] = shape as [number, number, number];
  const labels = Uint8Array.from({ length: count }, (_, i) => Math.floor(i / IMAGES_OF_ONE));
  const all: Images = { count, width, height, channels: 1, pixels: data, labels };
  const training = count - TEST_PEOPLE * IMAGES_OF_ONE;
  const kept = training - options.validation;
  if (kept < 1)
    throw new Error(
      `olivetti: validation ${options.validation} leaves none of ${training} images to train on`,
    );
  return {
    id: 'olivetti',
    title: 'Olivetti faces',
    terms: 'free to use; credit to AT&T Laboratories Cambridge; shows real people',
    labelNames: Array.from({ length: PEOPLE }, (_, person) => String(person)),
    train: sliceImages(all, 0, kept),
    validation: sliceImages(all, kept, training),
    test: sliceImages(all, training, count),
  };
}
