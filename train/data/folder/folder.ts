// Somebody's own pictures as a data set: every PNG, JPEG and WebP below a folder, labelled by the sub-folder it is in.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, resolve, sep } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { writeAtomically } from '../../io/files.ts';
import { type DataSet, type Images, selectImages } from '../data-set.ts';
import { cacheFolder, searchFolders, sha256 } from '../files.ts';
import { encodeIdx, parseIdx } from '../idx.ts';
import { readPicture } from './read-picture.ts';
import { type Part, splitNames } from './split.ts';

/** `folder:PATH`, as a recipe says it. */
export const FOLDER = 'folder:';

/** On a card, which strangers read: the last name of the path alone. */
export const publicName = (dataset: string): string =>
  dataset.startsWith(FOLDER) ? `${FOLDER}${basename(resolve(dataset.slice(FOLDER.length)))}` : dataset;

export type FolderSettings = {
  /** Width and height that every picture is brought to. */
  size: number;
  /** `grey` or `colour`. */
  colour: string;
  /** One of `CROPS`. */
  crop: string;
};

const PICTURE = /\.(png|jpe?g|webp)$/i;
/** Fewer leave too few for validation and test. */
const LEAST = 20;
const MOST_LABELS = 256;

type Found = { name: string; path: string };

/** @throws Error naming the places that were looked at. */
function findFolder(path: string, dir: string | undefined): string {
  const places = [resolve(path), ...searchFolders(dir).map((folder) => join(folder, path))];
  const found = places.find((place) => existsSync(place) && statSync(place).isDirectory());
  if (!found) throw new Error(`${FOLDER}${path}: there is no folder ${places.join(' or ')}`);
  return found;
}

/** Pictures below a folder by their names in it, with `/` on every system; files of the same bytes once. */
function findPictures(folder: string): Found[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => PICTURE.test(name) && !basename(name).startsWith('.'))
    .map((name) => name.split(sep).join('/'))
    .sort();
  const seen = new Set<string>();
  return names.flatMap((name) => {
    const path = join(folder, name);
    if (!statSync(path).isFile()) return [];
    const hash = sha256(readFileSync(path));
    // A copy could stand on both sides of the split.
    if (seen.has(hash)) return [];
    seen.add(hash);
    return [{ name, path }];
  });
}

/** First parts of the names, where every picture lies in a sub-folder. @throws Error when there are too many. */
function labelsOf(names: readonly string[], where: string) {
  if (!names.every((name) => name.includes('/'))) return undefined;
  const own = names.map((name) => name.split('/')[0]!);
  const labelNames = [...new Set(own)].sort();
  if (labelNames.length > MOST_LABELS)
    throw new Error(`${where}: ${labelNames.length} sub-folders are labels; at most ${MOST_LABELS} can be`);
  return { labelNames, labels: Uint8Array.from(own, (label) => labelNames.indexOf(label)) };
}

/** All pictures in one array: made once for each state of the folder, then kept in the cache folder. */
async function pixelsOf(found: readonly Found[], settings: FolderSettings): Promise<Uint8Array> {
  const { size, colour, crop } = settings;
  const target = { width: size, height: size, channels: colour === 'grey' ? 1 : 3 } as const;
  const state = found.map(({ path }) => [path, statSync(path).size, statSync(path).mtimeMs]);
  const key = sha256(Buffer.from(JSON.stringify([target, crop, state]))).slice(0, 32);
  const kept = join(cacheFolder(), 'folders', `${key}.idx4-ubyte.gz`);
  if (existsSync(kept)) return parseIdx(gunzipSync(readFileSync(kept)), kept).data;
  const length = target.channels * size * size;
  const data = new Uint8Array(found.length * length);
  for (const [i, { path }] of found.entries()) {
    try {
      data.set(await readPicture(readFileSync(path), target, crop), i * length);
    } catch (error) {
      throw new Error(`${path}: ${(error as Error).message}; mend it or take it out of the folder`, {
        cause: error,
      });
    }
  }
  writeAtomically(kept, gzipSync(encodeIdx({ shape: [found.length, target.channels, size, size], data })));
  return data;
}

/**
 * The pictures of `folder:PATH`; PATH is a folder as it stands, or in one of those that are searched for data. A tenth of
 * them, by a hash of their names, is for test and another, `validation` at most, for validation.
 * @throws Error naming the folder that is not there or has too few pictures, or the file that cannot be read.
 */
export async function loadFolder(
  dataset: string,
  settings: FolderSettings,
  { dir, validation }: { dir?: string; validation: number },
): Promise<DataSet> {
  const path = dataset.slice(FOLDER.length);
  const folder = findFolder(path, dir);
  const found = findPictures(folder);
  if (found.length < LEAST)
    throw new Error(`${folder}: ${found.length} pictures (PNG, JPEG, WebP); ${LEAST} or more are needed`);
  const names = found.map(({ name }) => name);
  const labelled = labelsOf(names, folder);
  const pixels = await pixelsOf(found, settings);
  const all: Images = {
    count: found.length,
    width: settings.size,
    height: settings.size,
    channels: settings.colour === 'grey' ? 1 : 3,
    pixels,
    ...(labelled ? { labels: labelled.labels } : {}),
  };
  const parts = splitNames(names, validation);
  const of = (part: Part) => selectImages(all, (i) => parts[i] === part);
  const id = publicName(dataset);
  return {
    id,
    title: `own pictures, ${id.slice(FOLDER.length)}`,
    terms: 'not stated',
    fingerprint: sha256(Buffer.concat([pixels, labelled?.labels ?? Buffer.alloc(0)])).slice(0, 16),
    ...(labelled ? { labelNames: labelled.labelNames } : {}),
    train: of('train'),
    validation: of('validation'),
    test: of('test'),
  };
}
