// MED images: Brotli of an IDX header, then for every plane the residuals of the median edge detector of JPEG-LS.
// A plane is stored whole for all images; grey images have one, colour has G, R − G and B − G.
import { brotliDecompressSync } from 'node:zlib';

/** The prediction from the left, upper and upper left neighbours. */
function median(left: number, up: number, corner: number): number {
  const [low, high] = left < up ? [left, up] : [up, left];
  return corner >= high ? low : corner <= low ? high : left + up - corner;
}

/** One `.med.br` file as the plain IDX bytes: [images, height, width] or [images, height, width, 3]. */
export function decodeMed(packed: Uint8Array): Uint8Array {
  const source = brotliDecompressSync(packed);
  const head = 4 + 4 * source[3]!;
  const shape = Array.from({ length: source[3]! }, (_, i) => source.readUInt32BE(4 + 4 * i));
  const [count, height, width, channels = 1] = shape as [number, number, number, number?];
  const area = height * width;
  const out = Buffer.alloc(head + count * area * channels);
  source.copy(out, 0, 0, head);
  const plane = new Int16Array(area);
  for (const [p, channel] of (channels === 3 ? [1, 0, 2] : [0]).entries())
    for (let k = 0; k < count; k++) {
      const from = head + (p * count + k) * area;
      const to = head + k * area * channels;
      for (let y = 0, i = 0; y < height; y++)
        for (let x = 0; x < width; x++, i++) {
          const left = x > 0 ? plane[i - 1]! : 0;
          const up = y > 0 ? plane[i - width]! : 0;
          const guess = x === 0 ? up : y === 0 ? left : median(left, up, plane[i - width - 1]!);
          const green = p > 0 ? out[to + i * channels + 1]! : 0;
          const value = (green + guess + source[from + i]!) & 255;
          out[to + i * channels + channel] = value;
          plane[i] = value - green;
        }
    }
  return out;
}
