// The smallest PNG of a grey image that errs no more than a given squared error: fewer grey levels, fewer pixels, or
// both. A peer for lossy codes.
import { constants, deflateSync } from 'node:zlib';

/** Grey levels kept, and bits of a pixel that hold them. */
const LEVELS = [
  [2, 1],
  [4, 2],
  [16, 4],
  [32, 8],
  [64, 8],
  [256, 8],
] as const;
/** Pixels on each side that become one, where they divide the image. */
const SHRINKS = [1, 2, 4, 7];
/** Bytes of a PNG besides its zlib stream: signature, IHDR, frame of IDAT, IEND. */
const FRAME_BYTES = 8 + 25 + 12 + 12;

type Grey = { width: number; height: number; pixels: Uint8Array };
/** `bytes`: of the file; `data`: of its compressed pixels alone. */
export type Png = { bytes: number; data: number; error: number };

function shrink({ width, height, pixels }: Grey, by: number): Grey {
  const [w, h] = [width / by, height / by];
  const small = new Uint8Array(w * h);
  for (let y = 0; y < h; y++)
    for (let x = 0; x < w; x++) {
      let sum = 0;
      for (let i = 0; i < by * by; i++)
        sum += pixels[(y * by + Math.floor(i / by)) * width + x * by + (i % by)]!;
      small[y * w + x] = Math.round(sum / (by * by));
    }
  return { width: w, height: h, pixels: small };
}

/** Bilinear, as a browser would show it. */
function enlarge({ width: w, height: h, pixels }: Grey, by: number): Uint8Array {
  if (by === 1) return pixels;
  const large = new Uint8Array(w * by * h * by);
  const at = (x: number, y: number) =>
    pixels[Math.min(h - 1, Math.max(0, y)) * w + Math.min(w - 1, Math.max(0, x))]!;
  for (let y = 0; y < h * by; y++)
    for (let x = 0; x < w * by; x++) {
      const [u, v] = [(x + 0.5) / by - 0.5, (y + 0.5) / by - 0.5];
      const [left, top] = [Math.floor(u), Math.floor(v)];
      const [du, dv] = [u - left, v - top];
      const upper = (1 - du) * at(left, top) + du * at(left + 1, top);
      const lower = (1 - du) * at(left, top + 1) + du * at(left + 1, top + 1);
      large[y * w * by + x] = Math.round((1 - dv) * upper + dv * lower);
    }
  return large;
}

const squaredError = (a: Uint8Array, b: Uint8Array): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return sum / a.length;
};

/** Scanlines of levels packed into `depth` bits, each with one filter: none, or (of whole bytes) sub, up or Paeth. */
function scanlines({ width, height }: Grey, levels: Uint8Array, depth: number, filter: number): Uint8Array {
  const row = Math.ceil((width * depth) / 8);
  const lines = new Uint8Array((row + 1) * height);
  const packed = new Uint8Array(row * height);
  for (let i = 0; i < width * height; i++) {
    const bit = (i % width) * depth;
    packed[Math.floor(i / width) * row + (bit >> 3)]! |= levels[i]! << (8 - depth - (bit & 7));
  }
  for (let y = 0; y < height; y++) {
    lines[y * (row + 1)] = filter;
    for (let x = 0; x < row; x++) {
      const left = x > 0 ? packed[y * row + x - 1]! : 0;
      const above = y > 0 ? packed[(y - 1) * row + x]! : 0;
      const corner = x > 0 && y > 0 ? packed[(y - 1) * row + x - 1]! : 0;
      const p = left + above - corner;
      const [a, b, c] = [Math.abs(p - left), Math.abs(p - above), Math.abs(p - corner)];
      const paeth = a <= b && a <= c ? left : b <= c ? above : corner;
      lines[y * (row + 1) + 1 + x] = packed[y * row + x]! - [0, left, above, 0, paeth][filter]!;
    }
  }
  return lines;
}

/** Every way there is to write `image` here, each at its smallest. */
export function pngsOf(image: Grey): Png[] {
  return SHRINKS.filter((by) => image.width % by === 0 && image.height % by === 0).flatMap((by) => {
    const small = shrink(image, by);
    return LEVELS.map(([count, depth]) => {
      const most = count - 1;
      const levels = small.pixels.map((value) => Math.round((value * most) / 255));
      const shown = { ...small, pixels: levels.map((level) => Math.round((level * 255) / most)) };
      // What has fewer levels than its bits can say is written as the grey levels shown.
      const written = depth === 8 ? shown.pixels : levels;
      const zlib = Math.min(
        ...(depth === 8 ? [0, 1, 2, 4] : [0, 2]).map(
          (filter) =>
            deflateSync(scanlines(small, written, depth, filter), { level: constants.Z_BEST_COMPRESSION })
              .length,
        ),
      );
      return {
        bytes: FRAME_BYTES + zlib,
        // Without the head and the checksum of zlib.
        data: zlib - 6,
        error: squaredError(image.pixels, enlarge(shown, by)),
      };
    });
  });
}

/** The smallest whose mean squared error, in grey levels, is at most `error`. */
export const smallestPng = (pngs: readonly Png[], error: number): Png =>
  pngs.filter((png) => png.error <= error).reduce((a, b) => (b.bytes < a.bytes ? b : a));
