// A model package as the model that its graphs compute: what ships is evaluated, not what it was made from.
import { mean as average, type Tensor, zeros } from '@tensorflow/tfjs-core';
import {
  classesOf,
  type GaussianVaeCard,
  type GraphCard,
  isDiscreteVae,
  isGaussianVae,
  type ModelCard,
  type TensorCard,
  takes,
} from '../../models/card.ts';
import { decodeModel } from '../../onnx/decode.ts';
import type { Graph } from '../../onnx/model.ts';
import { inlineGraph } from '../../onnx/trace/inline.ts';
import { bySample } from '../estimators/bounds.ts';
import { gaussianKl, gaussianLogDensity, standardNormalLogDensity } from '../likelihoods.ts';
import type { GraphSpec, GraphTensor, Inference, Model, Tensors, Terms } from '../model.ts';
import { packagedDiscrete } from './packaged-discrete.ts';
import { pixelDensity } from './packaged-pixels.ts';
import { reparameterise, repeat } from './posterior.ts';

/** A graph of a package, for compiled backends: what the card says of it, and what the file computes. */
const packagedGraph = (card: GraphCard, graph: Graph): GraphSpec => ({
  inputs: tensorsOf(card.inputs),
  outputs: tensorsOf(card.outputs),
  run(_params, _state, inputs) {
    const [first] = Object.values(inputs);
    const batch = first!.shape[0]!;
    const shapes = card.outputs.map(({ name, shape }) => [name, [batch, ...rowShape(shape)]]);
    const wanted = card.inputs.map(({ name }) => [name, inputs[name]!]);
    return inlineGraph(graph, Object.fromEntries(wanted), Object.fromEntries(shapes));
  },
});

const rowShape = (shape: TensorCard['shape']): number[] => shape.slice(1).map(Number);

const tensorsOf = (tensors: readonly TensorCard[]): Record<string, GraphTensor> =>
  Object.fromEntries(
    tensors.map(({ name, shape, meaning, range }) => [
      name,
      { shape: rowShape(shape), meaning, ...(range ? { range } : {}) },
    ]),
  );

/**
 * A package as the model that its graphs compute, for compiled backends; it takes no parameters. A decoder and an encoder
 * of Gaussian or of discrete latents are a density as well.
 * @throws Error naming the rule, when log p(x|z) does not follow from such a decoder.
 */
export function packagedModel(card: ModelCard, files: Record<string, Uint8Array>): Model {
  const { image, latent } = card;
  const graphs = Object.fromEntries(
    Object.keys(card.graphs).map((name) => [name, decodeModel(files[name]!).graph] as const),
  );
  const density =
    isGaussianVae(card) && graphs.decoder && graphs.encoder
      ? packagedDensity(card, graphs.decoder, graphs.encoder)
      : undefined;
  const classes = classesOf(card);
  return {
    image,
    ...(classes ? { classes: classes.length } : {}),
    ...(latent ? { latent } : {}),
    ...(card.completion ? { masks: card.completion.masks } : {}),
    ...(card.classification?.scaling ? { scaling: card.classification.scaling } : {}),
    graphs: Object.fromEntries(
      Object.entries(card.graphs).map(([name, graph]) => [name, packagedGraph(graph, graphs[name]!)]),
    ),
    ...(density ? { density } : {}),
    ...(isDiscreteVae(card) ? { discrete: packagedDiscrete(card, graphs) } : {}),
  };
}

function packagedDensity(card: GaussianVaeCard, decoder: Graph, encoder: Graph): Inference {
  const { image, latent, likelihood } = card;
  const density = pixelDensity(card, likelihood, decoder);
  const pixels = (batch: number) => [batch, image.channels, image.height, image.width];
  const latents = (batch: number) => [batch, latent.dimensions];
  const classes = classesOf(card);
  const given = (label: Tensor | undefined): Tensors => (label ? { label } : {});

  const encode: Inference['encode'] = (_params, _state, x, label, epsilon) => {
    const shape = latents(x.shape[0]!);
    const noise: Tensors = takes(card.graphs.encoder, 'epsilon') ? { epsilon: epsilon ?? zeros(shape) } : {};
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
      kl: average(bySample(gaussianKl(mean, logVariance), samples), 0),
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
    ...(takes(card.graphs.encoder, 'epsilon') ? { terms } : {}),
  };
}
