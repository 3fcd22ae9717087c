// Runs the graphs of a model. Image i must have the same bytes alone and in a batch (contract 4): where an engine
// adds in another order for many, images go through one at a time.
import type { CodePosterior } from '../../core/anomaly/code-kl.ts';
import type { Pixels, Posterior } from '../../core/anomaly/terms.ts';
import { completed, completerFeeds } from '../../core/completion.ts';
import { decoderFeeds, encoderFeeds, imageFeeds, priorFeeds } from '../../core/feeds.ts';
import { codesOfLogits, latentOfCodes } from '../../core/latents/codes.ts';
import { drawLatent } from '../../core/latents/draw.ts';
import { type Encoding, encodingOf } from '../../core/latents/encoding.ts';
import { drawFromPrior, evenPrior, type Place, type RunPrior } from '../../core/latents/prior.ts';
import type { Tensor } from '../../core/tensor.ts';
import type { Able } from '../../models/able.ts';
import { type DiscreteVaeCard, type GaussianVaeCard, isDiscreteVae } from '../../models/card.ts';
import { isDiscrete } from '../../models/latent.ts';
import type { Session } from '../engine/engine.ts';
import type { EngineName, ModelStore } from './store.ts';

/** Images per run of the engine: few sizes, so that few plans are made, and a bounded memory. */
const BATCHES = [16, 4, 1];

/** Rows `from` … `to` − 1. */
type Range = readonly [from: number, to: number];

/** `output` of a graph for `count` rows, each by itself; `feedsOf` gives the inputs of some of them. */
async function runRows(
  session: Session,
  count: number,
  feedsOf: (range: Range) => Record<string, Tensor>,
  output: string,
): Promise<Float32Array[]> {
  if (session.runEach) {
    const list = Array.from({ length: count }, (_, i) => feedsOf([i, i + 1]));
    return (await session.runEach(list)).map((results) => results[output]!.data);
  }
  const rows: Float32Array[] = [];
  while (rows.length < count) {
    const left = count - rows.length;
    const batch = left > 1 && session.batchInvariant ? BATCHES.find((size) => size <= left)! : 1;
    const { data } = (await session.run(feedsOf([rows.length, rows.length + batch])))[output]!;
    const size = data.length / batch;
    for (let i = 0; i < batch; i++) rows.push(data.subarray(i * size, (i + 1) * size));
  }
  return rows;
}

/**
 * Pixel means in 0…1, [channels · height · width] for each latent; `labels` are the weights [classes] of each image of a
 * conditional model.
 */
export const decodeAll = (
  store: ModelStore,
  card: Able<'generate'>,
  latents: readonly Float32Array[],
  labels: readonly Float32Array[] | undefined,
  engine?: EngineName,
): Promise<Float32Array[]> =>
  store.withSession(
    card,
    'decoder',
    (session) =>
      runRows(
        session,
        latents.length,
        (range) => decoderFeeds(latents.slice(...range), labels?.slice(...range)),
        'mean',
      ),
    engine,
  );

/** What `use` makes of the prior of a model's codes. */
export const withPrior = <T>(
  store: ModelStore,
  card: Able<'generate'>,
  use: (run: RunPrior) => Promise<T>,
  engine?: EngineName,
): Promise<T> =>
  card.graphs.prior
    ? store.withSession(
        card,
        'prior',
        (session) =>
          use((codes) =>
            runRows(session, codes.length, (range) => priorFeeds(codes.slice(...range)), 'logits'),
          ),
        engine,
      )
    : use(evenPrior);

/** The latent of every place, as graph input: from the prior of the card, or from the one that was learned. */
export async function drawLatents(
  store: ModelStore,
  card: Able<'generate'>,
  places: readonly Place[],
  temperature: number,
  engine?: EngineName,
): Promise<Float32Array[]> {
  const { latent, graphs } = card;
  if (!graphs.prior || !isDiscrete(latent))
    return places.map(({ seed, index }) => drawLatent(latent, seed, index, temperature));
  return withPrior(store, card, (run) => drawFromPrior(latent, places, temperature, run), engine);
}

