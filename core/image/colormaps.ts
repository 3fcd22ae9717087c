// Named colour maps for one-channel images, as PNG palettes: 256 RGB triples, interpolated between anchors.

/** Anchors at equal distances; viridis and magma after the maps of matplotlib (CC0). */
const ANCHORS = {
  inverted: ['ffffff', '000000'],
  viridis: [
    '440154',
    '482878',
    '3e4989',
    '31688e',
    '26828e',
    '1f9e89',
    '35b779',
    '6ece58',
    'b5de2b',
    'fde725',
  ],
  magma: ['000004', '180f3d', '440f76', '721f81', '9e2f7f', 'cd4071', 'f1605d', 'fd9668', 'feca8d', 'fcfdbf'],
  ember: ['0b0a12', '3a1030', '8c1f2f', 'd9541e', 'f7a52b', 'fff3c4'],
  ice: ['04060f', '10284a', '1b5e8c', '3fa3c4', '9fdce6', 'f7ffff'],
} as const;

export const COLORMAPS = ['gray', ...Object.keys(ANCHORS)] as ('gray' | keyof typeof ANCHORS)[];
export type Colormap = (typeof COLORMAPS)[number];

/** The palette of a map; nothing for `gray`, which needs none. */
export function paletteOf(name: Colormap): Uint8Array | undefined {
  if (name === 'gray') return undefined;
  const anchors = ANCHORS[name].map((hex) => [0, 2, 4].map((i) => Number.parseInt(hex.slice(i, i + 2), 16)));
  const palette = new Uint8Array(768);
  for (let i = 0; i < 256; i++) {
    const position = (i * (anchors.length - 1)) / 255;
    const left = Math.min(anchors.length - 2, Math.floor(position));
    for (let c = 0; c < 3; c++) {
      const [a, b] = [anchors[left]![c]!, anchors[left + 1]![c]!];
      palette[3 * i + c] = Math.floor(a + (b - a) * (position - left) + 0.5);
    }
  }
  return palette;
}
