// The same ONNX files in the visitor's browser, by dreamlet's own engine; onnxruntime-web takes what it declines, or
// everything when the page's address says `?engine=ort`.
import { judge } from '../core/anomaly/judge.ts';
import { anomalyTerms, type Posterior } from '../core/anomaly/terms.ts';
import { completed, completerFeeds, maskOf } from '../core/completion.ts';
import { readSymbols, writeSymbols } from '../core/compression/symbols.ts';
import { decoderFeeds, encoderFeeds, imageFeeds, priorFeeds } from '../core/feeds.ts';
import { toImage } from '../core/image/compose.ts';
import type { Image } from '../core/image/image.ts';
import { codesOfLogits, latentOfCodes } from '../core/latents/codes.ts';
import { drawLatent } from '../core/latents/draw.ts';
import { encodingOf } from '../core/latents/encoding.ts';
import { drawFromPrior, evenPrior, type RunPrior } from '../core/latents/prior.ts';
import { oneHotRow } from '../core/sampling/label.ts';
import { likeliestClass } from '../core/sampling/likeliest-class.ts';
import type { Able } from '../models/able.ts';
import {
  classesOf,
  type GaussianVaeCard,
  type GraphName,
  isDiscreteVae,
  isGaussianVae,
  type ModelCard,
} from '../models/card.ts';
import { isDiscrete, latentSize } from '../models/latent.ts';
import { nameOf } from '../models/model-id.ts';
import type { Session } from '../worker/engine/engine.ts';
import { firstAble } from '../worker/engine/first-able.ts';
import { createSimdEngine } from '../worker/engine/simd/engine.ts';
import kernelsUrl from '../worker/engine/simd/kernels.wasm?url';
import { createBrowserOrt } from './browser-ort.ts';
import type { Dreamer, OnDecode } from './dreamer.ts';
import { fetchWithProgress, type Progress } from './fetch-with-progress.ts';

/** Pixel means in 0…1 of some images, one after another, as images. */
function imagesOf({ image: { width, height, channels } }: ModelCard, means: Float32Array): Image[] {
  const size = width * height * channels;
  return Array.from({ length: means.length / size }, (_, i) =>
    toImage(means.subarray(i * size, (i + 1) * size), width, height, channels),
  );
}

export type Provider = 'simd' | 'webgpu' | 'wasm';

type Told = {
  onProgress: Progress;
  /** What a graph runs on. */
  onLoad(provider: Provider): void;
  onDecode: OnDecode;
};

