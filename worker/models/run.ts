// Runs the graphs of a model. Image i must have the same bytes alone and in a batch (contract 4): where an engine
// adds in another order for many, images go through one at a time.
import type { Pixels, Posterior } from '../../core/anomaly/terms.ts';
import { decoderFeeds, encoderFeeds } from '../../core/feeds.ts';
import type { ModelCard } from '../../models/card.ts';
import type { EngineName, ModelStore } from './store.ts';

/** Images per run of the engine: few sizes, so that few plans are made, and a bounded memory. */
const BATCHES = [16, 4, 1];

/**
 * Pixel means in 0…1, [channels · height · width] for each latent vector; `labels` are the weights [classes] of each
 * image of a conditional model.
 */
export function decodeAll(
  store: ModelStore,
  card: ModelCard,
  latents: readonly Float32Array[],
  labels: readonly Float32Array[] | undefined,
  engine?: EngineName,
): Promise<Float32Array[]> {
  const { width, height, channels } = card.image;
  const size = width * height * channels;
  return store.withSession(
    card,
    'decoder',
    async (session) => {
      const means: Float32Array[] = [];
      while (means.length < latents.length) {
        const left = latents.length - means.length;
        const batch = left > 1 && session.batchInvariant ? BATCHES.find((images) => images <= left)! : 1;
        const next = (vectors: readonly Float32Array[]) => vectors.slice(means.length, means.length + batch);
        const { mean } = await session.run(decoderFeeds(next(latents), labels && next(labels)));
        for (let i = 0; i < batch; i++) means.push(mean!.data.subarray(i * size, (i + 1) * size));
      }
      return means;
    },
    engine,
  );
}

/** p(x|z) of one latent vector; `label` as in `decodeAll`. */
export function decodePixels(
  store: ModelStore,
  card: ModelCard,
  z: Float32Array,
  label: Float32Array | undefined,
  engine?: EngineName,
): Promise<Pixels> {
  return store.withSession(
    card,
    'decoder',
    async (session) => {
      const { mean, log_variance } = await session.run(decoderFeeds([z], label && [label]));
      return { mean: mean!.data, ...(log_variance ? { logVariance: log_variance.data } : {}) };
    },
    engine,
  );
}

/**
 * Mean and log-variance of q(z|x) for one image [channels · height · width] in 0…1; of q(z|x, y) with the weights
 * `label` [classes] of a conditional model.
 */
export function encodeImage(
  store: ModelStore,
  card: ModelCard,
  x: Float32Array,
  label: Float32Array | undefined,
  engine?: EngineName,
): Promise<Posterior> {
  return store.withSession(
    card,
    'encoder',
    async (session) => {
      const results = await session.run(encoderFeeds(card, x, label));
      return { mean: results.mean!.data, logVariance: results.log_variance!.data };
    },
    engine,
  );
}
