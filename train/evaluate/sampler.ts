// Latents of a model from seeds, as the worker draws them: from its prior, which may be learned.
import { drawLatent } from '../../core/latents/draw.ts';
import { drawFromPrior, type RunPrior } from '../../core/latents/prior.ts';
import { isDiscrete, type LatentSpec, latentSize } from '../../models/latent.ts';
import type { GraphSpec, Model, Weights } from '../model.ts';
import { type RunOptions, rowsOf } from '../runner/rows.ts';
import { compileGraph } from './graph.ts';

export type LatentSampler = {
  /** Latents of images `first` … `first + count − 1` of a seed, [count, latentSize], row-major. */
  draw(weights: Weights, seed: string, count: number, first?: number): Promise<Float32Array>;
  release(): Promise<void>;
};

/** A learned prior as what draws and writes codes. */
export async function createPriorRunner(
  prior: GraphSpec,
  like: Weights,
  options: RunOptions,
): Promise<{ of(weights: Weights): RunPrior; release(): Promise<void> }> {
  const rows = await compileGraph(prior, like, options);
  return {
    of: (weights) => async (codes) => {
      const size = codes[0]!.length;
      const given = new Float32Array(codes.length * size);
      codes.forEach((code, i) => {
        given.set(code, i * size);
      });
      const logits: Float32Array[] = [];
      await rows.over(weights, { codes: rowsOf(given, [size]) }, codes.length, (i, { logits: of }) => {
        logits[i] = of!.slice();
      });
      return logits;
    },
    release: rows.release,
  };
}

/** @throws Error when the model has no latents. */
export function requireLatent({ latent }: Pick<Model, 'latent'>): LatentSpec {
  if (!latent) throw new Error('sampler: the model has no latents to draw');
  return latent;
}

export async function createLatentSampler(
  model: Model,
  like: Weights,
  options: RunOptions,
): Promise<LatentSampler> {
  const spec = requireLatent(model);
  const size = latentSize(spec);
  const { prior } = model.graphs;
  if (!prior || !isDiscrete(spec))
    return {
      async draw(_, seed, count, first = 0) {
        const z = new Float32Array(count * size);
        for (let i = 0; i < count; i++) z.set(drawLatent(spec, seed, first + i), i * size);
        return z;
      },
      release: async () => {},
    };
  const runner = await createPriorRunner(prior, like, options);
  return {
    async draw(weights, seed, count, first = 0) {
      const places = Array.from({ length: count }, (_, i) => ({ seed, index: first + i }));
      const latents = await drawFromPrior(spec, places, 1, runner.of(weights));
      const z = new Float32Array(count * size);
      latents.forEach((latent, i) => {
        z.set(latent, i * size);
      });
      return z;
    },
    release: runner.release,
  };
}
