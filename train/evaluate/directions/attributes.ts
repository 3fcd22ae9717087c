// What can be measured of the look of a digit or of a piece of clothing, so that a latent direction can be found that
// changes it, whatever the class.

export type Attribute = {
  name: string;
  /** What more of it means, for people. */
  meaning: string;
  /** How it is measured, in one phrase. */
  measure: string;
  /** Its value for one image [height · width] in 0…1. */
  of(pixels: Float32Array, width: number): number;
};

/** Twice the area over the length of the outline: the width of a stroke that is long and thin. */
function thickness(pixels: Float32Array, width: number): number {
  let [area, outline] = [0, 0];
  pixels.forEach((value, i) => {
    const right = (i + 1) % width === 0 ? 0 : pixels[i + 1]!;
    area += value;
    outline += Math.hypot(right - value, (pixels[i + width] ?? 0) - value);
  });
  return outline > 0 ? (2 * area) / outline : 0;
}

/** Second moments of the grey levels about their centre of mass, squared pixels, y downwards; all 0 of an empty image. */
function moments(pixels: Float32Array, width: number): { xx: number; xy: number; yy: number } {
  let [area, x, y] = [0, 0, 0];
  pixels.forEach((value, i) => {
    area += value;
    x += value * (i % width);
    y += value * Math.floor(i / width);
  });
  const of = { xx: 0, xy: 0, yy: 0 };
  if (area === 0) return of;
  pixels.forEach((value, i) => {
    const dx = (i % width) - x / area;
    const dy = Math.floor(i / width) - y / area;
    of.xx += (value * dx * dx) / area;
    of.xy += (value * dx * dy) / area;
    of.yy += (value * dy * dy) / area;
  });
  return of;
}

/** −Σ dx·dy / Σ dy²: the shear that would set the digit upright. */
function slant(pixels: Float32Array, width: number): number {
  const { xy, yy } = moments(pixels, width);
  return yy > 0 ? -xy / yy : 0;
}

/** Mean grey level of what is not background, each pixel weighed by itself: Σ v² / Σ v. */
function brightness(pixels: Float32Array): number {
  let [sum, squares] = [0, 0];
  for (const value of pixels) {
    sum += value;
    squares += value * value;
  }
  return sum > 0 ? squares / sum : 0;
}

/** Of a filled bar of that width: √12 times the standard deviation of its pixels across. */
const breadth = (pixels: Float32Array, width: number): number => Math.sqrt(12 * moments(pixels, width).xx);

const DIGITS: readonly Attribute[] = [
  {
    name: 'thickness',
    meaning: 'thicker strokes',
    measure: 'twice the area over the length of the outline, pixels',
    of: thickness,
  },
  {
    name: 'slant',
    meaning: 'leaning to the right',
    measure: 'shear from second moments, pixels across for each pixel up',
    of: slant,
  },
];

const CLOTHES: readonly Attribute[] = [
  {
    name: 'brightness',
    meaning: 'brighter cloth',
    measure: 'mean grey level 0…1, each pixel weighed by its own',
    of: brightness,
  },
  {
    name: 'width',
    meaning: 'wider',
    measure: 'that of a bar with the same standard deviation across, pixels',
    of: breadth,
  },
];

const ATTRIBUTES: Record<string, readonly Attribute[]> = { mnist: DIGITS, 'fashion-mnist': CLOTHES };

/** Attributes of a data set; none for most. */
export const attributesOf = (dataset: string): readonly Attribute[] => ATTRIBUTES[dataset] ?? [];
