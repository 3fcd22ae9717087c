// CIFAR-10: the archive that its makers publish, or a packed copy of its images.
import { join } from 'node:path';
import { type DataSet, type Images, sliceImages } from './data-set.ts';
import { cacheFolder, type DataFile, download, findFile, readVerified, searchFolders } from './files.ts';
import { type FindOptions, type IdxFile, loadIdx } from './idx-file.ts';
import { readTar } from './tar.ts';

const ARCHIVE: DataFile = {
  name: 'cifar-10-binary.tar.gz',
  bytes: 170_052_171,
  sha256: 'c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd',
};
const MIRRORS = ['https://www.cs.toronto.edu/~kriz/'];

const packed = (name: string, sha256: string): IdxFile => ({ name, sha256 });

/** The same images, channels last, known by what they decode to; 111 of them were to be had as JPEG alone. */
const COPY = {
  train: {
    images: [
      '30a210eea02b28a5e198d550818fbaaee634245ad5407b6d8b151b9e5fd4fb9e',
      '2e97cd46b94f8d1d96d4affdebdc202169fc52ba12ea5c4f81bb523eab1685d2',
      '67750aa56e16bbb635f111825660042aeb93d02e0ca736c576692417e5a8ab34',
      '09df68df4983da286fe073322ac87d4e74f858e6b8d0928c4c6547f67485e932',
      '4de6af6d1d986c6a82be9c42a2f0f24a8416321dfe21120a4ea5467b049d7ea5',
    ].map((sha256, i) => packed(`train-images-${i + 1}.idx4-ubyte.med.br`, sha256)),
    labels: packed(
      'train-labels.idx1-ubyte.gz',
      '1a4c5fb4e1cab2caa8eee134c093de84d620899e907756e71736fb7b0d4ab554',
    ),
  },
  test: {
    images: [
      packed(
        'test-images.idx4-ubyte.med.br',
        'af9cf23943e53d69366c29f05cfafad4727e0e03f9f5b38a1792c3c73f7f90a8',
      ),
    ],
    labels: packed(
      'test-labels.idx1-ubyte.gz',
      '987e01129ceec0098f1e9d9404cff9fa82ad3d15383a61e8ec60ff20ffe6db40',
    ),
  },
};

const SIDE = 32;
const AREA = SIDE * SIDE;
const SIZE = 3 * AREA;
const SHAPE = { width: SIDE, height: SIDE, channels: 3 } as const;

/**
 * Batches of the archive: records of a label and the planes R, G and B.
 * @throws Error naming the file and the rule.
 */
export function readBatches(archive: ReadonlyMap<string, Uint8Array>, names: readonly string[]): Images {
  const files = names.map((name) => {
    const file = archive.get(`cifar-10-batches-bin/${name}`);
    if (!file) throw new Error(`${ARCHIVE.name}: there is no ${name} in it`);
    if (file.length % (1 + SIZE) !== 0)
      throw new Error(`${name}: ${file.length} bytes are no whole number of records of ${1 + SIZE}`);
    return file;
  });
  const bytes = Buffer.concat(files);
  const count = bytes.length / (1 + SIZE);
  const pixels = new Uint8Array(count * SIZE);
  const labels = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const record = bytes.subarray(i * (1 + SIZE), (i + 1) * (1 + SIZE));
    labels[i] = record[0]!;
    pixels.set(record.subarray(1), i * SIZE);
  }
  return { ...SHAPE, count, pixels, labels };
}

/** Images [count, height, width, 3] as planes. */
export function toPlanes(values: Uint8Array): Uint8Array {
  const planes = new Uint8Array(values.length);
  for (let image = 0; image < values.length; image += SIZE)
    for (let channel = 0; channel < 3; channel++)
      for (let i = 0; i < AREA; i++) planes[image + channel * AREA + i] = values[image + 3 * i + channel]!;
  return planes;
}

async function readCopy(split: keyof typeof COPY, options: FindOptions): Promise<Images> {
  const parts: Uint8Array[] = [];
  for (const file of COPY[split].images) parts.push((await loadIdx(file, 'cifar10', options)).data);
  const labels = (await loadIdx(COPY[split].labels, 'cifar10', options)).data;
  return { ...SHAPE, count: labels.length, pixels: toPlanes(Buffer.concat(parts)), labels };
}

async function readArchive(options: FindOptions): Promise<Record<keyof typeof COPY, Images>> {
  const path =
    findFile(ARCHIVE, 'cifar10', searchFolders(options.dir)) ??
    (await download(ARCHIVE, MIRRORS, join(cacheFolder(), 'cifar10')));
  const files = readTar(readVerified(path, ARCHIVE));
  return {
    train: readBatches(
      files,
      [1, 2, 3, 4, 5].map((n) => `data_batch_${n}.bin`),
    ),
    test: readBatches(files, ['test_batch.bin']),
  };
}

/**
 * CIFAR-10: 50,000 and 10,000 images of ten classes. The archive comes first; a packed copy is taken where that is in
 * none of the folders, and its title says so.
 * @throws Error naming the file and the rule, when one is corrupt, or missing and not to be had.
 */
export async function loadCifar10(options: FindOptions & { validation: number }): Promise<DataSet> {
  const folders = searchFolders(options.dir);
  const has = (file: { name: string }) => findFile(file, 'cifar10', folders) !== undefined;
  const copied = !has(ARCHIVE) && has(COPY.test.images[0]!);
  if (!copied && !has(ARCHIVE) && !options.download)
    throw new Error(`cifar10: ${ARCHIVE.name} is in none of ${folders.join(', ')}`);
  const { train, test } = copied
    ? { train: await readCopy('train', options), test: await readCopy('test', options) }
    : await readArchive(options);
  const kept = train.count - options.validation;
  if (kept < 1)
    throw new Error(
      `cifar10: validation ${options.validation} leaves none of ${train.count} images to train on`,
    );
  return {
    id: 'cifar10',
    title: `CIFAR-10 objects${copied ? ', a copy of which 111 images went through JPEG' : ''}`,
    terms:
      'no licence stated; a subset of 80 Million Tiny Images, which was withdrawn; cite Krizhevsky, Learning Multiple ' +
      'Layers of Features from Tiny Images, 2009',
    labelNames: ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'],
    train: sliceImages(train, 0, kept),
    validation: sliceImages(train, kept, train.count),
    test,
  };
}
