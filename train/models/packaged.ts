// A model package as the model that its graphs compute: what ships is evaluated, not what it was made from.
import { type Tensor, zeros } from '@tensorflow/tfjs-core';
import { classesOf, type ModelCard, takesNoise } from '../../models/card.ts';
import { decodeModel } from '../../onnx/decode.ts';
import type { Graph } from '../../onnx/model.ts';
import { inlineGraph } from '../../onnx/trace/inline.ts';
import { bySample } from '../estimators.ts';
import {
  bernoulliLogDensity,
  continuousBernoulliLogDensity,
  gaussianKl,
  gaussianLogDensity,
  standardNormalLogDensity,
} from '../likelihoods.ts';
import type { Inference, Likelihood, Tensors, Terms } from '../model.ts';
import { reparameterise, repeat } from './posterior.ts';

/** The value whose sigmoid is `mean`: probabilities near 0 or 1 have lost what their logits still say. */
function logitsOf(graph: Graph): string {
  const node = graph.nodes.find(({ outputs }) => outputs.includes('mean'));
  if (node?.op !== 'Sigmoid')
    throw new Error(`packaged: 'mean' of ${graph.name} must come from a Sigmoid, got ${node?.op}`);
  return node.inputs[0]!;
}

type PixelDensity = {
  /** Values of the decoder from which log p(x|z) follows, each shaped like `x`. */
  needs: string[];
  /** log p(x|z), [batch]. */
  of(x: Tensor, values: Tensors): Tensor;
};

const PIXEL_DENSITIES: Record<Likelihood, (decoder: Graph) => PixelDensity> = {
  bernoulli(decoder) {
    const logits = logitsOf(decoder);
    return { needs: [logits], of: (x, values) => bernoulliLogDensity(x, values[logits]!) };
  },
  'continuous-bernoulli': () => ({
    needs: ['logits'],
    of: (x, { logits }) => continuousBernoulliLogDensity(x, logits!),
  }),
  gaussian: () => ({
    needs: ['mean', 'log_variance'],
    of: (x, { mean, log_variance }) => gaussianLogDensity(x, mean!, log_variance!),
  }),
};

/** @throws Error naming the output, when the decoder was exported without what the likelihood needs. */
function pixelDensity({ id, version, likelihood }: ModelCard, decoder: Graph): PixelDensity {
  const density = PIXEL_DENSITIES[likelihood](decoder);
  if (likelihood === 'bernoulli') return density;
  const missing = density.needs.find((name) => !decoder.outputs.some((output) => output.name === name));
  if (missing)
    throw new Error(
      `packaged: ${id}@${version} has a ${likelihood} likelihood, but its decoder no output '${missing}'; export the run again`,
    );
  return density;
}

/**
 * The posterior and the likelihood of a package, for compiled backends; it takes no parameters.
 * @throws Error naming the rule, when log p(x|z) does not follow from its decoder.
 */
export function packagedModel(
  card: ModelCard,
  files: { decoder: Uint8Array; encoder: Uint8Array },
): Inference {
  const { image, latent, likelihood } = card;
  const decoder = decodeModel(files.decoder).graph;
  const encoder = decodeModel(files.encoder).graph;
  const density = pixelDensity(card, decoder);
  const pixels = (batch: number) => [batch, image.channels, image.height, image.width];
  const latents = (batch: number) => [batch, latent.dimensions];
  const classes = classesOf(card);
  const given = (label: Tensor | undefined): Tensors => (label ? { label } : {});

  const encode: Inference['encode'] = (_params, _state, x, label, epsilon) => {
    const shape = latents(x.shape[0]!);
    const noise: Tensors = takesNoise(card) ? { epsilon: epsilon ?? zeros(shape) } : {};
    const inputs = { x, ...given(label), ...noise };
    const q = inlineGraph(encoder, inputs, { mean: shape, log_variance: shape });
    return { mean: q.mean!, logVariance: q.log_variance! };
  };
  const logLikelihood: Inference['logLikelihood'] = (_params, _state, x, z, label) => {
    const shapes = Object.fromEntries(density.needs.map((name) => [name, pixels(z.shape[0]!)]));
    return density.of(x, inlineGraph(decoder, { z, ...given(label) }, shapes));
  };
  /** Each sample goes its own way through the encoder. */
  const terms = (params: Tensors, state: Tensors, x: Tensor, epsilon: Tensor): Terms => {
    const samples = epsilon.shape[0]! / x.shape[0]!;
    const repeated = repeat(x, samples);
    const { mean, logVariance } = encode(params, state, repeated, undefined, epsilon);
    const z = reparameterise(mean, logVariance, epsilon);
    return {
      logLikelihood: bySample(logLikelihood(params, state, repeated, z), samples),
      logPrior: bySample(standardNormalLogDensity(z), samples),
      logPosterior: bySample(gaussianLogDensity(z, mean, logVariance), samples),
      kl: bySample(gaussianKl(mean, logVariance), samples).mean(0),
    };
  };

  return {
    image,
    ...(classes ? { classes: classes.length } : {}),
    latentDimensions: latent.dimensions,
    likelihood,
    encode,
    decode: (_params, _state, z, label) =>
      inlineGraph(decoder, { z, ...given(label) }, { mean: pixels(z.shape[0]!) }).mean!,
    pixelParameters(_params, _state, z, label) {
      const names = decoder.outputs.map(({ name }) => name).filter((name) => name !== 'mean');
      if (names.length === 0) return {};
      const shapes = Object.fromEntries(names.map((name) => [name, pixels(z.shape[0]!)]));
      return inlineGraph(decoder, { z, ...given(label) }, shapes);
    },
    logLikelihood,
    ...(takesNoise(card) ? { terms } : {}),
  };
}
