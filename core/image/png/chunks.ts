// The chunks of a PNG (W3C PNG, third edition, 5 and 11) that its pixels depend on, and what they may say.
import { Unreadable } from '../../unreadable.ts';
import { crc32 } from '../deflate/checksum.ts';

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Samples of a pixel, and the depths that there are, for each colour type. */
const TYPES: Record<number, { samples: number; depths: readonly number[] }> = {
  0: { samples: 1, depths: [1, 2, 4, 8, 16] },
  2: { samples: 3, depths: [8, 16] },
  3: { samples: 1, depths: [1, 2, 4, 8] },
  4: { samples: 2, depths: [8, 16] },
  6: { samples: 4, depths: [8, 16] },
};
const KNOWN = new Set(['IHDR', 'PLTE', 'IDAT', 'IEND', 'tRNS']);
/** A letter of lower case in the first place: a reader may skip the chunk. */
const isAncillary = (type: string): boolean => /^[a-z]/.test(type);

export type PngFile = {
  width: number;
  height: number;
  /** Bits of a sample. */
  depth: number;
  colourType: 0 | 2 | 3 | 4 | 6;
  samples: number;
  interlaced: boolean;
  palette?: Uint8Array;
  transparency?: Uint8Array;
  /** All IDAT chunks together: a zlib stream. */
  data: Uint8Array;
};

export const failPng = (rule: string): never => {
  throw new Unreadable(`png: ${rule}`);
};

function readHeader(data: Uint8Array): Omit<PngFile, 'data'> {
  if (data.length !== 13) failPng(`IHDR has ${data.length} bytes, not 13`);
  const view = new DataView(data.buffer, data.byteOffset, 13);
  const [depth, colourType, compression, filter, interlace] = [8, 9, 10, 11, 12].map((at) =>
    view.getUint8(at),
  );
  const type = TYPES[colourType!] ?? failPng(`colour type ${colourType} does not exist`);
  if (!type.depths.includes(depth!)) failPng(`colour type ${colourType} with ${depth} bits does not exist`);
  if (compression !== 0 || filter !== 0)
    failPng(`compression ${compression} with filter ${filter} does not exist`);
  if (interlace! > 1) failPng(`interlace method ${interlace} does not exist`);
  return {
    width: view.getUint32(0),
    height: view.getUint32(4),
    depth: depth!,
    colourType: colourType as PngFile['colourType'],
    samples: type.samples,
    interlaced: interlace === 1,
  };
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0]!;
  const out = new Uint8Array(parts.reduce((n, part) => n + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

function requirePalette({ colourType, depth, samples, palette, transparency }: PngFile): void {
  const colours = palette ? palette.length / 3 : 0;
  if (palette && (!Number.isInteger(colours) || colours < 1 || colours > 256))
    failPng(`a palette of ${palette.length} bytes does not exist`);
  if (colourType === 3 && !palette) failPng('the palette (PLTE) is missing');
  if (colourType === 3 && colours > 2 ** depth) failPng(`${colours} colours are too many for ${depth} bits`);
  // Beside an alpha channel it has nothing to say.
  if (!transparency || colourType > 3) return;
  const { length } = transparency;
  if (colourType === 3 ? length > colours : length !== 2 * samples)
    failPng(`tRNS of ${length} bytes does not fit`);
}

/**
 * The parts of a file, its pixels still packed.
 * @throws Error naming the rule and the value: not a PNG, cut short, damaged, or in need of what is unknown here.
 */
export function readPngFile(bytes: Uint8Array): PngFile {
  if (SIGNATURE.some((byte, i) => bytes[i] !== byte)) failPng('not a PNG file (wrong signature)');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const found: Partial<PngFile> & { ended?: boolean } = {};
  let header: ReturnType<typeof readHeader> | undefined;
  const parts: Uint8Array[] = [];
  let before = '';
  for (let at = 8; !found.ended; ) {
    if (at + 12 > bytes.length) failPng(`truncated at byte ${bytes.length}: the end (IEND) is missing`);
    const length = view.getUint32(at);
    if (at + 12 + length > bytes.length)
      failPng(`truncated: a chunk of ${length} bytes runs past byte ${bytes.length}`);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const data = bytes.subarray(at + 8, at + 8 + length);
    at += 12 + length;
    if (type === 'CgBI') failPng("Apple's variant (CgBI) of PNG; save the picture again as a plain PNG");
    if (!header && type !== 'IHDR') failPng('the first chunk must be IHDR');
    if (!KNOWN.has(type)) {
      if (!isAncillary(type))
        failPng(`the chunk '${type.replace(/[^ -~]/g, '?')}' is needed, and unknown here`);
      before = type;
      continue;
    }
    if ((crc32(bytes, at - 8 - length, at - 4) | 0) !== view.getInt32(at - 4))
      failPng(`damaged: the checksum of ${type} is wrong`);
    if (type === 'IHDR' && header) failPng('IHDR is there twice');
    if (type === 'IHDR') header = readHeader(data);
    if (type === 'IDAT' && parts.length > 0 && before !== type)
      failPng('other chunks stand between those of IDAT');
    if (type === 'IDAT') parts.push(data);
    if (type === 'PLTE') found.palette = data;
    if (type === 'tRNS') found.transparency = data;
    if (type === 'IEND') found.ended = true;
    before = type;
  }
  if (parts.length === 0) failPng('no pixels (IDAT) are there');
  const { palette, transparency } = found;
  const file = {
    ...header!,
    ...(palette ? { palette } : {}),
    ...(transparency ? { transparency } : {}),
    data: joined(parts),
  };
  requirePalette(file);
  return file;
}
