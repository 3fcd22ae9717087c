// Images and labels as rows that compiled functions are fed.
import type { RowSource } from '../runner/rows.ts';
import type { Images } from './data-set.ts';
import { oneHot } from './labels.ts';

/** Grey levels in 0…1, rows [channels, height, width], as people send them. */
export function imageRows({ pixels, width, height, channels }: Images): RowSource {
  const size = width * height * channels;
  return {
    shape: [channels, height, width],
    fill(start, out) {
      pixels.subarray(start * size, start * size + out.length).forEach((value, i) => {
        out[i] = value / 255;
      });
    },
  };
}

/** One-hot rows [classes]. */
export const labelRows = (labels: Uint8Array, classes: number): RowSource => ({
  shape: [classes],
  fill: (start, out) => out.set(oneHot(labels, start, out.length / classes, classes)),
});
