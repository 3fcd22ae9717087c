// Images onto canvases: smoothly enlarged, or one canvas pixel for each pixel. A canvas shimmers until it has its first
// picture.
import { type Colormap, paletteOf } from '../core/image/colormaps.ts';
import { sheet } from '../core/image/compose.ts';
import type { Image } from '../core/image/image.ts';
import { smooth } from './smooth.ts';

export const SCALINGS = ['smooth', 'pixels'] as const;
export type Look = { colormap: Colormap; scaling: (typeof SCALINGS)[number] };

/** How many times larger than the picture its canvas is, where pixels are not to show. */
const FINER = 4;

/** `finer`: how many times larger the canvas of a smooth picture is than the picture. */
export function paint(
  canvas: HTMLCanvasElement,
  picture: Image,
  { colormap, scaling }: Look,
  finer = FINER,
): void {
  const { width, height, channels, pixels } = scaling === 'smooth' ? smooth(picture, finer) : picture;
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

/** Pictures side by side on one canvas, none of which leans to its neighbour. */
export function paintSheet(
  canvas: HTMLCanvasElement,
  pictures: readonly Image[],
  columns: number,
  { colormap, scaling }: Look,
): void {
  const fine = scaling === 'smooth' ? pictures.map((one) => smooth(one, FINER)) : pictures;
  paint(canvas, sheet(fine, columns), { colormap, scaling: 'pixels' });
}
