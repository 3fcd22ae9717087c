// Pictures from the worker, by its routes.
import { createClient, type Pixels, pixelsOf } from '../client/index.ts';
import { largest } from '../core/budget.ts';
import { fromBase64, toBase64 } from '../core/image/encode.ts';
import type { Image } from '../core/image/image.ts';
import { latentOfCodes } from '../core/latents/codes.ts';
import { drawLatent } from '../core/latents/draw.ts';
import { classesOf, type ModelCard } from '../models/card.ts';
import { isDiscrete } from '../models/latent.ts';
import { nameOf } from '../models/model-id.ts';
import type { Dreamer, OnDecode } from './dreamer.ts';

const client = createClient(location.origin);

export const fetchCards = async (): Promise<ModelCard[]> => (await client.models()) as ModelCard[];

/** Floating-point operations that one request may take where this page comes from. */
export const fetchMaxOperations = async (): Promise<number> => (await client.health()).maxOperations;

/** An image of a model as its routes take it. */
function pixelsFor({ image: { width, height, channels } }: ModelCard, x: Float32Array): Pixels {
  const area = width * height;
  const pixels = Array.from(
    { length: x.length },
    (_, i) => x[(i % channels) * area + Math.floor(i / channels)]!,
  );
  return { pixels, width, height, channels };
}

function queryFor(card: ModelCard, label: number | undefined) {
  const names = classesOf(card);
  return { model: nameOf(card), ...(names && label !== undefined ? { label: names[label] } : {}) };
}

/** Decodes that one request of the worker takes at most. */
const PER_REQUEST = 64;

/** Where learned priors are drawn from, whatever decodes: the same engine gives the same codes here as at the edge. */
let here: Promise<Dreamer> | undefined;
async function drawHere(): Promise<Dreamer> {
  here ??= import('./on-device.ts').then(({ createDevice }) =>
    createDevice({ onProgress() {}, onLoad() {}, onDecode() {} }),
  );
  here.catch(() => {
    here = undefined;
  });
  return here;
}

export const createEdge = (onDecode: OnDecode, maxOperations: number): Dreamer => ({
  async draw(card, seeds, temperature) {
    if (card.graphs.prior) return (await drawHere()).draw(card, seeds, temperature);
    return seeds.map((seed) => drawLatent(card.latent, seed, 0, temperature));
  },

  async decode(card, latents, labels) {
    const images: Image[] = [];
    const { flopsPerImage } = card.graphs.decoder;
    // What fits into no request is asked for one by one, and the answer says so.
    const step = Math.max(
      1,
      largest(PER_REQUEST, (n) => n * flopsPerImage, maxOperations),
    );
    for (let start = 0; start < latents.length; start += step) {
      const part = (vectors: readonly Float32Array[]) =>
        vectors.slice(start, start + step).map((vector) => Array.from(vector));
      const body = { latents: part(latents), ...(labels ? { labels: part(labels) } : {}) };
      const begun = performance.now();
      const answer = await client.decode(body, { model: nameOf(card) });
      onDecode(performance.now() - begun, answer.images.length);
      for (const image of answer.images) images.push({ ...card.image, pixels: pixelsOf(image) });
    }
    return images;
  },

  async encode(card, x, label) {
    const answer = await client.encode(pixelsFor(card, x), queryFor(card, label));
    const { mean, codes = [] } = answer;
    return {
      latent: isDiscrete(card.latent) ? latentOfCodes(card.latent, codes) : Float32Array.from(mean ?? []),
      ...(answer.label === undefined ? {} : { label: classesOf(card)!.indexOf(answer.label) }),
    };
  },

  judge: (card, x, label) => client.anomaly(pixelsFor(card, x), queryFor(card, label)),

  async classify(card, x) {
    const { probabilities } = await client.classify(pixelsFor(card, x), { model: nameOf(card) });
    return Float32Array.from(card.labels, (label) => probabilities[label]!);
  },

  async writeSymbols(card, x, quality) {
    const { code } = await client.compress(pixelsFor(card, x), { model: nameOf(card), quality });
    return fromBase64(code);
  },

  async readSymbols(card, code) {
    const { codes } = await client.decompress(toBase64(code));
    return latentOfCodes(card.latent, codes!);
  },

  async complete(card, x, mask, { seed, count }) {
    const { flopsPerImage } = card.graphs.completer;
    const n = Math.max(
      1,
      largest(count, (images) => images * flopsPerImage, maxOperations),
    );
    const asked = { model: nameOf(card), mask, seed, n };
    const { images } = await client.complete(pixelsFor(card, x), asked);
    return images.map((image) => ({ ...card.image, pixels: pixelsOf(image) }));
  },
});
