// Reads any PNG into 8-bit grey or RGB. `fast-png` does the work; what comes before it keeps a hostile file from
// taking more memory than the image it declares.
import { convertIndexedToRgb, decode } from 'fast-png';
import { Unzlib } from 'fflate';
import type { Image } from './image.ts';

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Chunks that pixels depend on; the others (text, profiles, time, animation) are dropped unread. */
const NEEDED = new Set(['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND']);
/** Bytes handed to the decompressor at once: at most a thousand times as many come out. */
const PIECE_BYTES = 1024;
const CHANNELS: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

const fail = (rule: string): never => {
  throw new Error(`png: ${rule}`);
};

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((n, part) => n + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

type Chunk = { type: string; data: Uint8Array; whole: Uint8Array };

function chunksOf(bytes: Uint8Array): Chunk[] {
  if (SIGNATURE.some((byte, i) => bytes[i] !== byte)) fail('not a PNG file (wrong signature)');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const chunks: Chunk[] = [];
  for (let at = 8; at < bytes.length; ) {
    if (at + 12 > bytes.length) fail(`truncated at byte ${bytes.length}`);
    const length = view.getUint32(at);
    if (at + 12 + length > bytes.length)
      fail(`truncated: a chunk of ${length} bytes runs past byte ${bytes.length}`);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    chunks.push({
      type,
      data: bytes.subarray(at + 8, at + 8 + length),
      whole: bytes.subarray(at, at + 12 + length),
    });
    at += 12 + length;
    if (type === 'IEND') break;
  }
  return chunks;
}

/** Bytes of the scanlines: at most those of a plain image plus what seven interlacing passes add. */
function scanlineBound(width: number, height: number, bitsPerPixel: number): number {
  return height * (Math.ceil((width * bitsPerPixel) / 8) + 1) + 2 * (width + height) * 8 + 64;
}

function requireBounded(idat: readonly Chunk[], bound: number): void {
  let produced = 0;
  const inflate = new Unzlib((data) => {
    produced += data.length;
    if (produced > bound) fail(`the compressed data hold more than the ${bound} bytes of the declared size`);
  });
  for (const { data } of idat)
    for (let at = 0; at < data.length; at += PIECE_BYTES) inflate.push(data.subarray(at, at + PIECE_BYTES));
}

/** Samples of 1, 2, 4, 8 or 16 bits as bytes of full range. */
function toBytes(
  data: ArrayLike<number>,
  depth: number,
  width: number,
  height: number,
  channels: number,
): Uint8Array {
  if (depth === 8) return Uint8Array.from(data);
  if (depth === 16) return Uint8Array.from(data, (value) => value >>> 8);
  const rowBytes = Math.ceil((width * channels * depth) / 8);
  const largest = 2 ** depth - 1;
  return Uint8Array.from({ length: width * height }, (_, i) => {
    const bit = (i % width) * depth;
    const byte = data[Math.floor(i / width) * rowBytes + (bit >> 3)]!;
    return (((byte >> (8 - depth - (bit & 7))) & largest) * 255) / largest;
  });
}

/** Puts pixels with an alpha channel on white. */
function onWhite(pixels: Uint8Array, colours: 1 | 3): Uint8Array {
  const stride = colours + 1;
  return Uint8Array.from({ length: (pixels.length / stride) * colours }, (_, i) => {
    const at = Math.floor(i / colours) * stride;
    const alpha = pixels[at + colours]!;
    return Math.round((pixels[at + (i % colours)]! * alpha + 255 * (255 - alpha)) / 255);
  });
}

/**
 * Decodes a PNG of any colour type and bit depth; transparency is put on white.
 * @throws Error naming the rule and the value: not a PNG, truncated, damaged, or more than `maxPixels` pixels.
 */
export function decodePng(bytes: Uint8Array, { maxPixels }: { maxPixels: number }): Image {
  const chunks = chunksOf(bytes);
  const ihdr = chunks[0];
  if (ihdr?.type !== 'IHDR' || ihdr.data.length !== 13) return fail('the first chunk must be IHDR');
  const view = new DataView(ihdr.data.buffer, ihdr.data.byteOffset, 13);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  if (width < 1 || height < 1) fail(`size ${width}×${height} is empty`);
  if (width * height > maxPixels) fail(`${width}×${height} is more than ${maxPixels} pixels`);
  const perPixel = CHANNELS[view.getUint8(9)] ?? fail(`colour type ${view.getUint8(9)} does not exist`);
  const idat = chunks.filter(({ type }) => type === 'IDAT');
  try {
    requireBounded(idat, scanlineBound(width, height, perPixel * view.getUint8(8)));
    const kept = chunks.filter(({ type }) => NEEDED.has(type));
    const decoded = decode(concat([bytes.subarray(0, 8), ...kept.map(({ whole }) => whole)]), {
      checkCrc: true,
    });
    if (decoded.palette) {
      const colours = decoded.palette[0]!.length;
      const rgb = convertIndexedToRgb(decoded);
      return { width, height, channels: 3, pixels: colours === 4 ? onWhite(rgb, 3) : Uint8Array.from(rgb) };
    }
    const { channels } = decoded;
    const pixels = toBytes(decoded.data, decoded.depth, width, height, channels);
    if (channels === 1 || channels === 3) return { width, height, channels, pixels };
    const colours = channels === 2 ? 1 : 3;
    return { width, height, channels: colours, pixels: onWhite(pixels, colours) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(reason.startsWith('png: ') ? reason : `png: damaged (${reason})`, { cause: error });
  }
}
