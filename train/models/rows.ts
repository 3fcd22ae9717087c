// A sequence model with latent variables: an image is a sequence of rows. At each step the decoder's recurrent state
// takes in fresh latents and draws a row; the posterior of a step sees that row and all below it (a recurrent network
// from the bottom up) and what the decoder has drawn so far (Fraccaro et al. 2016, with no row fed back).
import { add, concat, reshape, slice, type Tensor, tanh } from '@tensorflow/tfjs-core';
import { constant } from '../initialisers.ts';
import { dense, initDense } from '../layers/dense.ts';
import { gru, initGru } from '../layers/gru.ts';
import type { Vae } from '../model.ts';
import { createStructuredVae, type StructuredConfig } from './structured.ts';

export type RowsConfig = StructuredConfig & {
  /** Latents of all rows together: a multiple of the height. */
  latentDimensions: number;
  /** Units of both recurrent networks. */
  units: number;
};

export function createRowsVae(config: RowsConfig): Vae {
  const { image, latentDimensions, units, likelihood } = config;
  const { height, width, channels } = image;
  if (channels !== 1 || likelihood === 'gaussian')
    throw new Error(
      `rows: images must be grey with Bernoulli pixels, got ${channels} channels, ${likelihood}`,
    );
  if (latentDimensions % height !== 0)
    throw new Error(
      `rows: latentDimensions must be a multiple of the ${height} rows, got ${latentDimensions}`,
    );
  const perRow = latentDimensions / height;
  const rows = [...Array(height).keys()];

  return createStructuredVae(config, {
    groups: rows.map(() => perRow),

    init: (stream) => ({
      params: {
        ...initGru(stream, 'encoder/rows', width, units),
        'encoder/start': constant([1, units], 0),
        ...initDense(stream, 'encoder/below', units, units),
        ...initDense(stream, 'encoder/above', units, units),
        ...initDense(stream, 'encoder/mean', units, perRow),
        ...initDense(stream, 'encoder/log-variance', units, perRow),
        ...initGru(stream, 'decoder/rows', perRow, units),
        'decoder/start': constant([1, units], 0),
        ...initDense(stream, 'decoder/hidden', units, units),
        ...initDense(stream, 'decoder/row', units, width),
      },
      state: {},
    }),

    features(params, _, x) {
      const pixels = reshape(x, [x.shape[0]!, height * width]);
      const seen: Tensor[] = [];
      let h: Tensor = params['encoder/start']!;
      for (const row of rows.toReversed()) {
        h = gru(params, 'encoder/rows', slice(pixels, [0, row * width], [-1, width]), h);
        seen.unshift(h);
      }
      return { ofGroups: seen, state: {} };
    },

    start: (params) => params['decoder/start']!,

    posterior(params, below, before) {
      const h = tanh(add(dense(params, 'encoder/below', below), dense(params, 'encoder/above', before)));
      return {
        mean: dense(params, 'encoder/mean', h),
        logVariance: dense(params, 'encoder/log-variance', h),
      };
    },

    advance: (params, before, epsilon) => gru(params, 'decoder/rows', epsilon, before),

    pixels(params, _, after) {
      const drawn = after.map((h) => dense(params, 'decoder/row', tanh(dense(params, 'decoder/hidden', h))));
      return { y: reshape(concat(drawn, 1), [after[0]!.shape[0]!, 1, height, width]), state: {} };
    },
  });
}
