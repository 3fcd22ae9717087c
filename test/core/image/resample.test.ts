// Area averaging row by row, against the definition: the mean of the source over each target cell.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toModelInput } from '../../../core/image/resample.ts';

const overlap = (i: number, from: number, to: number, at: number): number =>
  Math.max(0, Math.min(((i + 1) * from) / to, at + 1) - Math.max((i * from) / to, at)) / (from / to);

test('every cell is the mean of what it covers', () => {
  const side = fc.integer({ min: 1, max: 9 });
  fc.assert(
    fc.property(
      side,
      side,
      side,
      side,
      fc.infiniteStream(fc.nat(255)),
      (width, height, across, down, bytes) => {
        const pixels = Uint8Array.from({ length: width * height }, () => bytes.next().value!);
        const input = toModelInput(
          { width, height, channels: 1, pixels },
          { width: across, height: down, channels: 1 },
        );
        for (let y = 0; y < down; y++)
          for (let x = 0; x < across; x++) {
            let sum = 0;
            for (let v = 0; v < height; v++)
              for (let u = 0; u < width; u++)
                sum += overlap(y, height, down, v) * overlap(x, width, across, u) * pixels[v * width + u]!;
            expect(input[y * across + x]).toBeCloseTo(sum / 255, 5);
          }
      },
    ),
    { numRuns: 60 },
  );
});

test('colours are joined or repeated, and a photograph keeps its proportions', () => {
  const rgb = { width: 1, height: 1, channels: 3 as const, pixels: Uint8Array.of(255, 0, 51) };
  expect([...toModelInput(rgb, { width: 1, height: 1, channels: 3 })]).toEqual([1, 0, Math.fround(0.2)]);
  const grey = { width: 4, height: 1, channels: 1 as const, pixels: Uint8Array.of(0, 51, 255, 0) };
  const square = { width: 1, height: 1, channels: 3 as const };
  expect([...toModelInput(grey, square, 'cover')]).toEqual(Array(3).fill(Math.fround(0.2)));
  expect(toModelInput(grey, square)[0]).toBeCloseTo(0.3, 6);
});
