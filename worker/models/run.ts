// Runs the graphs of a model. Image i must have the same bytes alone and in a batch (contract 4): where an engine
// adds in another order for many, images go through one at a time.
import type { ModelCard } from '../../models/card.ts';
import type { EngineName, ModelStore } from './store.ts';

/** Images per run of the engine: few sizes, so that few plans are made, and a bounded memory. */
const BATCHES = [16, 4, 1];

/** Pixel means in 0…1, [channels · height · width] for each latent vector. */
export function decodeAll(
  store: ModelStore,
  card: ModelCard,
  latents: readonly Float32Array[],
  engine?: EngineName,
): Promise<Float32Array[]> {
  const { dimensions } = card.latent;
  const { width, height, channels } = card.image;
  const size = width * height * channels;
  return store.withSession(
    card,
    'decoder',
    async (session) => {
      const means: Float32Array[] = [];
      while (means.length < latents.length) {
        const left = latents.length - means.length;
        const batch = session.batchInvariant ? BATCHES.find((images) => images <= left)! : 1;
        const data = new Float32Array(batch * dimensions);
        for (let i = 0; i < batch; i++) data.set(latents[means.length + i]!, i * dimensions);
        const { mean } = await session.run({ z: { shape: [batch, dimensions], data } });
        for (let i = 0; i < batch; i++) means.push(mean!.data.subarray(i * size, (i + 1) * size));
      }
      return means;
    },
    engine,
  );
}

/** Mean and log-variance of q(z|x) for one image [channels · height · width] in 0…1. */
export function encodeImage(
  store: ModelStore,
  card: ModelCard,
  x: Float32Array,
  engine?: EngineName,
): Promise<{ mean: Float32Array; logVariance: Float32Array }> {
  const { channels, height, width } = card.image;
  return store.withSession(
    card,
    'encoder',
    async (session) => {
      const results = await session.run({ x: { shape: [1, channels, height, width], data: x } });
      return { mean: results.mean!.data, logVariance: results.log_variance!.data };
    },
    engine,
  );
}
