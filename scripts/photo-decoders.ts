// The decoders of photographs with memories that begin small: those of the package begin with 17 MB each, which an
// isolate of 128 MB keeps for as long as it lives. `npm run photo-decoders` writes the modules that are committed.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { writeAtomically } from '../train/io/files.ts';

const resolveModule = createRequire(import.meta.url).resolve;
/** Committed file → the module that it is made from. */
export const PHOTO_DECODERS = {
  'core/image/photo-decoders/jpeg.wasm': resolveModule('@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm'),
  'core/image/photo-decoders/webp.wasm': resolveModule('@jsquash/webp/codec/dec/webp_dec.wasm'),
};

/** Room for what the decoders have of their own, tables and stack: 1 MiB. The rest they ask for as they need it. */
const PAGES = 16;
const MEMORY_SECTION = 5;

/** An unsigned number in LEB128, and where it ends. */
function readNumber(bytes: Uint8Array, at: number): [value: number, end: number] {
  for (let value = 0, shift = 0; ; shift += 7) {
    const byte = bytes[at++]!;
    value |= (byte & 127) << shift;
    if (byte < 128) return [value, at];
  }
}

/** The module with `pages` of 64 KiB at first in its one memory (WebAssembly core, 5.5.8). */
export function withInitialPages(module: Uint8Array, pages: number): Uint8Array {
  if (pages > 127) throw new Error(`photo decoders: ${pages} pages are no number of one byte`);
  for (let at = 8; at < module.length; ) {
    const [length, from] = readNumber(module, at + 1);
    if (module[at] === MEMORY_SECTION) {
      // How many memories, whether there is a maximum, the minimum.
      const [, rest] = readNumber(module, from + 2);
      const section = [...module.subarray(from, from + 2), pages, ...module.subarray(rest, from + length)];
      return Uint8Array.from([
        ...module.subarray(0, at),
        MEMORY_SECTION,
        section.length,
        ...section,
        ...module.subarray(from + length),
      ]);
    }
    at = from + length;
  }
  throw new Error('photo decoders: the module must have a memory of its own, it has none');
}

export const makePhotoDecoder = (source: string): Uint8Array => withInitialPages(readFileSync(source), PAGES);

if (process.argv[1] === fileURLToPath(import.meta.url))
  for (const [file, source] of Object.entries(PHOTO_DECODERS))
    writeAtomically(file, makePhotoDecoder(source));
