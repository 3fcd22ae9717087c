// Small changes of place and shape that leave an image what it is: turned, stretched, sheared, moved and bent by chance.
import type { Stream } from '../../core/sampling/stream.ts';
import type { ImageShape } from '../model.ts';

/** The largest turn in radians, the logarithm of the largest stretch of either axis, the largest shear and the largest shift, of a side. */
const TURN = Math.PI / 12;
const STRETCH = 0.15;
const SHEAR = 0.2;
const SHIFT = 1 / 14;
/** The image bends between nodes, so many along a side, each moved by so much of a side at the most. */
const NODES = 5;
const BEND = 3 / 28;

/**
 * Each of `images` ([count, channels, height, width]) under an affine map of its own and a bend, all of whose parts are uniform
 * up to the largest; between pixels and between nodes by bilinear interpolation, 0 from outside. Takes 56 numbers of
 * `stream` for an image.
 */
export function warp(images: Float32Array, shape: ImageShape, stream: Stream): Float32Array {
  const { width, height, channels } = shape;
  const size = width * height;
  const warped = new Float32Array(images.length);
  const bends = [new Float64Array(NODES ** 2), new Float64Array(NODES ** 2)] as const;
  const row = [new Float64Array(NODES), new Float64Array(NODES)] as const;
  const within = (largest: number) => largest * (2 * stream.uniform() - 1);
  const [midX, midY] = [(width - 1) / 2, (height - 1) / 2];
  for (let start = 0; start < images.length; start += channels * size) {
    const [turn, shear] = [within(TURN), within(SHEAR)];
    const [stretchX, stretchY] = [Math.exp(within(STRETCH)), Math.exp(within(STRETCH))];
    const [shiftX, shiftY] = [within(SHIFT * width), within(SHIFT * height)];
    const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
    for (let i = 0; i < NODES ** 2; i++) {
      bends[0][i] = within(BEND * width);
      bends[1][i] = within(BEND * height);
    }
    for (let y = 0; y < height; y++) {
      const nodeY = (y / (height - 1)) * (NODES - 1);
      const above = Math.min(NODES - 2, Math.floor(nodeY)) * NODES;
      const shareY = nodeY - above / NODES;
      for (const axis of [0, 1] as const)
        for (let i = 0; i < NODES; i++)
          row[axis][i] = (1 - shareY) * bends[axis][above + i]! + shareY * bends[axis][above + NODES + i]!;
      for (let x = 0; x < width; x++) {
        const dx = x - midX - shiftX;
        const dy = y - midY - shiftY;
        const nodeX = (x / (width - 1)) * (NODES - 1);
        const before = Math.min(NODES - 2, Math.floor(nodeX));
        const shareX = nodeX - before;
        const bendX = (1 - shareX) * row[0][before]! + shareX * row[0][before + 1]!;
        const bendY = (1 - shareX) * row[1][before]! + shareX * row[1][before + 1]!;
        const fromX = (cos * dx + (shear - sin) * dy) / stretchX + midX + bendX;
        const fromY = (sin * dx + cos * dy) / stretchY + midY + bendY;
        const left = Math.floor(fromX);
        const top = Math.floor(fromY);
        // Outside by a pixel or more all is 0; at the edge the part that is inside counts.
        if (left < -1 || left >= width || top < -1 || top >= height) continue;
        const right = fromX - left;
        const down = fromY - top;
        const hasLeft = left >= 0;
        const hasRight = left + 1 < width;
        for (let plane = start; plane < start + channels * size; plane += size) {
          const at = plane + top * width + left;
          let value = 0;
          if (top >= 0) {
            if (hasLeft) value += (1 - down) * (1 - right) * images[at]!;
            if (hasRight) value += (1 - down) * right * images[at + 1]!;
          }
          if (top + 1 < height) {
            if (hasLeft) value += down * (1 - right) * images[at + width]!;
            if (hasRight) value += down * right * images[at + width + 1]!;
          }
          warped[plane + y * width + x] = value;
        }
      }
    }
  }
  return warped;
}
