// From pictures of any size to what a model takes: area averaging, row by row, so that nothing but sums is held.

import type { Image } from './image.ts';
import { type Picture, pictureOf } from './picture.ts';

export type Target = { width: number; height: number; channels: 1 | 3 };

/**
 * Source cells that each target cell covers: those from `first` to before `last`, with the weights that the first,
 * the last and every one between them have in the mean.
 */
type Cover = { first: number; last: number; head: number; tail: number; inner: number };

/** `count` target cells over the source cells from `from` to before `from + length`. */
function coversOf(from: number, length: number, count: number): Cover[] {
  return Array.from({ length: count }, (_, i) => {
    const start = from + (i * length) / count;
    const end = from + ((i + 1) * length) / count;
    const first = Math.floor(start);
    const last = Math.min(from + length, Math.ceil(end));
    const weight = (at: number) => (Math.min(end, at + 1) - Math.max(start, at)) / (end - start);
    return { first, last, head: weight(first), tail: weight(last - 1), inner: 1 / (end - start) };
  });
}

const weightIn = ({ first, last, head, tail, inner }: Cover, at: number): number =>
  at === first ? head : at === last - 1 ? tail : inner;

/** The largest part in the middle of a picture that has the proportions of the target. */
function middle({ width, height }: Picture, target: Target) {
  const wide = Math.max(1, Math.min(width, Math.round((height * target.width) / target.height)));
  const high = Math.max(1, Math.min(height, Math.round((width * target.height) / target.width)));
  return { x: (width - wide) >> 1, y: (height - high) >> 1, width: wide, height: high };
}

/** One row of the source, as means over the columns of the target, [target.channels · target.width]. */
function averageRow(
  row: Uint8Array,
  channels: 1 | 3,
  columns: readonly Cover[],
  target: Target,
  out: Float64Array,
) {
  const grey = channels === 1;
  columns.forEach((column, x) => {
    let [red, green, blue] = [0, 0, 0];
    for (let at = column.first; at < column.last; at++) {
      const weight = weightIn(column, at);
      red += weight * row[channels * at]!;
      if (grey) continue;
      green += weight * row[3 * at + 1]!;
      blue += weight * row[3 * at + 2]!;
    }
    if (target.channels === 1) out[x] = grey ? red : (299 * red + 587 * green + 114 * blue) / 1000;
    else {
      out[x] = red;
      out[columns.length + x] = grey ? red : green;
      out[2 * columns.length + x] = grey ? red : blue;
    }
  });
}

/**
 * A picture as a model takes it: resized by area averaging, colours joined (ITU-R BT.601 luma) or repeated,
 * 0…1, [channels, height, width]. `fit`: 'fill' stretches the whole of it, 'cover' takes its middle undistorted.
 */
export function toModelInput(
  source: Picture | Image,
  target: Target,
  fit: 'fill' | 'cover' = 'fill',
): Float32Array {
  const picture = 'rows' in source ? source : pictureOf(source);
  const { width, height } = picture;
  const part = fit === 'cover' ? middle(picture, target) : { x: 0, y: 0, width, height };
  const columns = coversOf(part.x, part.width, target.width);
  const rows = coversOf(part.y, part.height, target.height);
  const area = target.width * target.height;
  const sums = new Float64Array(area * target.channels);
  const means = new Float64Array(target.width * target.channels);
  let y = 0;
  // Target rows end in the order they begin: those before `done` need nothing more.
  let done = 0;
  picture.rows((row) => {
    if (y >= part.y && y < part.y + part.height) {
      averageRow(row, picture.channels, columns, target, means);
      for (let i = done; i < rows.length && rows[i]!.first <= y; i++) {
        if (y >= rows[i]!.last) continue;
        const weight = weightIn(rows[i]!, y);
        for (let c = 0; c < target.channels; c++)
          for (let x = 0, to = c * area + i * target.width; x < target.width; x++)
            sums[to + x]! += weight * means[c * target.width + x]!;
      }
      while (done < rows.length && rows[done]!.last <= y + 1) done += 1;
    }
    y += 1;
  });
  return Float32Array.from(sums, (sum) => sum / 255);
}
