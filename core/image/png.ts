// PNG and APNG writer (W3C PNG, third edition). The same pixels give the same bytes in every engine: filters and
// compressor are integer arithmetic of our own. A file is written into room that is kept from one to the next.
import { discard } from '../discard.ts';
import { crc32 } from './deflate/checksum.ts';
import { writeZlib, zlibBound } from './deflate/zlib.ts';
import { NONE, writeLines } from './filter.ts';
import type { Raster } from './image.ts';

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
/** By channels: grey, grey and alpha, RGB, RGB and alpha. */
const COLOUR_TYPES = { 1: 0, 2: 4, 3: 2, 4: 6 } as const;
const INDEXED = 3;
const PALETTE_BYTES = 768;
/** Length, type and checksum around the data of a chunk. */
const FRAME_BYTES = 12;
/** The longest of the chunks of fixed length, fcTL, framed. */
const CONTROL_BYTES = 40;
/** Room above this is given back after a file. */
const MAX_KEPT_BYTES = 1 << 20;

/** Takes room for so many bytes, that of the last time again if it is large enough, and gives it back. */
function createRoom() {
  let kept = new Uint8Array(0);
  return {
    take(bytes: number): Uint8Array {
      if (bytes <= kept.length) return kept;
      const room = new Uint8Array(bytes);
      if (bytes <= MAX_KEPT_BYTES) kept = room;
      return room;
    },
    give(room: Uint8Array): void {
      if (room !== kept) discard(room);
    },
  };
}
const roomForFile = createRoom();
const roomForLines = createRoom();

type File = { bytes: Uint8Array; at: number };

function putUint32(file: File, value: number): void {
  const { bytes, at } = file;
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
  file.at = at + 4;
}

function putBytes(file: File, bytes: ArrayLike<number>): void {
  file.bytes.set(bytes, file.at);
  file.at += bytes.length;
}

function putLatin1(file: File, text: string): void {
  for (let i = 0; i < text.length; i++) file.bytes[file.at++] = text.charCodeAt(i);
}

/** Begins a chunk; `endChunk` fills in its length and checksum. Returns where its type stands. */
function beginChunk(file: File, type: string): number {
  file.at += 4;
  const start = file.at;
  putLatin1(file, type);
  return start;
}

function endChunk(file: File, start: number): void {
  const end = file.at;
  file.at = start - 4;
  putUint32(file, end - start - 4);
  file.at = end;
  putUint32(file, crc32(file.bytes, start, end));
}

const rowBytes = ({ width, channels }: Raster): number => width * channels;
const linesBytes = (image: Raster): number => (rowBytes(image) + 1) * image.height;

function putPixels(file: File, image: Raster): void {
  const stride = rowBytes(image) + 1;
  const room = roomForLines.take(linesBytes(image));
  const lines = room.subarray(0, linesBytes(image));
  // Differences from a prediction are small numbers with short codes: far repetitions cost more than they save.
  const far = writeLines(image, lines) === NONE;
  file.at = writeZlib(lines, file.bytes, file.at, { stride, far });
  roomForLines.give(room);
}

function putText(file: File, keyword: string, text: string): void {
  const latin1 = /^[\n\x20-\x7e\xa0-\xff]*$/.test(text);
  const start = beginChunk(file, latin1 ? 'tEXt' : 'iTXt');
  // iTXt: no compression, no language tag, no translated keyword.
  putLatin1(file, latin1 ? `${keyword}\0` : `${keyword}\0\0\0\0\0`);
  if (latin1) putLatin1(file, text);
  else file.at += new TextEncoder().encodeInto(text, file.bytes.subarray(file.at)).written;
  endChunk(file, start);
}

/** A file up to its pixels, with room for `moreBytes` after that. */
function begin(image: Raster, { text = {}, palette }: PngOptions, moreBytes: number): File {
  const { width, height, channels, pixels } = image;
  if (pixels.length !== rowBytes(image) * height)
    throw new Error(
      `png: ${width}×${height}×${channels} pixels need ${rowBytes(image) * height} bytes, got ${pixels.length}`,
    );
  if (palette && (channels !== 1 || palette.length !== PALETTE_BYTES))
    throw new Error(
      `png: a palette needs one channel and ${PALETTE_BYTES} bytes, got ${channels} and ${palette.length}`,
    );
  const colour = palette ? INDEXED : COLOUR_TYPES[channels];
  let bytes = SIGNATURE.length + 2 * CONTROL_BYTES + FRAME_BYTES + PALETTE_BYTES + moreBytes;
  // A UTF-16 unit takes at most three bytes of UTF-8.
  for (const keyword in text) bytes += FRAME_BYTES + keyword.length + 5 + 3 * text[keyword]!.length;
  const file = { bytes: roomForFile.take(bytes), at: 0 };
  putBytes(file, SIGNATURE);
  const start = beginChunk(file, 'IHDR');
  putUint32(file, width);
  putUint32(file, height);
  putBytes(file, [8, colour, 0, 0, 0]);
  endChunk(file, start);
  for (const keyword in text) putText(file, keyword, text[keyword]!);
  if (palette) {
    const plte = beginChunk(file, 'PLTE');
    putBytes(file, palette);
    endChunk(file, plte);
  }
  return file;
}

function finish(file: File): Uint8Array<ArrayBuffer> {
  endChunk(file, beginChunk(file, 'IEND'));
  const whole = new Uint8Array(file.bytes.subarray(0, file.at));
  roomForFile.give(file.bytes);
  return whole;
}

/** A PNG file. @throws Error when the pixels do not match the size. */
export function encodePng(image: Raster, options: PngOptions = {}): Uint8Array<ArrayBuffer> {
  const file = begin(image, options, FRAME_BYTES + zlibBound(linesBytes(image)));
  const start = beginChunk(file, 'IDAT');
  putPixels(file, image);
  endChunk(file, start);
  return finish(file);
}

/** An animated PNG; viewers that do not animate show the first frame. All frames have one size. */
export function encodeApng(
  frames: readonly Raster[],
  { framesPerSecond, plays, ...options }: AnimationOptions,
): Uint8Array<ArrayBuffer> {
  const first = frames[0];
  if (!first) throw new Error('png: an animation needs at least one frame');
  const { width, height, channels, pixels } = first;
  const frameBytes = CONTROL_BYTES + FRAME_BYTES + 4 + zlibBound(linesBytes(first));
  const file = begin(first, options, frames.length * frameBytes);
  const acTL = beginChunk(file, 'acTL');
  putUint32(file, frames.length);
  putUint32(file, plays);
  endChunk(file, acTL);
  let sequence = 0;
  frames.forEach((frame, i) => {
    if (
      frame.width !== width ||
      frame.height !== height ||
      frame.channels !== channels ||
      frame.pixels.length !== pixels.length
    )
      throw new Error(`png: frame ${i} is ${frame.width}×${frame.height}, the first ${width}×${height}`);
    const fcTL = beginChunk(file, 'fcTL');
    for (const value of [sequence++, width, height, 0, 0]) putUint32(file, value);
    // Shown for 1 / framesPerSecond seconds, then left as it is, over what was there.
    putBytes(file, [0, 1, 0, framesPerSecond, 0, 0]);
    endChunk(file, fcTL);
    const data = beginChunk(file, i === 0 ? 'IDAT' : 'fdAT');
    if (i > 0) putUint32(file, sequence++);
    putPixels(file, frame);
    endChunk(file, data);
  });
  return finish(file);
}
