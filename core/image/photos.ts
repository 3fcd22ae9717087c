// Photographs: JPEG and WebP, by the decoders of Squoosh (MozJPEG and libwebp as WebAssembly, their memories made to begin
// small: scripts/photo-decoders.ts), begun when one comes.

import { discard } from '../discard.ts';
import { Unreadable } from '../unreadable.ts';
import type { PhotoFormat } from './photo-size.ts';
import type { Picture } from './picture.ts';

/**
 * What `use` makes of a photograph, upright as its orientation says. Nothing waits from its unpacking to the end of its
 * use: of many at once one alone is unpacked. @throws Unreadable when it is damaged.
 */
export type ReadPhoto = <T>(
  bytes: Uint8Array,
  format: PhotoFormat,
  use: (picture: Picture) => T,
) => Promise<T>;

type Pixels = { data: Uint8ClampedArray; width: number; height: number };
/** WebP takes the bytes alone; a photograph in it is upright already. */
type Decode = (bytes: Uint8Array, ...upright: boolean[]) => Pixels | null;
type Factory = (options: object) => Promise<{ decode: Decode }>;
type Decoder = { decode: Decode; memory: WebAssembly.Memory };

/** A decoder whose memory has grown beyond this is not kept. A million pixels take 17 MB as JPEG, 12 MB as WebP. */
const KEPT_BYTES = 24 * 1024 * 1024;

const FACTORIES: Record<PhotoFormat, () => Promise<Factory>> = {
  jpeg: async () => (await import('@jsquash/jpeg/codec/dec/mozjpeg_dec.js')).default as unknown as Factory,
  webp: async () => (await import('@jsquash/webp/codec/dec/webp_dec.js')).default as unknown as Factory,
};

/** The decoders answer with a class of browsers; where there is none they get one that holds as much. */
const globals = globalThis as { ImageData?: unknown };
globals.ImageData ??= class {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;

  constructor(data: Uint8ClampedArray, width: number, height: number) {
    this.data = data;
    this.width = width;
    this.height = height;
  }
};

async function start(factory: Factory, module: WebAssembly.Module): Promise<Decoder> {
  const silent = () => {};
  let memory: WebAssembly.Memory | undefined;
  const { decode } = await factory({
    noInitialRun: true,
    print: silent,
    printErr: silent,
    instantiateWasm(imports: WebAssembly.Imports, ready: (instance: WebAssembly.Instance) => void) {
      const instance = new WebAssembly.Instance(module, imports);
      ready(instance);
      memory = Object.values(instance.exports).find((one) => one instanceof WebAssembly.Memory);
      return instance.exports;
    },
  });
  return { decode, memory: memory! };
}

/** Rows of RGBA as RGB, put on white. */
function rgbOf({ data, width, height }: Pixels): Picture {
  return {
    width,
    height,
    channels: 3,
    rows(give) {
      const row = new Uint8Array(3 * width);
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const from = 4 * (y * width + x);
          const alpha = data[from + 3]!;
          for (let c = 0; c < 3; c++)
            row[3 * x + c] = Math.round((data[from + c]! * alpha + 255 * (255 - alpha)) / 255);
        }
        give(row);
      }
    },
  };
}

/** `modules` gives the compiled decoder of a format. */
export function createReadPhoto(modules: (format: PhotoFormat) => Promise<WebAssembly.Module>): ReadPhoto {
  // A memory of its own for each photograph would stay until it is collected, and the collector does not hurry.
  const idle: Partial<Record<PhotoFormat, Decoder>> = {};
  return async (bytes, format, use) => {
    const decoder = idle[format] ?? (await start(await FACTORIES[format](), await modules(format)));
    // One that fails, or is in use, is not used again.
    delete idle[format];
    let pixels: Pixels | null = null;
    try {
      pixels = format === 'jpeg' ? decoder.decode(bytes, true) : decoder.decode(bytes);
    } catch {
      // Said below: its own words are those of a program that has ended.
    }
    if (!pixels) throw new Unreadable(`${format}: damaged, or of a kind that cannot be read here`);
    if (decoder.memory.buffer.byteLength <= KEPT_BYTES) idle[format] = decoder;
    try {
      return use(rgbOf(pixels));
    } finally {
      discard(pixels.data);
    }
  };
}
