// The data sets by name.
import { loadBinarisedMnist } from './binarised-mnist.ts';
import { loadCifar10 } from './cifar.ts';
import type { DataSet } from './data-set.ts';
import { loadEmoji, loadEmojiPeople } from './emoji/emoji.ts';
import { loadFer, loadOlivetti } from './faces.ts';
import { requireDataFolders } from './files.ts';
import { FOLDER, type FolderSettings, loadFolder } from './folder/folder.ts';
import { loadFreyFace } from './frey-face.ts';
import { loadGlyphs } from './glyphs.ts';
import { FASHION_MNIST, loadMnistLike, MNIST } from './mnist.ts';

type LoadOptions = {
  /** Searched first; then DREAMLET_DATA, ./data and the cache folder. */
  dir?: string;
  /** Images held out for validation: the last ones of the training files, or the first ones of a set's own. */
  validation: number;
  /** Whether missing files may be downloaded. */
  download: boolean;
};

const LOADERS = {
  mnist: (options: LoadOptions) => loadMnistLike(MNIST, options),
  'fashion-mnist': (options: LoadOptions) => loadMnistLike(FASHION_MNIST, options),
  'mnist-binarized': loadBinarisedMnist,
  'frey-face': loadFreyFace,
  fer: loadFer,
  olivetti: loadOlivetti,
  cifar10: loadCifar10,
  emoji: (options: LoadOptions) => loadEmoji(32, options),
  'emoji-people': loadEmojiPeople,
  'emoji-48': (options: LoadOptions) => loadEmoji(48, options),
  glyphs: loadGlyphs,
} satisfies Record<string, (options: LoadOptions) => Promise<DataSet>>;

export const DATA_SETS = Object.keys(LOADERS) as DataSetId[];
export type DataSetId = keyof typeof LOADERS;

/** @throws Error naming a folder that was given and is not there; or what a data set lacks, or has that is not right. */
export async function loadDataSet(id: DataSetId, options: LoadOptions): Promise<DataSet> {
  requireDataFolders(options.dir);
  return LOADERS[id](options);
}

/** What a recipe or a card says of its data. */
type DataSettings = { dataset: string; validation: number } & Partial<FolderSettings>;

/** The data set of a recipe: one of the registry, or own pictures (`folder:PATH`), brought to what it says. */
export const loadFor = (
  { dataset, validation, size = 32, colour = 'colour', crop = 'middle' }: DataSettings,
  options: Omit<LoadOptions, 'validation'>,
): Promise<DataSet> =>
  dataset.startsWith(FOLDER)
    ? loadFolder(dataset, { size, colour, crop }, { ...options, validation })
    : loadDataSet(dataset as DataSetId, { ...options, validation });
