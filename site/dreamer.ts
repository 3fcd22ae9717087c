// Where pictures come from: the worker (edge) or this browser (device). Both speak in latents and images.
import type { Judgement } from '../core/anomaly/judge.ts';
import { fromBase64 } from '../core/image/encode.ts';
import type { Image } from '../core/image/image.ts';
import type { Able } from '../models/able.ts';
import { classesOf, type ModelCard } from '../models/card.ts';

export type Dreamer = {
  /** One image for each latent vector; `labels` are the weights [classes] of each, where the model takes them. */
  decode(
    card: Able<'generate'>,
    latents: readonly Float32Array[],
    labels: readonly Float32Array[] | undefined,
  ): Promise<Image[]>;
  /**
   * Posterior mean of an image [channels · height · width] in 0…1. Where the model takes a label: that of the class
   * `label`, else of the likeliest, which comes back.
   */
  encode(
    card: Able<'encode'>,
    x: Float32Array,
    label: number | undefined,
  ): Promise<{ mean: Float32Array; label?: number }>;
  /** Whether the model has seen images like this one; `label` as for `encode`. */
  judge(card: Able<'anomaly'>, x: Float32Array, label: number | undefined): Promise<Judgement>;
};

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

/** What POST `route` answers about an image. */
function postImage(
  route: string,
  card: ModelCard,
  x: Float32Array,
  label: number | undefined,
): Promise<unknown> {
  const { width, height, channels } = card.image;
  const area = width * height;
  const pixels = Array.from(
    { length: x.length },
    (_, i) => x[(i % channels) * area + Math.floor(i / channels)]!,
  );
  const names = classesOf(card);
  const asked = names && label !== undefined ? `&label=${encodeURIComponent(names[label]!)}` : '';
  return post(`${route}?model=${card.id}@${card.version}${asked}`, { pixels, width, height, channels });
}

/** Decodes that one request of the worker takes. */
const PER_REQUEST = 64;

export const edge: Dreamer = {
  async decode(card, latents, labels) {
    const images: Image[] = [];
    for (let start = 0; start < latents.length; start += PER_REQUEST) {
      const part = (vectors: readonly Float32Array[]) =>
        vectors.slice(start, start + PER_REQUEST).map((vector) => Array.from(vector));
      const answer = await post(`/decode?model=${card.id}@${card.version}&format=json`, {
        latents: part(latents),
        ...(labels ? { labels: part(labels) } : {}),
      });
      for (const image of (answer as { images: { pixels: string }[] }).images)
        images.push({ ...card.image, pixels: fromBase64(image.pixels) });
    }
    return images;
  },

  async encode(card, x, label) {
    const answer = (await postImage('/encode', card, x, label)) as { mean: number[]; label?: string };
    return {
      mean: Float32Array.from(answer.mean),
      ...(answer.label === undefined ? {} : { label: classesOf(card)!.indexOf(answer.label) }),
    };
  },

  judge: async (card, x, label) => (await postImage('/anomaly', card, x, label)) as Judgement,
};
