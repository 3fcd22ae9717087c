// Frey Face: 1965 video frames of one man's face, 28 rows of 20 pixels.
import type { DataSet, Images } from './data-set.ts';
import { type FindOptions, type IdxFile, loadIdx } from './idx-file.ts';
import { readMatrix } from './mat.ts';

const FILE: IdxFile = {
  name: 'frey-faces.idx3-ubyte.gz',
  sha256: 'c943677a3bcb83ed2de1207d4355c360cabfee597a538f9735ec3254886c365f',
  original: {
    url: 'https://cs.nyu.edu/~roweis/data/frey_rawface.mat',
    // `ff` is 560 × 1965, each column an image, row by row.
    toIdx(bytes) {
      const { shape, values } = readMatrix(bytes, 'ff');
      return { shape: [shape[1]!, 28, 20], data: Uint8Array.from(values) };
    },
  },
};

/** Frames of one block: at video speed a block is a moment, and its neighbours look like it. */
const BLOCK_FRAMES = 15;
/** Of every 11 blocks these are the test set: 24 of 131. */
const TEST_BLOCKS = [2, 7];

/** Frames are alike within moments, so whole blocks are held out; a frame drawn at random would be a near copy. */
export const isTestFrame = (frame: number): boolean =>
  TEST_BLOCKS.includes(Math.floor(frame / BLOCK_FRAMES) % 11);

/** 360 test frames in 24 blocks; the last `validation` of the other 1605 frames are the validation set. */
export async function loadFreyFace(options: FindOptions & { validation: number }): Promise<DataSet> {
  const { shape, data } = await loadIdx(FILE, 'frey-face', options);
  const [count, height, width] = shape as [number, number, number];
  const size = height * width;
  const frames = [...Array(count).keys()];
  const rest = frames.filter((frame) => !isTestFrame(frame));
  const kept = rest.length - options.validation;
  if (kept < 1)
    throw new Error(
      `frey-face: validation ${options.validation} leaves none of ${rest.length} frames to train on`,
    );
  const pick = (chosen: number[]): Images => {
    const pixels = new Uint8Array(chosen.length * size);
    for (const [i, frame] of chosen.entries())
      pixels.set(data.subarray(frame * size, (frame + 1) * size), i * size);
    return { count: chosen.length, width, height, channels: 1, pixels, block: BLOCK_FRAMES };
  };
  return {
    id: 'frey-face',
    title: 'Frey Face video frames',
    terms: 'none stated; distributed for research by Brendan Frey and Sam Roweis; shows a real person',
    train: pick(rest.slice(0, kept)),
    validation: pick(rest.slice(kept)),
    test: pick(frames.filter(isTestFrame)),
  };
}
