// A small picture enlarged without its pixels showing: cubic convolution (Keys 1981, a = −1/2), before any colour map, so
// that a map's bands follow the shapes.
import type { Image } from '../core/image/image.ts';

/** Weights of the four neighbours of a point at the share `t` between the second and the third. */
const weightsAt = (t: number): [number, number, number, number] => [
  ((-0.5 * t + 1) * t - 0.5) * t,
  (1.5 * t - 2.5) * t * t + 1,
  ((-1.5 * t + 2) * t + 0.5) * t,
  (0.5 * t - 0.5) * t * t,
];

/** Rows of `size` values, `stride` apart, made `factor` times as many; the edges repeat. */
function stretch(values: Float32Array, lines: number, size: number, factor: number): Float32Array {
  const out = new Float32Array(lines * size * factor);
  const taps = Array.from({ length: factor }, (_, i) => {
    const at = (i + 0.5) / factor - 0.5;
    const first = Math.floor(at) - 1;
    return { first, weights: weightsAt(at - Math.floor(at)) };
  });
  // Written transposed: what were lines are columns, for the other direction to come.
  for (let line = 0; line < lines; line++)
    for (let x = 0; x < size; x++)
      taps.forEach(({ first, weights }, i) => {
        let sum = 0;
        for (let k = 0; k < 4; k++)
          sum += weights[k]! * values[line * size + Math.min(size - 1, Math.max(0, x + first + k))]!;
        out[(x * factor + i) * lines + line] = sum;
      });
  return out;
}

/** Every pixel becomes a square of `factor` pixels that leans to its neighbours. */
export function smooth({ width, height, channels, pixels }: Image, factor: number): Image {
  const area = width * height;
  const out = new Uint8ClampedArray(area * factor * factor * channels);
  for (let c = 0; c < channels; c++) {
    const plane = Float32Array.from({ length: area }, (_, i) => pixels[i * channels + c]!);
    const wide = stretch(plane, height, width, factor);
    stretch(wide, width * factor, height, factor).forEach((value, i) => {
      out[i * channels + c] = value;
    });
  }
  return { width: width * factor, height: height * factor, channels, pixels: new Uint8Array(out.buffer) };
}
