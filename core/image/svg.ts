// A picture as SVG: its own few pixels as a PNG inside, which the viewer enlarges.
import { toBase64 } from './encode.ts';
import { type Box, type Ground, placeIn, radiusOf } from './frame.ts';
import type { Scaling } from './resize.ts';

const escaped = (text: string): string =>
  text.replace(/[<>&"\p{Cc}]/gu, (letter) => (letter < ' ' ? ' ' : `&#${letter.charCodeAt(0)};`));

export type SvgLook = {
  /** The whole picture, and the proportions of what is in it. */
  box: Box;
  inner: Box;
  /** Of rounded corners: percent of the shorter side. */
  radius: number;
  ground: Ground;
  scaling: Scaling;
  title: string;
  /** What makes it again. */
  description: string;
};

export function svgOf(
  png: Uint8Array,
  { box, inner, radius, ground, scaling, title, description }: SvgLook,
): string {
  const { left, top, width, height } = placeIn(box, inner);
  const place = `x="${left}" y="${top}" width="${width}" height="${height}"`;
  const clip =
    radius > 0
      ? `<clipPath id="c"><rect ${place} rx="${radiusOf({ width, height }, radius)}"/></clipPath>`
      : '';
  const fill = ground ? `<rect width="100%" height="100%" fill="rgb(${ground.join()})"/>` : '';
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${box.width}" height="${box.height}" viewBox="0 0 ${box.width} ${box.height}" role="img"><title>${escaped(title)}</title><desc>${escaped(description)}</desc>${clip}${fill}<image ${place} preserveAspectRatio="none"${clip && ' clip-path="url(#c)"'} style="image-rendering:${scaling === 'pixel' ? 'pixelated' : 'auto'}" href="data:image/png;base64,${toBase64(png)}"/></svg>`;
}
