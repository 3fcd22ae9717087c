// Small changes of place and shape that leave an image what it is: turned, stretched, sheared and moved by chance.
import type { Stream } from '../../core/sampling/stream.ts';
import type { ImageShape } from '../model.ts';

/** The largest turn in radians, the logarithm of the largest stretch of either axis, the largest shear and the largest shift, of a side. */
const TURN = Math.PI / 12;
const STRETCH = 0.15;
const SHEAR = 0.2;
const SHIFT = 1 / 14;

/**
 * Each of `images` ([count, channels, height, width]) under an affine map of its own, all of whose parts are uniform up to
 * the largest; between pixels by bilinear interpolation, 0 from outside. Takes six numbers of `stream` for an image.
 */
export function warp(images: Float32Array, shape: ImageShape, stream: Stream): Float32Array {
  const { width, height, channels } = shape;
  const size = width * height;
  const warped = new Float32Array(images.length);
  const within = (largest: number) => largest * (2 * stream.uniform() - 1);
  const [midX, midY] = [(width - 1) / 2, (height - 1) / 2];
  for (let start = 0; start < images.length; start += channels * size) {
    const [turn, shear] = [within(TURN), within(SHEAR)];
    const [stretchX, stretchY] = [Math.exp(within(STRETCH)), Math.exp(within(STRETCH))];
    const [shiftX, shiftY] = [within(SHIFT * width), within(SHIFT * height)];
    const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const [dx, dy] = [x - midX - shiftX, y - midY - shiftY];
        const fromX = (cos * dx + (shear - sin) * dy) / stretchX + midX;
        const fromY = (sin * dx + cos * dy) / stretchY + midY;
        const [left, top] = [Math.floor(fromX), Math.floor(fromY)];
        const [right, down] = [fromX - left, fromY - top];
        for (let c = 0; c < channels; c++) {
          const plane = start + c * size;
          const at = (column: number, row: number) =>
            column < 0 || column >= width || row < 0 || row >= height
              ? 0
              : images[plane + row * width + column]!;
          warped[plane + y * width + x] =
            (1 - down) * ((1 - right) * at(left, top) + right * at(left + 1, top)) +
            down * ((1 - right) * at(left, top + 1) + right * at(left + 1, top + 1));
        }
      }
  }
  return warped;
}
