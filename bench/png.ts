// PNG: an image and a sheet as /generate writes them, from every model that ships; the same scanlines through fflate
// and zlib, both at level 6 and without filters, which is what went before.
import { readFileSync } from 'node:fs';
import { constants, deflateSync } from 'node:zlib';
import { zlibSync } from 'fflate';
import { sheet, toImage } from '../core/image/compose.ts';
import type { Image } from '../core/image/image.ts';
import { encodePng } from '../core/image/png.ts';
import { drawLatent } from '../core/latents/draw.ts';
import { drawnClass, oneHotRow } from '../core/sampling/label.ts';
import type { PlainRow } from '../figures/table.ts';
import { type Able, isAble } from '../models/able.ts';
import { classesOf, type ModelCard } from '../models/card.ts';
import { latentSize } from '../models/latent.ts';
import { build } from '../scripts/build.ts';
import { createNodeEngine } from '../worker/node.ts';
import type { Report } from './report.ts';
import { median } from './statistics.ts';

const SEED = 'bench';
const IMAGES = 64;
const COLUMNS = 8;
const ROUNDS = 15;
/** Bytes of a PNG besides the zlib stream: signature, IHDR, frame of IDAT, IEND. */
const FRAME_BYTES = 8 + 25 + 12 + 12;

async function imagesOf(card: Able<'generate'>, folder: string): Promise<Image[]> {
  const { graphs, image, latent } = card;
  const classes = classesOf(card)?.length;
  const session = await createNodeEngine().load(readFileSync(`${folder}/${graphs.decoder.file}`));
  const images: Image[] = [];
  for (let i = 0; i < IMAGES; i++) {
    const data = drawLatent(latent, SEED, i);
    const { mean } = await session.run({
      z: { shape: [1, latentSize(latent)], data },
      ...(classes
        ? { label: { shape: [1, classes], data: oneHotRow(drawnClass(SEED, i, classes), classes) } }
        : {}),
    });
    images.push(toImage(mean!.data, image.width, image.height, image.channels));
  }
  return images;
}

function unfiltered({ width, height, channels, pixels }: Image): Uint8Array {
  const row = width * channels;
  const lines = new Uint8Array((row + 1) * height);
  for (let y = 0; y < height; y++) lines.set(pixels.subarray(y * row, (y + 1) * row), y * (row + 1) + 1);
  return lines;
}

const ENCODERS: Record<string, (image: Image) => number> = {
  dreamlet: (image) => encodePng(image).length,
  fflate: (image) => FRAME_BYTES + zlibSync(unfiltered(image), { level: 6 }).length,
  zlib: (image) =>
    FRAME_BYTES + deflateSync(unfiltered(image), { level: constants.Z_DEFAULT_COMPRESSION }).length,
};

/** Microseconds of one encoding by each encoder, and its bytes; the encoders take turns. */
function measure(images: readonly Image[], repeats: number): Record<string, { us: number; bytes: number }> {
  const rounds: Record<string, number[]> = {};
  const bytes: Record<string, number> = {};
  for (let round = -2; round < ROUNDS; round++)
    for (const [name, encode] of Object.entries(ENCODERS)) {
      bytes[name] = 0;
      const start = performance.now();
      for (let i = 0; i < repeats; i++) for (const image of images) bytes[name] += encode(image);
      const us = ((performance.now() - start) * 1000) / (repeats * images.length);
      bytes[name] /= repeats * images.length;
      // The first rounds are for the compiler.
      rounds[name] ??= [];
      if (round >= 0) rounds[name].push(us);
    }
  return Object.fromEntries(
    Object.keys(ENCODERS).map((name) => [name, { us: median(rounds[name]!), bytes: bytes[name]! }]),
  );
}

export async function png(): Promise<Report> {
  await build();
  const cards: ModelCard[] = JSON.parse(readFileSync('dist/models/index.json', 'utf8'));
  const rows: PlainRow[] = [];
  for (const card of cards.filter((one) => isAble(one, 'generate'))) {
    const name = `${card.id}@${card.version}`;
    const images = await imagesOf(card, `dist/models/${name}`);
    const cases: [string, Image[], number][] = [
      ['image', images, 8],
      [`sheet of ${IMAGES}`, [sheet(images, COLUMNS)], 16],
    ];
    for (const [what, list, repeats] of cases) {
      const { dreamlet, fflate, zlib } = measure(list, repeats);
      rows.push({
        what: `${name}, ${what}`,
        µs: dreamlet!.us,
        'fflate µs': fflate!.us,
        'zlib µs': zlib!.us,
        'times as fast as fflate': fflate!.us / dreamlet!.us,
        bytes: Math.round(dreamlet!.bytes),
        'fflate bytes': Math.round(fflate!.bytes),
        'zlib bytes': Math.round(zlib!.bytes),
        'of fflate': dreamlet!.bytes / fflate!.bytes,
      });
    }
  }
  return {
    title: `PNG encoding of decoded images, ${cards[0]!.image.width}×${cards[0]!.image.height}`,
    protocol: `${IMAGES} images of seed ${SEED} from each model, one by one and as one sheet; median of ${ROUNDS} rounds in which the encoders take turns. fflate and zlib: level 6, no filter; zlib is native code.`,
    seed: SEED,
    packages: ['fflate'],
    rows,
  };
}
