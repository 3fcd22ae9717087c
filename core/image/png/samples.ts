// Lines of a PNG as 8-bit grey or RGB: palettes looked up, depths brought to 8 bits, transparency put on white.
import { failPng, type PngFile } from './chunks.ts';

const WHITE = 255;
const onWhite = (value: number, alpha: number): number =>
  Math.round((value * alpha + WHITE * (WHITE - alpha)) / 255);

/** Writes the `pixels` pixels of a line to `out`, [pixels · channels]. */
export type Convert = (line: Uint8Array, pixels: number, out: Uint8Array) => void;

/** Sample `i` of a line, unscaled. */
function sample(line: Uint8Array, i: number, depth: number): number {
  if (depth === 8) return line[i]!;
  if (depth === 16) return (line[2 * i]! << 8) | line[2 * i + 1]!;
  const bit = i * depth;
  return (line[bit >> 3]! >> (8 - depth - (bit & 7))) & ((1 << depth) - 1);
}

function fromPalette({ depth, palette, transparency = new Uint8Array(0) }: PngFile): Convert {
  const colours = palette!.length / 3;
  const finished = palette!.map((value, i) => onWhite(value, transparency[Math.floor(i / 3)] ?? 255));
  return (line, pixels, out) => {
    for (let i = 0; i < pixels; i++) {
      const index = sample(line, i, depth);
      if (index >= colours) failPng(`damaged: colour ${index} of a palette of ${colours}`);
      out[3 * i] = finished[3 * index]!;
      out[3 * i + 1] = finished[3 * index + 1]!;
      out[3 * i + 2] = finished[3 * index + 2]!;
    }
  };
}

/** Grey or RGB samples; one colour, at full depth, may stand for transparent. */
function fromColours({ depth, samples, transparency }: PngFile): Convert {
  const key = transparency && Array.from({ length: samples }, (_, c) => sample(transparency, c, 16));
  const scale = depth === 16 ? 1 / 256 : 255 / (2 ** depth - 1);
  return (line, pixels, out) => {
    if (depth === 8 && !key) {
      out.set(line);
      return;
    }
    for (let i = 0; i < pixels; i++) {
      const at = i * samples;
      let keyed = key !== undefined;
      for (let c = 0; c < samples; c++) {
        const value = sample(line, at + c, depth);
        keyed &&= value === key![c];
        out[at + c] = value * scale;
      }
      if (keyed) out.fill(WHITE, at, at + samples);
    }
  };
}

/** Grey or RGB samples with an alpha channel behind them. */
function withAlpha({ depth, samples }: PngFile): Convert {
  const colours = samples - 1;
  // Of 16 bits the upper 8 count.
  const bytes = depth / 8;
  return (line, pixels, out) => {
    for (let i = 0; i < pixels; i++) {
      const at = i * samples * bytes;
      const alpha = line[at + colours * bytes]!;
      for (let c = 0; c < colours; c++) {
        const value = line[at + c * bytes]!;
        out[i * colours + c] = alpha === 255 ? value : onWhite(value, alpha);
      }
    }
  };
}

/** What a line becomes, and its channels. */
export function converterOf(file: PngFile): { channels: 1 | 3; convert: Convert } {
  if (file.colourType === 3) return { channels: 3, convert: fromPalette(file) };
  const convert = file.colourType >= 4 ? withAlpha(file) : fromColours(file);
  return { channels: file.samples < 3 ? 1 : 3, convert };
}
