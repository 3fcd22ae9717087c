// Generators: from latents, and the label of a conditional one, to images.
import { concat, relu, reshape, sigmoid, type Tensor } from '@tensorflow/tfjs-core';
import type { Stream } from '../../core/sampling/stream.ts';
import { logits, uniform } from '../initialisers.ts';
import { batchNormInference, batchNormTraining, initBatchNorm } from '../layers/batch-norm.ts';
import { initTransposedConv, transposedConv } from '../layers/convolution.ts';
import { dense, initDense } from '../layers/dense.ts';
import type { HostTensors, ImageShape, Tensors, Weights } from '../model.ts';

/** All of its parameters and state are under `generator/`. */
export type Generator = {
  /** `pixelMeans` [channels · height · width]: the mean training image, 0…1. */
  init(stream: Stream, pixelMeans: Float32Array): Weights;
  /**
   * Images 0…1 [batch, channels, height, width] of `z` [batch, J] and one-hot `labels` [batch, classes]. In training
   * normalised by the batch, with the next running averages in `state`.
   */
  generate(
    params: Tensors,
    state: Tensors,
    z: Tensor,
    labels: Tensor | undefined,
    training: boolean,
  ): { images: Tensor; state: Tensors };
};

type Config = { image: ImageShape; latent: number; classes?: number };

const given = (z: Tensor, labels: Tensor | undefined): Tensor => (labels ? concat([z, labels], 1) : z);

/** Weights of the generator of Goodfellow et al. 2014 lie within this at first. */
const INITIAL_REACH = 0.05;

/** Hidden layers of rectifiers, and sigmoid pixels that begin at the mean image (Goodfellow et al. 2014). */
export function mlpGenerator({
  image: { channels, height, width },
  latent,
  classes = 0,
  hidden,
}: Config & { hidden: readonly number[] }): Generator {
  const pixels = channels * height * width;
  const sizes = [latent + classes, ...hidden, pixels];
  return {
    init(stream, pixelMeans) {
      const params: HostTensors = {};
      sizes.slice(1).forEach((units, i) => {
        params[`generator/layer-${i}/kernel`] = uniform(stream, [sizes[i]!, units], INITIAL_REACH);
        params[`generator/layer-${i}/bias`] =
          i === hidden.length
            ? { shape: [pixels], data: logits(pixelMeans) }
            : { shape: [units], data: new Float32Array(units) };
      });
      return { params, state: {} };
    },
    generate(params, _state, z, labels) {
      const last = hidden.reduce(
        (h, _, i) => relu(dense(params, `generator/layer-${i}`, h)),
        given(z, labels),
      );
      const logits = dense(params, `generator/layer-${hidden.length}`, last);
      // The sigmoid comes last, so that a package says the logits too.
      return { images: sigmoid(reshape(logits, [z.shape[0]!, channels, height, width])), state: {} };
    },
  };
}

const KERNEL_SIZE = 4;

/**
 * Transposed convolutions, each of which doubles height and width, behind batch normalisation and rectifiers (Radford et
 * al. 2016). `channels` are what each stage takes, from the latents outwards.
 * @throws Error when height or width cannot be halved once a stage.
 */
export function convGenerator({
  image,
  latent,
  classes = 0,
  channels,
}: Config & { channels: readonly number[] }): Generator {
  const factor = 2 ** channels.length;
  if (image.height % factor || image.width % factor)
    throw new Error(
      `generator: ${channels.length} stages double ${channels.length} times, so height and width must be multiples of ${factor}, got ${image.height}×${image.width}`,
    );
  const inner = [channels[0]!, image.height / factor, image.width / factor];
  const outputs = [...channels.slice(1), image.channels];
  return {
    init(stream) {
      const norms = channels.map((count, i) => initBatchNorm(`generator/norm-${i}`, count));
      const units = inner.reduce((product, d) => product * d, 1);
      return {
        params: Object.assign(
          initDense(stream, 'generator/spread', latent + classes, units),
          ...norms.map(({ params }) => params),
          ...outputs.map((count, i) =>
            initTransposedConv(stream, `generator/conv-${i}`, channels[i]!, count, KERNEL_SIZE),
          ),
        ),
        state: Object.assign({}, ...norms.map(({ state }) => state)),
      };
    },
    generate(params, state, z, labels, training) {
      const next: Tensors = {};
      const normalise = (name: string, x: Tensor): Tensor => {
        if (!training) return batchNormInference(params, state, name, x);
        const normal = batchNormTraining(params, state, name, x);
        Object.assign(next, normal.state);
        return normal.y;
      };
      const spread = dense(params, 'generator/spread', given(z, labels));
      const pixels = outputs.reduce(
        (y: Tensor, _, i) =>
          transposedConv(params, `generator/conv-${i}`, relu(normalise(`generator/norm-${i}`, y)), 2),
        reshape(spread, [z.shape[0]!, ...inner]),
      );
      return { images: sigmoid(pixels), state: next };
    },
  };
}
