// Gives a package the file of where it encodes test images: posterior means, and the plane along which they spread most.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { toBase64 } from '../core/image/encode.ts';
import type { ModelCard } from '../models/card.ts';
import { classesOf } from '../models/card.ts';
import { modelCardSchema } from '../models/card-schema.ts';
import type { EncodedImages } from '../models/encoded.ts';
import { encodeImages } from '../train/evaluate/compression/compression.ts';
import { symmetricEigen } from '../train/evaluate/fidelity/eigen.ts';
import { momentsOf } from '../train/evaluate/fidelity/frechet.ts';
import { openDensity } from '../train/evaluate/package.ts';
import type { HeldOut } from './calibrate.ts';
import { replaceFile } from './folder.ts';
import { fileCards } from './package.ts';

const FILE = 'encoded.json';
const MAX_CODE = 127;
/** Numbers of the file have so many digits. */
const DIGITS = 5;

const rounded = (values: ArrayLike<number>): number[] =>
  Array.from(values, (value) => Number(value.toPrecision(DIGITS)));

/** A unit vector with the sign that makes its largest component positive: either is an axis, one is reproducible. */
function signed(axis: Float64Array): Float64Array {
  const largest = axis.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a));
  return largest < 0 ? axis.map((value) => -value) : axis;
}

/** The two directions of largest variance, and their shares of all of it; the latents themselves where they are two. */
function planeOf(covariance: Float64Array, J: number) {
  // Nothing where all codes are alike.
  const total =
    Array.from({ length: J }, (_, j) => covariance[j * J + j]!).reduce((sum, one) => sum + one) || 1;
  if (J <= 2) {
    const axis = (k: number) => Float64Array.from({ length: J }, (_, j) => (j === k ? 1 : 0));
    return { axes: [axis(0), axis(1)], explained: [0, 1].map((k) => (covariance[k * J + k] ?? 0) / total) };
  }
  const { values, vectors } = symmetricEigen(covariance, J);
  const order = [...values.keys()].sort((a, b) => values[b]! - values[a]!).slice(0, 2);
  return {
    axes: order.map((k) => signed(vectors.slice(k * J, (k + 1) * J))),
    // Rounding can leave eigenvalues a little below zero.
    explained: order.map((k) => Math.max(0, values[k]!) / total),
  };
}

/** The file of posterior means [N · J] of labelled images, and the shares of variance that its plane shows. */
export function encodedImages(
  means: Float32Array,
  J: number,
  said: Pick<EncodedImages, 'split' | 'shown'>,
  labels?: ArrayLike<number>,
): { file: EncodedImages; explained: number[] } {
  const { mean, covariance } = momentsOf({ count: means.length / J, size: J, data: means });
  const reach = new Float64Array(J);
  means.forEach((value, i) => {
    reach[i % J] = Math.max(reach[i % J]!, Math.abs(value - mean[i % J]!));
  });
  // As they are written: codes are of these.
  const [centre, step] = [rounded(mean), rounded(reach.map((most) => most / MAX_CODE))];
  const codes = Int8Array.from(means, (value, i) => {
    const j = i % J;
    const code = step[j]! > 0 ? Math.round((value - centre[j]!) / step[j]!) : 0;
    return Math.max(-MAX_CODE, Math.min(MAX_CODE, code));
  });
  const { axes, explained } = planeOf(covariance, J);
  return {
    file: {
      ...said,
      centre,
      step,
      codes: toBase64(new Uint8Array(codes.buffer)),
      axes: [rounded(axes[0]!), rounded(axes[1]!)],
      ...(labels ? { labels: Array.from(labels) } : {}),
    },
    explained: rounded(explained),
  };
}

/**
 * Encodes the test images that `load` gives with the graphs of the package, writes them beside these, and the card anew: no
 * pixel changes, and so the version stays.
 * @throws Error when the package is not of Gaussian latents with an encoder, or is damaged; it stays as it was.
 */
export async function addEncoded(
  folder: string,
  load: (card: ModelCard) => Promise<Pick<HeldOut, 'test' | 'testSplit'>>,
): Promise<ModelCard> {
  const { card, subject } = openDensity(folder);
  const { test, testSplit: split } = await load(card);
  const { means } = await encodeImages(subject, test, { backend: 'cpu', threads: 1 });
  const told = classesOf(card) ? '; the encoder is told their classes' : '';
  const { file, explained } = encodedImages(
    means,
    card.latent.dimensions,
    {
      split,
      shown: `grey levels or colours in 0…1, whatever the variant of training (${card.dataset.variant})${told}`,
    },
    test.labels,
  );
  const bytes = new TextEncoder().encode(`${JSON.stringify(file)}\n`);
  const others = Object.fromEntries(
    card.files
      .filter(({ name }) => name !== FILE)
      .map(({ name }) => [name, readFileSync(join(folder, name))]),
  );
  const { encoded: _, ...rest } = card;
  // Parsing puts the sections into the order of the schema.
  const next = modelCardSchema.parse({
    ...rest,
    encoded: { file: FILE, split, images: test.count, explained },
    files: fileCards({ ...others, [FILE]: bytes }),
  });
  const without = modelCardSchema.parse({ ...rest, files: fileCards(others) });
  replaceFile(folder, FILE, bytes, { without, next });
  return next;
}
