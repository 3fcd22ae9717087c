// Where pictures come from: the worker (edge) or this browser (device). Both speak in latents and images.
import type { ModelCard } from '../models/card.ts';
import type { Image } from '../worker/image/png.ts';

export type Dreamer = {
  /** One image for each latent vector. */
  decode(card: ModelCard, latents: readonly Float32Array[]): Promise<Image[]>;
  /** Posterior mean of an image [channels · height · width] in 0…1. */
  encode(card: ModelCard, x: Float32Array): Promise<Float32Array>;
};

const fromBase64 = (text: string): Uint8Array => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));

/** The worker's own words about what went wrong. */
async function answerOf(response: Response): Promise<unknown> {
  const body = (await response.json().catch(() => undefined)) as { detail?: string } | undefined;
  if (response.ok && body) return body;
  throw new Error(body?.detail ?? `the server answered ${response.status}`);
}

async function ask(path: string, init?: RequestInit): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch {
    throw new Error('the server cannot be reached');
  }
  return answerOf(response);
}

const post = (path: string, body: unknown) =>
  ask(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });

export const fetchCards = async (): Promise<ModelCard[]> => (await ask('/models')) as ModelCard[];

/** Decodes that one request of the worker takes. */
const PER_REQUEST = 64;

export const edge: Dreamer = {
  async decode(card, latents) {
    const images: Image[] = [];
    for (let start = 0; start < latents.length; start += PER_REQUEST) {
      const part = latents.slice(start, start + PER_REQUEST).map((z) => Array.from(z));
      const answer = await post(`/decode?model=${card.id}@${card.version}&format=json`, { latents: part });
      for (const image of (answer as { images: { pixels: string }[] }).images)
        images.push({ ...card.image, pixels: fromBase64(image.pixels) });
    }
    return images;
  },

  async encode(card, x) {
    const { width, height, channels } = card.image;
    const area = width * height;
    const pixels = Array.from(
      { length: x.length },
      (_, i) => x[(i % channels) * area + Math.floor(i / channels)]!,
    );
    const answer = await post(`/encode?model=${card.id}@${card.version}`, {
      pixels,
      width,
      height,
      channels,
    });
    return Float32Array.from((answer as { mean: number[] }).mean);
  },
};
