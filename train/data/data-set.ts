// What every data set looks like once it is loaded.

/** Images of bytes, stored image by image as [channels, height, width]. */
export type Images = {
  count: number;
  width: number;
  height: number;
  channels: 1 | 3;
  pixels: Uint8Array;
  /** Class index of each image. */
  labels?: Uint8Array;
  /** 1 where people agree on the label, of a set whose labels are votes. */
  clear?: Uint8Array;
  /** Images in a row that are alike, as the frames of a moment are: errors of means are those of such blocks. */
  block?: number;
};

export type DataSet = {
  id: string;
  title: string;
  /** Terms of use, for the model card. */
  terms: string;
  labelNames?: string[];
  /** Tells sets of one id apart, whose pictures are somebody's own. */
  fingerprint?: string;
  /** The set that this one is a part of; features that images are compared by are learned on the whole. */
  whole?: DataSet;
  train: Images;
  /** Held out of the training files: for choosing checkpoints and settings. */
  validation: Images;
  /** Used by the final evaluation alone. */
  test: Images;
};

/** Images `start` to `end` of a set, sharing memory. */
export function sliceImages(images: Images, start: number, end: number): Images {
  const size = images.width * images.height * images.channels;
  return {
    ...images,
    count: end - start,
    pixels: images.pixels.subarray(start * size, end * size),
    ...(images.labels ? { labels: images.labels.subarray(start, end) } : {}),
    ...(images.clear ? { clear: images.clear.subarray(start, end) } : {}),
  };
}

/** The images of `indices`, in that order; blocks, if there are any, are lost. */
export function pickImages(images: Images, indices: ArrayLike<number>): Images {
  const gather = (bytes: Uint8Array) => {
    const size = bytes.length / images.count;
    const out = new Uint8Array(indices.length * size);
    for (let i = 0; i < indices.length; i++)
      out.set(bytes.subarray(indices[i]! * size, (indices[i]! + 1) * size), i * size);
    return out;
  };
  const { block: _, ...apart } = images;
  return {
    ...apart,
    count: indices.length,
    pixels: gather(images.pixels),
    ...(images.labels ? { labels: gather(images.labels) } : {}),
    ...(images.clear ? { clear: gather(images.clear) } : {}),
  };
}

/** The images that `keep` keeps, in their order. */
export const selectImages = (images: Images, keep: (image: number) => boolean): Images =>
  pickImages(images, [...Array(images.count).keys()].filter(keep));

/** Mean of every pixel over a set, 0…1, [channels · height · width]. */
export function pixelMeans({ count, pixels }: Images): Float32Array {
  const size = pixels.length / count;
  const sums = new Float64Array(size);
  for (let i = 0; i < pixels.length; i++) sums[i % size]! += pixels[i]!;
  return Float32Array.from(sums, (sum) => sum / (255 * count));
}
