// Pictures from the worker, by its routes.
import type { Judgement } from '../core/anomaly/judge.ts';
import { fromBase64 } from '../core/image/encode.ts';
import type { Image } from '../core/image/image.ts';
import { latentOfCodes } from '../core/latents/codes.ts';
import { drawLatent } from '../core/latents/draw.ts';
import { classesOf, type ModelCard } from '../models/card.ts';
import { isDiscrete } from '../models/latent.ts';
import type { Dreamer, OnDecode } from './dreamer.ts';

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

/** What POST `route` answers about an image; `more` are parameters of its query. */
function postImage(
  route: string,
  card: ModelCard,
  x: Float32Array,
  label: number | undefined,
  more: Record<string, string> = {},
): Promise<unknown> {
  const { width, height, channels } = card.image;
  const area = width * height;
  const pixels = Array.from(
    { length: x.length },
    (_, i) => x[(i % channels) * area + Math.floor(i / channels)]!,
  );
  const names = classesOf(card);
  const query = new URLSearchParams({
    ...(names && label !== undefined ? { label: names[label]! } : {}),
    ...more,
  });
  const model = `${card.id}@${card.version}`;
  return post(`${route}?model=${model}${query.size > 0 ? `&${query}` : ''}`, {
    pixels,
    width,
    height,
    channels,
  });
}

/** Decodes that one request of the worker takes. */
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

/** The images of a JSON answer. */
const imagesOf = (answer: unknown, { image }: ModelCard): Image[] =>
  (answer as { images: { pixels: string }[] }).images.map(({ pixels }) => ({
    ...image,
    pixels: fromBase64(pixels),
  }));

export const createEdge = (onDecode: OnDecode): Dreamer => ({
  async draw(card, seeds, temperature) {
    if (card.graphs.prior) return (await drawHere()).draw(card, seeds, temperature);
    return seeds.map((seed) => drawLatent(card.latent, seed, 0, temperature));
  },

  async decode(card, latents, labels) {
    const images: Image[] = [];
    for (let start = 0; start < latents.length; start += PER_REQUEST) {
      const part = (vectors: readonly Float32Array[]) =>
        vectors.slice(start, start + PER_REQUEST).map((vector) => Array.from(vector));
      const begun = performance.now();
      const answer = await post(`/decode?model=${card.id}@${card.version}&format=json`, {
        latents: part(latents),
        ...(labels ? { labels: part(labels) } : {}),
      });
      const some = imagesOf(answer, card);
      onDecode(performance.now() - begun, some.length);
      images.push(...some);
    }
    return images;
  },

  async encode(card, x, label) {
    const answer = (await postImage('/encode', card, x, label)) as {
      mean?: number[];
      codes?: number[];
      label?: string;
    };
    const { mean, codes = [] } = answer;
    return {
      latent: isDiscrete(card.latent) ? latentOfCodes(card.latent, codes) : Float32Array.from(mean ?? []),
      ...(answer.label === undefined ? {} : { label: classesOf(card)!.indexOf(answer.label) }),
    };
  },

  judge: async (card, x, label) => (await postImage('/anomaly', card, x, label)) as Judgement,

  async classify(card, x) {
    const answer = await postImage('/classify', card, x, undefined);
    const { probabilities } = answer as { probabilities: Record<string, number> };
    return Float32Array.from(card.labels, (label) => probabilities[label]!);
  },

  async complete(card, x, mask, { seed, count }) {
    const asked = { mask, seed, n: String(count), format: 'json' };
    return imagesOf(await postImage('/complete', card, x, undefined, asked), card);
  },
});
