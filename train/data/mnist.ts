// MNIST and Fashion-MNIST: four gzipped IDX files each.
import { join } from 'node:path';
import { type DataSet, type Images, sliceImages } from './data-set.ts';
import { cacheFolder, type DataFile, download, findFile, readVerified, searchFolders } from './files.ts';
import { parseIdx } from './idx.ts';

type Registry = {
  id: 'mnist' | 'fashion-mnist';
  title: string;
  terms: string;
  labelNames: string[];
  mirrors: string[];
  files: Record<'trainImages' | 'trainLabels' | 'testImages' | 'testLabels', DataFile>;
};

const file = (name: string, bytes: number, sha256: string): DataFile => ({ name, bytes, sha256 });

export const MNIST: Registry = {
  id: 'mnist',
  title: 'MNIST handwritten digits',
  terms: 'Creative Commons Attribution-ShareAlike 3.0, © Yann LeCun and Corinna Cortes',
  labelNames: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
  mirrors: [
    'https://ossci-datasets.s3.amazonaws.com/mnist/',
    'https://storage.googleapis.com/cvdf-datasets/mnist/',
  ],
  files: {
    trainImages: file(
      'train-images-idx3-ubyte.gz',
      9912422,
      '440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609',
    ),
    trainLabels: file(
      'train-labels-idx1-ubyte.gz',
      28881,
      '3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c',
    ),
    testImages: file(
      't10k-images-idx3-ubyte.gz',
      1648877,
      '8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6',
    ),
    testLabels: file(
      't10k-labels-idx1-ubyte.gz',
      4542,
      'f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6',
    ),
  },
};

export const FASHION_MNIST: Registry = {
  id: 'fashion-mnist',
  title: 'Fashion-MNIST articles of clothing',
  terms: 'MIT License, © 2017 Zalando SE',
  labelNames: [
    'T-shirt/top',
    'Trouser',
    'Pullover',
    'Dress',
    'Coat',
    'Sandal',
    'Shirt',
    'Sneaker',
    'Bag',
    'Ankle boot',
  ],
  mirrors: [
    'https://fashion-mnist.s3-website.eu-central-1.amazonaws.com/',
    'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/',
    'https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/',
  ],
  files: {
    trainImages: file(
      'train-images-idx3-ubyte.gz',
      26421880,
      '3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84',
    ),
    trainLabels: file(
      'train-labels-idx1-ubyte.gz',
      29515,
      'a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845',
    ),
    testImages: file(
      't10k-images-idx3-ubyte.gz',
      4422102,
      '346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073',
    ),
    testLabels: file(
      't10k-labels-idx1-ubyte.gz',
      5148,
      '67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5',
    ),
  },
};

function toImages(
  imageFile: string,
  imageBytes: Uint8Array,
  labelFile: string,
  labelBytes: Uint8Array,
): Images {
  const { shape, data } = parseIdx(imageBytes, imageFile);
  const labels = parseIdx(labelBytes, labelFile);
  if (shape.length !== 3) throw new Error(`${imageFile}: images have rank 3, got shape [${shape}]`);
  const [count, height, width] = shape as [number, number, number];
  if (labels.shape.length !== 1 || labels.shape[0] !== count)
    throw new Error(`${labelFile}: expected ${count} labels, got shape [${labels.shape}]`);
  return { count, width, height, channels: 1, pixels: data, labels: labels.data };
}

/**
 * Loads one of the two sets: from the search folders, or by download into the cache folder.
 * @throws Error naming the file and the rule, when a file is corrupt, or missing and not to be had.
 */
export async function loadMnistLike(
  registry: Registry,
  options: { dir?: string; validation: number; download: boolean },
): Promise<DataSet> {
  const folders = searchFolders(options.dir);
  const read = async (key: keyof Registry['files']): Promise<[string, Uint8Array]> => {
    const wanted = registry.files[key];
    let path = findFile(wanted, registry.id, folders);
    if (!path && !options.download)
      throw new Error(`${registry.id}: ${wanted.name} is in none of ${folders.join(', ')}`);
    path ??= await download(wanted, registry.mirrors, join(cacheFolder(), registry.id));
    return [path, readVerified(path, wanted)];
  };
  const [trainImages, trainLabels] = [await read('trainImages'), await read('trainLabels')];
  const [testImages, testLabels] = [await read('testImages'), await read('testLabels')];
  const training = toImages(...trainImages, ...trainLabels);
  const kept = training.count - options.validation;
  if (kept < 1)
    throw new Error(
      `${registry.id}: validation ${options.validation} leaves none of ${training.count} images to train on`,
    );
  return {
    id: registry.id,
    title: registry.title,
    terms: registry.terms,
    labelNames: registry.labelNames,
    train: sliceImages(training, 0, kept),
    validation: sliceImages(training, kept, training.count),
    test: toImages(...testImages, ...testLabels),
  };
}
