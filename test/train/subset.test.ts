// Parts of test sets: drawn by chance, alike for every model, with labels and rows, in whole blocks.
import { expect, test } from 'vitest';
import type { Images } from '../../train/data/data-set.ts';
import { loadDataSet } from '../../train/data/registry.ts';
import { drawnImages, drawnRows, testSplit } from '../../train/data/subset.ts';

/** Images of two pixels that say which they are, sorted by class as files may be. */
const sorted = (count: number): Images => ({
  count,
  width: 2,
  height: 1,
  channels: 1,
  pixels: Uint8Array.from({ length: 2 * count }, (_, i) => (i % 2 ? (i >> 1) & 255 : i >> 9)),
  labels: Uint8Array.from({ length: count }, (_, i) => Math.floor((10 * i) / count)),
});
const indexOf = ({ pixels }: Images, i: number) => 256 * pixels[2 * i]! + pixels[2 * i + 1]!;

/** The largest distance of the share of a class from that in all images, in standard errors. */
function farthest(drawn: Images, all: Images): number {
  const count = (labels: Uint8Array, label: number) => labels.filter((one) => one === label).length;
  return Math.max(
    ...Array.from({ length: 10 }, (_, label) => {
      const share = count(all.labels!, label) / all.count;
      const error = Math.sqrt((share * (1 - share)) / drawn.count);
      return Math.abs(count(drawn.labels!, label) / drawn.count - share) / error;
    }),
  );
}

test('a part of a sorted set has the classes of all of it, no image twice, each with its own label', () => {
  const all = sorted(10_000);
  const drawn = drawnImages(all, 1000);
  const indices = Array.from({ length: 1000 }, (_, i) => indexOf(drawn, i));
  expect([drawn.count, new Set(indices).size]).toEqual([1000, 1000]);
  expect(farthest(drawn, all)).toBeLessThan(4);
  expect(Array.from(drawn.labels!)).toEqual(indices.map((i) => all.labels![i]));
  // For ever: figures of other images do not compare.
  expect(indices.slice(0, 5)).toEqual([2452, 9052, 6629, 254, 298]);
});

test('rows of a part are those of its images; a smaller part is the beginning of a larger one', () => {
  const all = sorted(500);
  const rows = Float32Array.from({ length: 1500 }, (_, i) => Math.floor(i / 3));
  const drawn = drawnImages(all, 100);
  expect(Array.from(drawnRows(rows, all, 100).filter((_, i) => i % 3 === 2))).toEqual(
    Array.from({ length: 100 }, (_, i) => indexOf(drawn, i)),
  );
  expect(Array.from(drawnImages(all, 200).pixels.subarray(0, 200))).toEqual(Array.from(drawn.pixels));
});

test('a set that has no more images than are asked for is whole, in its own order', () => {
  const all = sorted(50);
  const rows = new Float32Array(50);
  for (const count of [50, 51]) {
    expect(drawnImages(all, count)).toBe(all);
    expect(drawnRows(rows, all, count)).toBe(rows);
    expect(testSplit(all, count)).toBe('test, 50 images');
  }
  expect(testSplit(all, 49)).toBe("test, 49 images drawn by chance, seed 'test-subset'");
});

test('images of a block are drawn together, and stay a block', () => {
  const drawn = drawnImages({ ...sorted(60), block: 15 }, 30);
  const firsts = [0, 15].map((i) => indexOf(drawn, i));
  expect(drawn.block).toBe(15);
  expect(firsts.map((first) => first % 15)).toEqual([0, 0]);
  expect(Array.from({ length: 30 }, (_, i) => indexOf(drawn, i))).toEqual(
    firsts.flatMap((first) => Array.from({ length: 15 }, (_, i) => first + i)),
  );
});

test.skipIf(!process.env.DREAMLET_DATA)(
  'a part of real test images is like all of them in classes and in ink (needs DREAMLET_DATA)',
  async () => {
    for (const id of ['mnist', 'fashion-mnist'] as const) {
      const { test: all } = await loadDataSet(id, { validation: 100, download: false });
      const drawn = drawnImages(all, 1000);
      expect(farthest(drawn, all), id).toBeLessThan(4);
      const ink = ({ pixels }: Images) => pixels.reduce((sum, byte) => sum + byte, 0) / pixels.length;
      // Three standard errors of a thousand; MNIST's first are 6 % lighter.
      expect(Math.abs(ink(drawn) / ink(all) - 1), id).toBeLessThan(0.05);
    }
  },
);
