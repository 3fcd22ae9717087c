// The lines of a PNG as they were before they were filtered (W3C PNG, third edition, 9), and the passes that an
// interlaced picture comes in (8.1).
import { Unreadable } from '../../unreadable.ts';
import { createInflate } from '../deflate/inflate.ts';
import { failPng, type PngFile } from './chunks.ts';

/** Where the pixels of a pass lie: the first one, and the steps to the next. */
export type Pass = { x: number; y: number; dx: number; dy: number };

const WHOLE: readonly Pass[] = [{ x: 0, y: 0, dx: 1, dy: 1 }];
const ADAM7: readonly Pass[] = [
  { x: 0, y: 0, dx: 8, dy: 8 },
  { x: 4, y: 0, dx: 8, dy: 8 },
  { x: 0, y: 4, dx: 4, dy: 8 },
  { x: 2, y: 0, dx: 4, dy: 4 },
  { x: 0, y: 2, dx: 2, dy: 4 },
  { x: 1, y: 0, dx: 2, dy: 2 },
  { x: 0, y: 1, dx: 1, dy: 2 },
];

/** Undoes filter `filter` of `line`; both lines have `step` zeros before their first byte. */
function unfilter(filter: number, line: Uint8Array, above: Uint8Array, step: number): void {
  const end = line.length;
  if (filter === 1) for (let i = step; i < end; i++) line[i]! += line[i - step]!;
  else if (filter === 2) for (let i = step; i < end; i++) line[i]! += above[i]!;
  else if (filter === 3) for (let i = step; i < end; i++) line[i]! += (line[i - step]! + above[i]!) >> 1;
  else if (filter === 4)
    for (let i = step; i < end; i++) {
      const [left, up, corner] = [line[i - step]!, above[i]!, above[i - step]!];
      const toLeft = Math.abs(up - corner);
      const toUp = Math.abs(left - corner);
      const toCorner = Math.abs(left + up - 2 * corner);
      line[i]! += toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
    }
  else if (filter !== 0) failPng(`damaged: filter ${filter} does not exist`);
}

/** What the decompressor says of the data, as a fault of the file. */
function orDamaged<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    throw new Unreadable(error.message.replace(/^deflate: /, 'png: damaged: '), error);
  }
}

/**
 * Hands over every line of every pass: its bytes, the pixels in it, its pass and the row of the picture it belongs to.
 * The bytes hold until the next one. @throws Error when the data are damaged or end too early.
 */
export function readLines(
  { width, height, depth, samples, interlaced, data }: PngFile,
  give: (line: Uint8Array, pixels: number, pass: Pass, y: number) => void,
): void {
  const bitsPerPixel = depth * samples;
  const bytesFor = (pixels: number) => Math.ceil((pixels * bitsPerPixel) / 8);
  const step = Math.max(1, bitsPerPixel >> 3);
  const inflate = orDamaged(() => createInflate(data, bytesFor(width) + 1));
  let rows = 0;
  for (const pass of interlaced ? ADAM7 : WHOLE) {
    const pixels = Math.ceil((width - pass.x) / pass.dx);
    if (pixels <= 0) continue;
    let line = new Uint8Array(step + bytesFor(pixels));
    let above = new Uint8Array(line.length);
    for (let y = pass.y; y < height; y += pass.dy) {
      const filtered = orDamaged(() => inflate.take(line.length - step + 1));
      if (filtered.length <= line.length - step)
        failPng(`the data end in line ${rows + 1}, too early for ${width}×${height} pixels`);
      line.set(filtered.subarray(1), step);
      unfilter(filtered[0]!, line, above, step);
      give(line.subarray(step), pixels, pass, y);
      [line, above] = [above, line];
      rows += 1;
    }
  }
  // What comes after the last line is left unread, as browsers do.
  if (orDamaged(inflate.end) === 'wrong checksum') failPng('damaged: the checksum of the pixels is wrong');
}
