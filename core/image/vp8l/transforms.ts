// Transforms of lossless WebP (RFC 9649, 3.5), in place on pixels 0xAARRGGBB: what is left is small numbers.

/** Red and blue become their differences from green: nothing is left of them in a grey picture. */
export function subtractGreen(pixels: Uint32Array): void {
  for (let i = 0; i < pixels.length; i++) {
    const argb = pixels[i]!;
    const green = (argb >>> 8) & 255;
    const red = ((argb >>> 16) - green) & 255;
    const blue = (argb - green) & 255;
    pixels[i] = ((argb & 0xff00ff00) | (red << 16) | blue) >>> 0;
  }
}

/** The predictor of the whole picture: left + above − the one between them, clamped. */
export const PREDICTOR = 12;
const BLACK = 0xff000000;

const clamp = (value: number): number => Math.max(0, Math.min(255, value));

function predicted(left: number, above: number, corner: number): number {
  let argb = 0;
  for (let shift = 0; shift < 32; shift += 8) {
    const value = ((left >>> shift) & 255) + ((above >>> shift) & 255) - ((corner >>> shift) & 255);
    argb |= clamp(value) << shift;
  }
  return argb >>> 0;
}

/** Channel by channel, modulo 256. */
const difference = (a: number, b: number): number =>
  ((((a | 0x00ff00ff) - (b & 0xff00ff00)) & 0xff00ff00) |
    (((a | 0xff00ff00) - (b & 0x00ff00ff)) & 0x00ff00ff)) >>>
  0;

/** Every pixel becomes its difference from what its neighbours predict: the first line from the left, the first column from above. */
export function subtractPrediction(pixels: Uint32Array, width: number): void {
  for (let i = pixels.length - 1; i >= 0; i--) {
    const x = i % width;
    const prediction =
      i === 0
        ? BLACK
        : i < width
          ? pixels[i - 1]!
          : x === 0
            ? pixels[i - width]!
            : predicted(pixels[i - 1]!, pixels[i - width]!, pixels[i - width - 1]!);
    pixels[i] = difference(pixels[i]!, prediction);
  }
}
