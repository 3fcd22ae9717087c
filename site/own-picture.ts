// A picture of the visitor's as a model takes it: the largest square in its middle, small and grey. It is read here,
// and nothing but the small one ever leaves the page.
import { toModelInput } from '../core/image/resample.ts';
import type { ModelCard } from '../models/card.ts';

/** Pixels of the square, for each pixel that the model takes, that are averaged. */
const FINER = 4;

/** [channels · height · width] in 0…1. @throws Error when the browser cannot read the file. */
export async function ownPicture(file: Blob, target: ModelCard['image']): Promise<Float32Array> {
  const bitmap = await createImageBitmap(file).catch(() => {
    throw new Error('that file is no picture that this browser can read');
  });
  const side = Math.min(bitmap.width, bitmap.height);
  const [width, height] = [FINER * target.width, FINER * target.height];
  const context = new OffscreenCanvas(width, height).getContext('2d')!;
  context.imageSmoothingQuality = 'high';
  context.fillStyle = '#fff';
  context.fillRect(0, 0, width, height);
  const [left, top] = [(bitmap.width - side) / 2, (bitmap.height - side) / 2];
  context.drawImage(bitmap, left, top, side, side, 0, 0, width, height);
  bitmap.close();
  const { data } = context.getImageData(0, 0, width, height);
  const pixels = new Uint8Array(3 * width * height);
  for (let i = 0; i < width * height; i++) pixels.set(data.subarray(4 * i, 4 * i + 3), 3 * i);
  return toModelInput({ width, height, channels: 3, pixels }, target);
}
