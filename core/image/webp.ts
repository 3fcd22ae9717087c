// Lossless WebP writer (RFC 9649). The same pixels give the same bytes in every engine: integers alone.
import { discard } from '../discard.ts';
import { align, put, type Sink } from './deflate/bits.ts';
import type { Raster } from './image.ts';
import { entropyBound, estimate, writeEntropy } from './vp8l/entropy.ts';
import { PREDICTOR, subtractGreen, subtractPrediction } from './vp8l/transforms.ts';

export type WebpOptions = {
  /** Name → text, written as properties in XMP. */
  text?: Record<string, string>;
  /** 256 RGB triples: a one-channel image is written as indices into it. */
  palette?: Uint8Array;
};

const MAX_SIDE = 16384;
const PREDICT = 0;
const SUBTRACT_GREEN = 2;
const INDEX_COLOURS = 3;
/** log₂ of the side of the blocks that share a predictor: the largest there is. */
const BLOCK_BITS = 9;
const XMP_FLAG = 0x04;
const ALPHA_FLAG = 0x10;

/** Pixels as 0xAARRGGBB. */
function argbOf({ channels, pixels }: Raster): Uint32Array {
  const grey = channels < 3;
  const argb = new Uint32Array(pixels.length / channels);
  for (let i = 0, at = 0; i < argb.length; i++, at += channels) {
    const red = pixels[at]!;
    const green = grey ? red : pixels[at + 1]!;
    const blue = grey ? red : pixels[at + 2]!;
    const alpha = channels % 2 === 0 ? pixels[at + channels - 1]! : 255;
    argb[i] = ((alpha << 24) | (red << 16) | (green << 8) | blue) >>> 0;
  }
  return argb;
}

/** Begins a transform. */
function transform(sink: Sink, type: number): void {
  put(sink, 1, 1);
  put(sink, type, 2);
}

/** An image of its own inside of another one: without a colour cache. */
function writeInner(sink: Sink, pixels: Uint32Array, width: number): void {
  put(sink, 0, 1);
  writeEntropy(sink, pixels, width);
}

/** Colours, of which each but the first is the difference from the one before; pixels become opaque indices. */
function indexColours(sink: Sink, image: Raster, palette: Uint8Array): Uint32Array {
  transform(sink, INDEX_COLOURS);
  put(sink, 255, 8);
  const table = new Uint32Array(256);
  for (let i = 0; i < 256; i++) {
    const channel = (c: number) => (palette[3 * i + c]! - (i > 0 ? palette[3 * i + c - 3]! : 0)) & 255;
    table[i] = (((i > 0 ? 0 : 255) << 24) | (channel(0) << 16) | (channel(1) << 8) | channel(2)) >>> 0;
  }
  writeInner(sink, table, 256);
  return Uint32Array.from(image.pixels, (index) => (0xff000000 | (index << 8)) >>> 0);
}

/** Pixels that the choice looks at, in the middle of the picture. */
const SAMPLE = 16384;

function isWorthPrediction(pixels: Uint32Array, width: number): boolean {
  const height = pixels.length / width;
  const rows = Math.min(height, Math.max(4, Math.floor(SAMPLE / width)));
  const first = (height - rows) >> 1;
  const sample = pixels.slice(first * width, (first + rows) * width);
  const plain = estimate(sample, width);
  subtractPrediction(sample, width);
  return estimate(sample, width) < plain;
}

function vp8l(image: Raster, palette: Uint8Array | undefined): Uint8Array {
  const { width, height, channels } = image;
  const sink: Sink = {
    bytes: new Uint8Array(entropyBound(width * height) + 3 * entropyBound(256)),
    at: 0,
    buffer: 0,
    filled: 0,
  };
  put(sink, 0x2f, 8);
  put(sink, width - 1, 14);
  put(sink, height - 1, 14);
  put(sink, channels % 2 === 0 ? 1 : 0, 1);
  put(sink, 0, 3);
  let pixels: Uint32Array;
  if (palette) pixels = indexColours(sink, image, palette);
  else {
    transform(sink, SUBTRACT_GREEN);
    pixels = argbOf(image);
    subtractGreen(pixels);
  }
  if (isWorthPrediction(pixels, width)) {
    transform(sink, PREDICT);
    put(sink, BLOCK_BITS - 2, 3);
    const [across, down] = [width, height].map((side) => ((side - 1) >> BLOCK_BITS) + 1) as [number, number];
    writeInner(sink, new Uint32Array(across * down).fill((0xff000000 | (PREDICTOR << 8)) >>> 0), across);
    subtractPrediction(pixels, width);
  }
  put(sink, 0, 1); // no further transform
  put(sink, 0, 1); // no colour cache
  put(sink, 0, 1); // one set of codes
  writeEntropy(sink, pixels, width);
  discard(pixels);
  align(sink);
  const written = sink.bytes.slice(0, sink.at);
  discard(sink.bytes);
  return written;
}

/** A chunk of RIFF: even in length. */
function chunk(name: string, data: Uint8Array): Uint8Array {
  const out = new Uint8Array(8 + data.length + (data.length & 1));
  out.set(Uint8Array.from(name, (letter) => letter.charCodeAt(0)));
  new DataView(out.buffer).setUint32(4, data.length, true);
  out.set(data, 8);
  return out;
}

const escaped = (text: string): string =>
  text.replace(/[<>&"\p{Cc}]/gu, (letter) => (letter < ' ' ? ' ' : `&#${letter.charCodeAt(0)};`));

function xmp(text: Record<string, string>): Uint8Array {
  const properties = Object.entries(text).map(([name, value]) => ` dreamlet:${name}="${escaped(value)}"`);
  return new TextEncoder().encode(
    `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dreamlet="urn:dreamlet:"${properties.join('')}/></rdf:RDF></x:xmpmeta>`,
  );
}

function extended({ width, height, channels }: Raster): Uint8Array {
  const data = new Uint8Array(10);
  data[0] = XMP_FLAG | (channels % 2 === 0 ? ALPHA_FLAG : 0);
  for (const [at, side] of [
    [4, width - 1],
    [7, height - 1],
  ] as const)
    for (let i = 0; i < 3; i++) data[at + i] = side >>> (8 * i);
  return data;
}

/** A WebP file. @throws Error when a side is above 16384 pixels. */
export function encodeWebp(image: Raster, { text, palette }: WebpOptions = {}): Uint8Array<ArrayBuffer> {
  const { width, height } = image;
  if (width > MAX_SIDE || height > MAX_SIDE)
    throw new Error(`webp: ${width}×${height} is more than ${MAX_SIDE} pixels wide or high`);
  const pixels = chunk('VP8L', vp8l(image, palette));
  const chunks = text ? [chunk('VP8X', extended(image)), pixels, chunk('XMP ', xmp(text))] : [pixels];
  const body = new Uint8Array(4 + chunks.reduce((sum, { length }) => sum + length, 0));
  body.set([0x57, 0x45, 0x42, 0x50]); // WEBP
  let at = 4;
  for (const one of chunks) {
    body.set(one, at);
    at += one.length;
  }
  return chunk('RIFF', body) as Uint8Array<ArrayBuffer>;
}
