// Seeded minibatches. What epoch e draws depends on the seed and e alone, so a resumed run sees the same batches.
import { createStream } from '../../core/sampling/stream.ts';
import type { Images } from './data-set.ts';

/**
 * How bytes become training values: `grey` divides by 255; `dynamic` draws every pixel anew at every use, 1 with
 * probability byte / 255; `static` draws it once for the whole run.
 */
export const VARIANTS = ['static', 'dynamic', 'grey'] as const;
export type Variant = (typeof VARIANTS)[number];

/** Writes `values` for the given bytes: one 32-bit draw for each byte that is neither 0 nor 255. */
export function binarise(bytes: Uint8Array, draw: () => number, values: Float32Array): void {
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    // u · 255 < byte · 2³² has probability byte / 255 to within 2⁻³².
    values[i] = byte === 0 ? 0 : byte === 255 ? 1 : draw() * 255 < byte * 4294967296 ? 1 : 0;
  }
}

/** The whole set as values 0…1, [count, channels · height · width]; `seed` fixes the binarisation. */
export function toValues(images: Images, variant: Variant, seed: string): Float32Array {
  const values = new Float32Array(images.pixels.length);
  if (variant === 'grey') for (let i = 0; i < values.length; i++) values[i] = images.pixels[i]! / 255;
  else binarise(images.pixels, createStream(seed, 'binarise').uint32, values);
  return values;
}

/** Indices 0…count − 1 in the order of epoch `epoch`: Fisher and Yates' shuffle. */
export function shuffled(count: number, seed: string, epoch: number): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  const stream = createStream(seed, 'shuffle', epoch);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(stream.uniform() * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

/** The images of each epoch in the order in which they are shown. */
export type Order = (epoch: number) => Uint32Array;

/**
 * As many images as there are labels, every label that occurs as often as any other, in turn: images of rare labels come
 * several times in an epoch, those of frequent ones not in every epoch.
 */
export function balancedOrder(labels: Uint8Array, seed: string): Order {
  const members = new Map<number, number[]>();
  labels.forEach((label, i) => {
    members.set(label, [...(members.get(label) ?? []), i]);
  });
  const classes = [...members.keys()].sort((a, b) => a - b).map((label) => members.get(label)!);
  return (epoch) => {
    const decks = classes.map((images) => ({ images, order: new Uint32Array(0) as Uint32Array, round: 0 }));
    return Uint32Array.from(labels, (_, i) => {
      const deck = decks[i % decks.length]!;
      const at = Math.floor(i / decks.length) % deck.images.length;
      if (at === 0) deck.order = shuffled(deck.images.length, `${seed}/${deck.round++}`, epoch);
      return deck.images[deck.order[at]!]!;
    });
  };
}

/** Turns every row of `width` values round, in place. */
function mirrorRows(values: Float32Array, width: number): void {
  for (let start = 0; start < values.length; start += width) values.subarray(start, start + width).reverse();
}

/**
 * The minibatches of an epoch: a function of its number, giving [batchSize, channels · height · width] in 0…1,
 * each a fresh array. With `mirror` every other image, by chance, is turned left to right. Images that do not fill the last batch sit the epoch out; the next one shuffles again.
 * `order` takes the place of a shuffle of all.
 * @throws Error when the set is smaller than one batch.
 */
export function createBatches(
  images: Images,
  options: { batchSize: number; variant: Variant; seed: string; mirror?: boolean; order?: Order },
): (epoch: number) => Generator<Float32Array> {
  const { batchSize, variant, seed, mirror } = options;
  const orderOf = options.order ?? ((epoch) => shuffled(images.count, seed, epoch));
  if (batchSize > images.count)
    throw new Error(
      `batches: batchSize ${batchSize} exceeds the ${images.count} images of the set; --batchSize=${images.count} is the largest that fits`,
    );
  const size = images.width * images.height * images.channels;
  const fixed = variant === 'dynamic' ? undefined : toValues(images, variant, seed);
  return function* (epoch) {
    const order = orderOf(epoch);
    const draw = createStream(seed, 'binarise', epoch).uint32;
    const sides = createStream(seed, 'mirror', epoch);
    for (let start = 0; start + batchSize <= images.count; start += batchSize) {
      const batch = new Float32Array(batchSize * size);
      for (let b = 0; b < batchSize; b++) {
        const from = order[start + b]! * size;
        const target = batch.subarray(b * size, (b + 1) * size);
        if (fixed) target.set(fixed.subarray(from, from + size));
        else binarise(images.pixels.subarray(from, from + size), draw, target);
        if (mirror && sides.uniform() < 0.5) mirrorRows(target, images.width);
      }
      yield batch;
    }
  };
}
