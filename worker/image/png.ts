// PNG and APNG writer (W3C PNG, third edition). The same pixels give the same bytes in every engine: one filter,
// one compressor in plain JavaScript, one level.
import { zlibSync } from 'fflate';

/** 8-bit pixels, row-major from the top left, channels last. */
export type Image = { width: number; height: number; channels: 1 | 3; pixels: Uint8Array };

export type PngOptions = {
  /** Keyword → text, written as tEXt (Latin-1) or iTXt (everything else). */
  text?: Record<string, string>;
  /** 256 RGB triples: a one-channel image is written as indices into it. */
  palette?: Uint8Array;
};

export type AnimationOptions = PngOptions & {
  framesPerSecond: number;
  /** Times the animation plays; 0 for ever. */
  plays: number;
};

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const COLOUR_TYPE = { grey: 0, rgb: 2, indexed: 3 } as const;
const LEVEL = 6;

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

function crc32(bytes: Uint8Array): number {
  let c = 0xffffffff;
  for (const byte of bytes) c = CRC_TABLE[(c ^ byte) & 0xff]! ^ (c >>> 8);
  return ~c >>> 0;
}

const uint32 = (...values: number[]): Uint8Array => {
  const out = new DataView(new ArrayBuffer(4 * values.length));
  values.forEach((value, i) => {
    out.setUint32(4 * i, value);
  });
  return new Uint8Array(out.buffer);
};

export function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((n, part) => n + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

function chunk(type: string, ...data: Uint8Array[]): Uint8Array {
  const body = concat([Uint8Array.from(type, (c) => c.charCodeAt(0)), ...data]);
  return concat([uint32(body.length - 4), body, uint32(crc32(body))]);
}

/** Scanlines with filter 0 (none): flat digits compress best unfiltered. */
function compressed({ width, height, channels, pixels }: Image): Uint8Array {
  const row = width * channels;
  if (pixels.length !== row * height)
    throw new Error(
      `png: ${width}×${height}×${channels} pixels need ${row * height} bytes, got ${pixels.length}`,
    );
  const lines = new Uint8Array((row + 1) * height);
  for (let y = 0; y < height; y++) lines.set(pixels.subarray(y * row, (y + 1) * row), y * (row + 1) + 1);
  return zlibSync(lines, { level: LEVEL });
}

function textChunk([keyword, value]: [string, string]): Uint8Array {
  const latin1 = (s: string) => Uint8Array.from(s, (c) => c.charCodeAt(0));
  if (/^[\n\x20-\x7e\xa0-\xff]*$/.test(value)) return chunk('tEXt', latin1(`${keyword}\0`), latin1(value));
  // Keyword, no compression, no language tag, no translated keyword.
  return chunk('iTXt', latin1(`${keyword}\0\0\0\0\0`), new TextEncoder().encode(value));
}

function header({ width, height, channels }: Image, { text = {}, palette }: PngOptions): Uint8Array[] {
  if (palette && (channels !== 1 || palette.length !== 768))
    throw new Error(`png: a palette needs one channel and 768 bytes, got ${channels} and ${palette.length}`);
  const colour = palette ? COLOUR_TYPE.indexed : channels === 1 ? COLOUR_TYPE.grey : COLOUR_TYPE.rgb;
  return [
    SIGNATURE,
    chunk('IHDR', uint32(width, height), Uint8Array.of(8, colour, 0, 0, 0)),
    ...Object.entries(text).map(textChunk),
    ...(palette ? [chunk('PLTE', palette)] : []),
  ];
}

/** A PNG file. @throws Error when the pixels do not match the size. */
export const encodePng = (image: Image, options: PngOptions = {}): Uint8Array<ArrayBuffer> =>
  concat([...header(image, options), chunk('IDAT', compressed(image)), chunk('IEND')]);

/** An animated PNG; viewers that do not animate show the first frame. All frames have one size. */
export function encodeApng(
  frames: readonly Image[],
  { framesPerSecond, plays, ...options }: AnimationOptions,
): Uint8Array<ArrayBuffer> {
  const first = frames[0];
  if (!first) throw new Error('png: an animation needs at least one frame');
  let sequence = 0;
  const control = ({ width, height }: Image) => {
    const delay = Uint8Array.of(0, 1, 0, framesPerSecond); // 1 / framesPerSecond seconds
    return chunk('fcTL', uint32(sequence++, width, height, 0, 0), delay, Uint8Array.of(0, 0));
  };
  return concat([
    ...header(first, options),
    chunk('acTL', uint32(frames.length, plays)),
    ...frames.flatMap((frame, i) => {
      if (frame.width !== first.width || frame.height !== first.height)
        throw new Error(
          `png: frame ${i} is ${frame.width}×${frame.height}, the first ${first.width}×${first.height}`,
        );
      const start = control(frame);
      const data = compressed(frame);
      return [start, i === 0 ? chunk('IDAT', data) : chunk('fdAT', uint32(sequence++), data)];
    }),
    chunk('IEND'),
  ]);
}
