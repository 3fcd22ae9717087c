// What JPEG and WebP files say of their size, so that one that is too large is refused before it is unpacked.
import { Unreadable } from '../unreadable.ts';

export type PhotoFormat = 'jpeg' | 'webp';
export type PhotoSize = { format: PhotoFormat; width: number; height: number };

const ascii = (bytes: Uint8Array, at: number, text: string): boolean =>
  [...text].every((letter, i) => bytes[at + i] === letter.charCodeAt(0));

/** Frames of JPEG: SOF0 to SOF15 without the tables and extensions among them (ITU-T T.81, B.1.1.3). */
const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

function jpegSize(bytes: Uint8Array): PhotoSize {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 2; at + 9 < bytes.length; ) {
    if (bytes[at] !== 0xff) break;
    const marker = bytes[at + 1]!;
    // Fill bytes, and markers that stand alone.
    if (marker === 0xff || (marker >= 0xd0 && marker <= 0xd7) || marker === 0x01) {
      at += marker === 0xff ? 1 : 2;
      continue;
    }
    if (isFrame(marker))
      return { format: 'jpeg', width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    at += 2 + view.getUint16(at + 2);
  }
  throw new Unreadable('jpeg: damaged: no frame is in it');
}

/** RFC 9649: the canvas of an extended file, or the frame of a simple one. */
function webpSize(bytes: Uint8Array): PhotoSize {
  if (bytes.length < 30) throw new Unreadable(`webp: truncated at byte ${bytes.length}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const uint24 = (at: number) => view.getUint16(at, true) | (bytes[at + 2]! << 16);
  if (ascii(bytes, 12, 'VP8X')) return { format: 'webp', width: 1 + uint24(24), height: 1 + uint24(27) };
  if (ascii(bytes, 12, 'VP8L')) {
    const bits = view.getUint32(21, true);
    return { format: 'webp', width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) };
  }
  if (ascii(bytes, 12, 'VP8 '))
    return {
      format: 'webp',
      width: view.getUint16(26, true) & 0x3fff,
      height: view.getUint16(28, true) & 0x3fff,
    };
  throw new Unreadable('webp: damaged: no frame is in it');
}

/** Format and size by the first bytes; nothing for other files. @throws Unreadable when the file is damaged. */
export function photoSize(bytes: Uint8Array): PhotoSize | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return jpegSize(bytes);
  if (ascii(bytes, 0, 'RIFF') && ascii(bytes, 8, 'WEBP')) return webpSize(bytes);
  return undefined;
}
