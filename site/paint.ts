// Images onto canvases, one canvas pixel for each pixel. A canvas shimmers until it has its first picture.
import { type Colormap, paletteOf } from '../core/image/colormaps.ts';
import type { Image } from '../core/image/image.ts';

export function paint(
  canvas: HTMLCanvasElement,
  { width, height, channels, pixels }: Image,
  colormap: Colormap,
): void {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const palette = channels === 1 ? paletteOf(colormap) : undefined;
  const data = new Uint8ClampedArray(width * height * 4);
  for (let i = 0; i < width * height; i++)
    for (let c = 0; c < 4; c++) {
      const value = pixels[i * channels + (channels === 3 ? Math.min(c, 2) : 0)]!;
      data[4 * i + c] = c === 3 ? 255 : palette ? palette[3 * value + c]! : value;
    }
  canvas.getContext('2d')!.putImageData(new ImageData(data, width, height), 0, 0);
  canvas.classList.remove('shimmer');
}
