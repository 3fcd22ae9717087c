// Warped images: where their pixels come from.
import { expect, test } from 'vitest';
import { createStream } from '../../core/sampling/stream.ts';
import { semiSupervisedBatches } from '../../train/data/semi-supervised-batches.ts';
import { warp } from '../../train/data/warp.ts';

const image = { width: 9, height: 9, channels: 3 } as const;
const size = 81;
const blank = () => new Float32Array(3 * size);
const spot = blank();
spot.fill(0.5, size);
spot[4 * 9 + 4] = 1;

/** A stream of the numbers given, in turn, and then of what changes nothing. */
const of = (...numbers: number[]) => ({ ...createStream('a'), uniform: () => numbers.shift() ?? 0.5 });
const MIDDLE = [0.5, 0.5, 0.5, 0.5];

test('no change where all is in the middle, and shifts and turns by what they say', () => {
  expect(warp(spot, image, of(...MIDDLE, 0.5, 0.5))).toEqual(spot);
  // A shift of a half of 9 / 14 of a pixel to the right: the spot is shared by two pixels.
  const moved = warp(spot, image, of(...MIDDLE, 0.75, 0.5));
  const share = 9 / 28;
  expect(moved[4 * 9 + 4]).toBeCloseTo(1 - share, 6);
  expect(moved[4 * 9 + 5]).toBeCloseTo(share, 6);
  // A grey plane comes from outside at its left edge alone.
  expect(moved[size + 40]).toBeCloseTo(0.5, 6);
  expect(moved[size + 36]).toBeCloseTo(0.5 * (1 - share), 6);
  // Turned by the most, 15°, what was four pixels above the middle is to its left.
  const above = blank();
  above[4] = 1;
  const turned = warp(above, image, of(1, 0.5, 0.5, 0.5, 0.5, 0.5));
  const centre = (values: Float32Array, along: (p: number) => number) => {
    const total = values.reduce((sum, value) => sum + value, 0);
    return values.reduce((sum, value, p) => sum + value * along(p), 0) / total;
  };
  expect(centre(turned.subarray(0, size), (p) => (p % 9) - 4)).toBeCloseTo(-4 * Math.sin(Math.PI / 12), 1);
  // Stretched sideways by the most, e^0.15.
  const side = blank();
  side[4 * 9 + 6] = 1;
  const wide = warp(side, image, of(0.5, 0.5, 1, 0.5, 0.5, 0.5));
  expect(centre(wide.subarray(0, size), (p) => (p % 9) - 4)).toBeCloseTo(2 * Math.exp(0.15), 1);
  // Upwards likewise, and sheared by the most, 0.2: two pixels below the middle, it is 0.4 to the left.
  const below = blank();
  below[6 * 9 + 4] = 1;
  const tall = warp(below, image, of(0.5, 0.5, 0.5, 1, 0.5, 0.5));
  expect(centre(tall.subarray(0, size), (p) => Math.floor(p / 9) - 4)).toBeCloseTo(2 * Math.exp(0.15), 1);
  const leaning = warp(below, image, of(0.5, 1, 0.5, 0.5, 0.5, 0.5));
  expect(centre(leaning.subarray(0, size), (p) => (p % 9) - 4)).toBeCloseTo(-0.4, 2);
});

test('a bend moves what is near its node, and fades towards the next', () => {
  // The node in the middle of 5 × 5, of a 9 × 9 image, is its middle pixel; the most is 27 / 28 of a pixel.
  const numbers = Array<number>(6 + 2 * 12).fill(0.5);
  const grey = blank().fill(0.5, size);
  const line = Float32Array.from(grey, (value, i) => (i < size ? Number(i % 9 === 4) : value));
  const bent = warp(line, image, of(...numbers, 1));
  const at = (x: number, y: number) => bent[9 * y + x];
  const most = 27 / 28;
  expect([at(3, 4), at(4, 4)]).toEqual([expect.closeTo(most / 2, 6), expect.closeTo(1 - most, 6)]);
  expect([at(4, 3), at(4, 2), at(4, 6)]).toEqual([expect.closeTo(1 - most / 2, 6), 1, 1]);
});

test('batches of few labels feed warped images beside those as they are, and labelled ones warped', () => {
  const images = (count: number) => ({
    count,
    width: 9,
    height: 9,
    channels: 1 as const,
    pixels: new Uint8Array(81 * count).map((_, i) => (i * 7919) % 256),
    labels: new Uint8Array(count).map((_, i) => i % 2),
  });
  const options = { batchSize: 4, labelledBatch: 2, classes: 2, variant: 'grey', seed: 'a' } as const;
  const batchOf = (warped: boolean) =>
    [...semiSupervisedBatches(images(4), images(2), { ...options, warped }).of(0)][0]!;
  const [plain, moved] = [batchOf(false), batchOf(true)];
  expect(Object.keys(plain)).toEqual(['x', 'labelled', 'labels']);
  const [x, labelled] = [plain.x as Float32Array, plain.labelled as Float32Array];
  const stream = createStream('a', 'warp', 0);
  const grey = { width: 9, height: 9, channels: 1 } as const;
  const known = warp(labelled, grey, stream);
  expect(moved).toEqual({ x, moved: warp(x, grey, stream), labelled: known, labels: plain.labels });
});

test('images are warped each by numbers of its own, the same for the same stream', () => {
  const two = new Float32Array([...spot, ...spot]);
  const once = warp(two, image, createStream('b'));
  expect(once).toEqual(warp(two, image, createStream('b')));
  expect(once.subarray(0, 3 * size)).not.toEqual(once.subarray(3 * size));
  expect(Math.max(...once)).toBeLessThanOrEqual(1);
});
