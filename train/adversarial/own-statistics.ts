// The statistics of a generator's batch normalisation that belong to its weights: running averages are of weights that
// were, and lag behind those that still move fast.
import { createStream } from '../../core/sampling/stream.ts';
import { MOMENTUM } from '../layers/batch-norm.ts';
import type { HostTensors, Weights } from '../model.ts';
import { compileWeighted, type RunOptions } from '../runner/rows.ts';
import type { Generator } from './generator.ts';

const BATCHES = 100;

export type OwnStatistics = {
  /** The same parameters, with the mean over batches of statistics in the place of running averages. */
  of(weights: Weights): Promise<Weights>;
  release(): Promise<void>;
};

/** Of a generator of `latent` Gaussian latents and no labels, in batches of the size that it was trained with. */
export async function openOwnStatistics(
  { generator, latent, batchSize }: { generator: Generator; latent: number; batchSize: number },
  like: Weights,
  options: RunOptions,
): Promise<OwnStatistics> {
  const shape = [batchSize, latent];
  const next = await compileWeighted(
    like,
    { z: shape },
    (params, state, { z }) => generator.generate(params, state, z!, undefined, true).state,
    options,
  );
  return {
    async of({ params, state }) {
      // From averages of nothing, a batch moves them to its share of itself.
      const nothing = Object.fromEntries(
        Object.entries(state).map(([name, { shape, data }]) => [
          name,
          { shape, data: new Float32Array(data.length) },
        ]),
      );
      const stream = createStream('statistics');
      const data = new Float32Array(batchSize * latent);
      const sums: HostTensors = {};
      for (let i = 0; i < BATCHES; i++) {
        stream.fillNormal(data);
        const moved = await next.run({ params, state: nothing }, { z: { shape, data } });
        for (const [name, share] of Object.entries(moved)) {
          sums[name] ??= { shape: share.shape, data: new Float32Array(share.data.length) };
          share.data.forEach((value, channel) => {
            sums[name]!.data[channel]! += value / (BATCHES * (1 - MOMENTUM));
          });
        }
      }
      return { params, state: { ...state, ...sums } };
    },
    release: next.release,
  };
}