/** p(x|z) of one latent vector; `label` as in `decodeAll`. */
export const decodePixels = (
  store: ModelStore,
  card: Able<'generate'>,
  z: Float32Array,
  label: Float32Array | undefined,
  engine?: EngineName,
): Promise<Pixels> =>
  store.withSession(
    card,
    'decoder',
    async (session) => {
      const { mean, log_variance } = await session.run(decoderFeeds([z], label && [label]));
      return { mean: mean!.data, ...(log_variance ? { logVariance: log_variance.data } : {}) };
    },
    engine,
  );

/**
 * What q(z|x) is for one image [channels · height · width] in 0…1; q(z|x, y) with the weights `label` [classes] of a
 * conditional model.
 */
export const encodeImage = (
  store: ModelStore,
  card: Able<'encode'>,
  x: Float32Array,
  label: Float32Array | undefined,
  engine?: EngineName,
): Promise<Encoding> =>
  store.withSession(
    card,
    'encoder',
    async (session) => encodingOf(card.latent, await session.run(encoderFeeds(card, x, label))),
    engine,
  );

/** As `encodeImage`, of a model whose posterior is Gaussian. */
export const encodePosterior = (
  store: ModelStore,
  card: GaussianVaeCard,
  x: Float32Array,
  label: Float32Array | undefined,
  engine?: EngineName,
): Promise<Posterior> =>
  store.withSession(
    card,
    'encoder',
    async (session) => {
      const { mean, log_variance } = await session.run(encoderFeeds(card, x, label));
      return { mean: mean!.data, logVariance: log_variance!.data };
    },
    engine,
  );

/** What the bound of an image is made of: its posterior, and the latent that p(x|z) is asked of. */
export async function boundOf(
  store: ModelStore,
  card: GaussianVaeCard | DiscreteVaeCard,
  x: Float32Array,
  label: Float32Array | undefined,
  engine?: EngineName,
): Promise<{ posterior: Posterior | CodePosterior; latent: Float32Array }> {
  if (!isDiscreteVae(card)) {
    const posterior = await encodePosterior(store, card, x, label, engine);
    return { posterior, latent: posterior.mean };
  }
  const { latent, logits } = await encodeCodes(store, card, x, engine);
  const [priorLogits] = await withPrior(store, card, (run) => run([latent]), engine);
  return { posterior: { spec: card.latent, latent, logits, priorLogits: priorLogits! }, latent };
}

/** As `encodeImage`, of a model of codes. */
export const encodeCodes = (
  store: ModelStore,
  card: DiscreteVaeCard,
  x: Float32Array,
  engine?: EngineName,
): Promise<{ latent: Float32Array; logits: Float32Array }> =>
  store.withSession(
    card,
    'encoder',
    async (session) => {
      const logits = (await session.run(encoderFeeds(card, x, undefined))).logits!.data;
      return { latent: latentOfCodes(card.latent, codesOfLogits(card.latent, logits)), logits };
    },
    engine,
  );

/** Pixel means of `count` completions of an image of which `known` says what is known. */
export const completeAll = async (
  store: ModelStore,
  card: Able<'complete'>,
  x: Float32Array,
  known: Float32Array,
  { seed, count }: { seed: string; count: number },
  engine?: EngineName,
): Promise<Float32Array[]> => {
  const means = await store.withSession(
    card,
    'completer',
    (session) => runRows(session, count, (range) => completerFeeds(card, x, known, seed, range), 'mean'),
    engine,
  );
  return means.map((mean) => completed(x, mean, known));
};

/** Probabilities [classes] of one image. */
export const classifyImage = (
  store: ModelStore,
  card: Able<'classify'>,
  x: Float32Array,
  engine?: EngineName,
): Promise<Float32Array> =>
  store.withSession(
    card,
    'classifier',
    async (session) => (await session.run(imageFeeds(card.image, x))).probabilities!.data,
    engine,
  );
