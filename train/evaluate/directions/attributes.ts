// What can be measured of the look of a digit, so that a latent direction can be found that changes it.

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

/** −Σ dx·dy / Σ dy² about the centre of mass, y downwards: the shear that would set the digit upright. */
function slant(pixels: Float32Array, width: number): number {
  let [area, x, y] = [0, 0, 0];
  pixels.forEach((value, i) => {
    area += value;
    x += value * (i % width);
    y += value * Math.floor(i / width);
  });
  let [xy, yy] = [0, 0];
  pixels.forEach((value, i) => {
    const dy = Math.floor(i / width) - y / area;
    xy += value * ((i % width) - x / area) * dy;
    yy += value * dy * dy;
  });
  return yy > 0 ? -xy / yy : 0;
}

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

/** Attributes of a data set; none for most. */
export const attributesOf = (dataset: string): readonly Attribute[] => (dataset === 'mnist' ? DIGITS : []);
