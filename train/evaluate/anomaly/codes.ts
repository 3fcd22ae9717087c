// The anomaly terms of many images by a model of discrete latents, at their likeliest codes.
import { mul, reshape, zerosLike } from '@tensorflow/tfjs-core';
import { type AnomalyTerms, anomalyTerms } from '../../../core/anomaly/terms.ts';
import { isDiscrete, latentSize } from '../../../models/latent.ts';
import type { Images } from '../../data/data-set.ts';
import { distributionOf } from '../../latents/discrete.ts';
import { layerOf } from '../../latents/spec.ts';
import type { Tensors } from '../../model.ts';
import { forImages, type Options } from '../for-images.ts';
import type { Subject } from '../subject.ts';

/** The terms of each image; grey levels as they are. @throws Error for a model without codes, decoder or encoder. */
export async function scoreCodes(
  subject: Subject,
  images: Images,
  options: Options,
): Promise<AnomalyTerms[]> {
  const { latent: spec, graphs } = subject.model;
  const { encoder, decoder, prior } = graphs;
  if (!spec || !isDiscrete(spec) || !encoder || !decoder)
    throw new Error('anomaly: a bound needs decoder, encoder and Gaussian or discrete latents');
  const hard = distributionOf(layerOf(spec)).hard;
  const units = latentSize(spec);
  const size = images.width * images.height * images.channels;
  const run = (params: Tensors, state: Tensors, { x }: Tensors): Tensors => {
    const logits = encoder.run(params, state, { x: x! }).logits!;
    const z = reshape(hard(logits), [-1, units]);
    const { mean } = decoder.run(params, state, { z });
    const priorLogits = prior ? prior.run(params, state, { codes: z }).logits! : zerosLike(z);
    return {
      given: mul(x!, 1),
      latent: z,
      logits: reshape(logits, [-1, units]),
      priorLogits: reshape(priorLogits, [-1, units]),
      pixelMeans: reshape(mean!, [-1, size]),
    };
  };
  const scored: AnomalyTerms[] = [];
  const keep = (
    i: number,
    { given, latent, logits, priorLogits, pixelMeans }: Record<string, Float32Array>,
  ) => {
    const posterior = { spec, latent: latent!, logits: logits!, priorLogits: priorLogits! };
    scored[i] = anomalyTerms(given!, posterior, { mean: pixelMeans! });
  };
  await forImages(subject, images, run, keep, options);
  return scored;
}
