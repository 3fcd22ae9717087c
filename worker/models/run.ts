// Runs the graphs of a model. Images go through one at a time: a matrix product of one row adds in another order
// than one of many, and image i must have the same bytes alone and in a batch (contract 4).
import type { ModelCard } from '../../models/card.ts';
import type { ModelStore } from './store.ts';

/** Pixel means in 0…1, [channels · height · width] for each latent vector. */
export function decodeAll(
  store: ModelStore,
  card: ModelCard,
  latents: readonly Float32Array[],
): Promise<Float32Array[]> {
  return store.withSession(card, 'decoder', async (session) => {
    const means: Float32Array[] = [];
    for (const z of latents) {
      const { mean } = await session.run({ z: { shape: [1, z.length], data: z } });
      means.push(mean!.data);
    }
    return means;
  });
}

/** Mean and log-variance of q(z|x) for one image [channels · height · width] in 0…1. */
export function encodeImage(
  store: ModelStore,
  card: ModelCard,
  x: Float32Array,
): Promise<{ mean: Float32Array; logVariance: Float32Array }> {
  const { channels, height, width } = card.image;
  return store.withSession(card, 'encoder', async (session) => {
    const results = await session.run({ x: { shape: [1, channels, height, width], data: x } });
    return { mean: results.mean!.data, logVariance: results.log_variance!.data };
  });
}
