// MNIST, each pixel drawn once for all (Larochelle & Murray 2011): the fixed binarisation of the literature.
import { shuffled } from './batches.ts';
import { type DataSet, type Images, pickImages, sliceImages } from './data-set.ts';
import type { Idx } from './idx.ts';
import { type FindOptions, type IdxFile, loadIdx } from './idx-file.ts';

const ORIGINAL = 'http://www.cs.toronto.edu/~larocheh/public/datasets/binarized_mnist/binarized_mnist_';
const [ZERO, ONE] = [48, 49];

/** The original files are text: one image a line, 0 and 1 with spaces between. */
export function parseAmat(text: Uint8Array): Idx {
  const data = text.filter((code) => code === ZERO || code === ONE).map((code) => code - ZERO);
  return { shape: [data.length / 784, 28, 28], data };
}

const file = (split: string, sha256: string): IdxFile => ({
  name: `${split}-images.idx3-ubyte.gz`,
  sha256,
  original: { url: `${ORIGINAL}${split}.amat`, toIdx: parseAmat },
});

const FILES = {
  train: file('train', '0eae7dff54784fdce12433da8ed5d8549d4676c91740d78aa0b18fa99a8b96f2'),
  validation: file('valid', '1b017d51bf2733a6cbde62f26dd36be91c88ab4e95f8de9cdafadcb26fe9a852'),
  test: file('test', '491785121c5ff9ffb073809cd7c755a241b9e04052f1cf2ec7c9608a9346e097'),
};

/**
 * 50,000 + 10,000 + 10,000 images of bytes 0 and 255, so that every variant gives the same values. The validation
 * set is the standard one: its first `validation` images; what it leaves is not trained on. The test images are dealt in an
 * order of our own: in their files they are sorted by digit, and the first of them would be zeros.
 */
export async function loadBinarisedMnist(options: FindOptions & { validation: number }): Promise<DataSet> {
  const load = async (key: keyof typeof FILES): Promise<Images> => {
    const { shape, data } = await loadIdx(FILES[key], 'mnist-binarized', options);
    const [count, height, width] = shape as [number, number, number];
    return { count, width, height, channels: 1, pixels: data.map((bit) => 255 * bit) };
  };
  const [validation, test] = [await load('validation'), await load('test')];
  return {
    id: 'mnist-binarized',
    title: 'MNIST handwritten digits, fixed binarisation',
    terms: 'none stated; derived from MNIST (Creative Commons Attribution-ShareAlike 3.0)',
    train: await load('train'),
    validation: sliceImages(validation, 0, Math.min(options.validation, validation.count)),
    test: pickImages(test, shuffled(test.count, 'mnist-binarized', 0)),
  };
}
