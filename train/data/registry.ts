// The data sets by name.
import type { DataSet } from './data-set.ts';
import { loadGlyphs } from './glyphs.ts';
import { FASHION_MNIST, loadMnistLike, MNIST } from './mnist.ts';

type LoadOptions = {
  /** Searched first; then DREAMLET_DATA, ./data and the cache folder. */
  dir?: string;
  /** Images held out of the training files for validation: the last ones. */
  validation: number;
  /** Whether missing files may be downloaded. */
  download: boolean;
};

const LOADERS = {
  mnist: (options: LoadOptions) => loadMnistLike(MNIST, options),
  'fashion-mnist': (options: LoadOptions) => loadMnistLike(FASHION_MNIST, options),
  glyphs: loadGlyphs,
} satisfies Record<string, (options: LoadOptions) => Promise<DataSet>>;

export const DATA_SETS = Object.keys(LOADERS) as DataSetId[];
export type DataSetId = keyof typeof LOADERS;

export const loadDataSet = (id: DataSetId, options: LoadOptions): Promise<DataSet> => LOADERS[id](options);