/** A dreamer that runs here. */
export async function createDevice({ onProgress, onLoad, onDecode }: Told): Promise<Dreamer> {
  const ort = createBrowserOrt(onProgress, onLoad);
  const module = await WebAssembly.compile(await (await fetch(kernelsUrl)).arrayBuffer());
  const own = createSimdEngine(module);
  const simd = {
    ...own,
    async load(onnx: Uint8Array) {
      const session = await own.load(onnx);
      onLoad('simd');
      return session;
    },
  };
  const asked = new URLSearchParams(location.search).get('engine');
  const engine = asked === 'ort' ? ort : firstAble(simd, ort);
  // A code means what the prior that wrote it says, to the last bit: as at the edge, that is dreamlet's own engine.
  const priors = firstAble(own, ort);

  const sessions = new Map<string, Promise<Session>>();
  const sessionOf = (card: ModelCard, graph: GraphName): Promise<Session> => {
    const { file } = card.graphs[graph]!;
    const path = `/models/${nameOf(card)}/${file}`;
    let session = sessions.get(path);
    if (!session) {
      const bytes = card.files.find(({ name }) => name === file)?.bytes;
      session = fetchWithProgress(path, bytes, (share) => onProgress(card.title, share)).then((onnx) =>
        (graph === 'prior' ? priors : engine).load(new Uint8Array(onnx)),
      );
      session.catch(() => sessions.delete(path));
      sessions.set(path, session);
    }
    return session;
  };
  // A session runs one thing at a time.
  let queue: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = queue.then(work);
    queue = result.catch(() => {});
    return result;
  };

  /** p(x|z) of all latents, one after another. */
  const decode = async (
    card: Able<'generate'>,
    latents: readonly Float32Array[],
    labels?: readonly Float32Array[],
  ) => {
    const session = await sessionOf(card, 'decoder');
    const begun = performance.now();
    const { mean, log_variance } = await session.run(decoderFeeds(latents, labels));
    onDecode(performance.now() - begun, latents.length);
    return { mean: mean!.data, ...(log_variance ? { logVariance: log_variance.data } : {}) };
  };
  const encode = async (card: Able<'encode'>, x: Float32Array, row?: Float32Array) =>
    (await sessionOf(card, 'encoder')).run(encoderFeeds(card, x, row));
  const posteriorOf = async (
    card: GaussianVaeCard,
    x: Float32Array,
    row?: Float32Array,
  ): Promise<Posterior> => {
    const { mean, log_variance } = await encode(card, x, row);
    return { mean: mean!.data, logVariance: log_variance!.data };
  };
  const priorOf = (card: Able<'generate'>): RunPrior =>
    card.graphs.prior ? (codes) => runPrior(card, codes) : evenPrior;
  const runPrior = async (card: Able<'generate'>, codes: readonly Float32Array[]) => {
    const { logits } = await (await sessionOf(card, 'prior')).run(priorFeeds(codes));
    const size = latentSize(card.latent);
    return codes.map((_, i) => logits!.data.subarray(i * size, (i + 1) * size));
  };

  /** What the bound of an image is made of: its posterior, and the latent that p(x|z) is asked of. */
  const boundOf = async (card: Able<'anomaly'>, x: Float32Array, row?: Float32Array) => {
    if (!isDiscreteVae(card)) {
      const posterior = await posteriorOf(card, x, row);
      return { latent: posterior.mean, posterior };
    }
    const spec = card.latent;
    const logits = (await encode(card, x)).logits!.data;
    const latent = latentOfCodes(spec, codesOfLogits(spec, logits));
    const [priorLogits] = await priorOf(card)([latent]);
    return { latent, posterior: { spec, latent, logits, priorLogits: priorLogits! } };
  };

  /** What the model is told of an image: the class that was asked for, else the likeliest; nothing where it takes none. */
  const classOf = async (card: Able<'encode'>, x: Float32Array, label: number | undefined) => {
    const classes = classesOf(card)?.length;
    if (classes === undefined) return {};
    const likeliest = () => {
      if (!isGaussianVae(card)) throw new Error('choose the class of the picture first');
      return likeliestClass(x, classes, {
        encode: (row) => posteriorOf(card, x, row),
        decode: async (z, row) => (await decode(card, [z], [row])).mean,
      });
    };
    const found = label ?? (await likeliest());
    return { label: found, row: oneHotRow(found, classes) };
  };

  return {
    draw: async (card, seeds, temperature) => {
      const { latent, graphs } = card;
      if (!graphs.prior || !isDiscrete(latent))
        return seeds.map((seed) => drawLatent(latent, seed, 0, temperature));
      const places = seeds.map((seed) => ({ seed, index: 0 }));
      return inTurn(() => drawFromPrior(latent, places, temperature, priorOf(card)));
    },
    decode: (card, latents, labels) =>
      inTurn(async () => {
        const { mean } = await decode(card, latents, labels);
        return imagesOf(card, mean);
      }),
    encode: (card, x, asked) =>
      inTurn(async () => {
        const { label, row } = await classOf(card, x, asked);
        const { latent } = encodingOf(card.latent, await encode(card, x, row));
        return { latent, ...(label === undefined ? {} : { label }) };
      }),
    classify: (card, x) =>
      inTurn(async () => {
        const session = await sessionOf(card, 'classifier');
        return (await session.run(imageFeeds(card.image, x))).probabilities!.data;
      }),
    writeSymbols: (card, x, quality) =>
      inTurn(async () => {
        const logits = (await encode(card, x)).logits!.data;
        const coder = { tag: card.compression.tag, spec: card.latent };
        return (await writeSymbols(coder, { quality, logits }, priorOf(card))).code;
      }),
    readSymbols: (card, code) =>
      inTurn(async () => (await readSymbols(card.latent, code, priorOf(card))).latent),
    complete: (card, x, mask, { seed, count }) =>
      inTurn(async () => {
        const known = maskOf(mask, card.image);
        const session = await sessionOf(card, 'completer');
        const { mean } = await session.run(completerFeeds(card, x, known, seed, [0, count]));
        const all = Array.from({ length: count }, (_, i) =>
          completed(x, mean!.data.subarray(i * x.length, (i + 1) * x.length), known),
        );
        return all.flatMap((one) => imagesOf(card, one));
      }),
    judge: (card, x, asked) =>
      inTurn(async () => {
        const { row } = await classOf(card, x, asked);
        const { latent, posterior } = await boundOf(card, x, row);
        const pixels = await decode(card, [latent], row && [row]);
        return judge(anomalyTerms(x, posterior, pixels), card.anomaly);
      }),
  };
}
