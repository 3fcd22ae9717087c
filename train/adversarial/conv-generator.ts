// A generator of transposed convolutions (Radford et al. 2016): each stage doubles height and width.
import { concat, relu, reshape, sigmoid, type Tensor } from '@tensorflow/tfjs-core';
import type { Stream } from '../../core/sampling/stream.ts';
import { batchNormInference, batchNormTraining, initBatchNorm } from '../layers/batch-norm.ts';
import { initTransposedConv, transposedConv } from '../layers/convolution.ts';
import { dense, initDense } from '../layers/dense.ts';
import type { HostTensors, ImageShape, Tensors } from '../model.ts';

/** Latents [batch, J] and one-hot labels [batch, classes], of a conditional one, to images 0…1. */
export type Generator = {
  init(stream: Stream): { params: HostTensors; state: HostTensors };
  /** `training`: batch statistics, and the next running averages in `state`. */
  generate(
    params: Tensors,
    state: Tensors,
    z: Tensor,
    labels: Tensor | undefined,
    training: boolean,
  ): { images: Tensor; state: Tensors };
};

const KERNEL_SIZE = 4;

/** @throws Error when height or width cannot be halved once a stage. */
export function convGenerator(config: {
  image: ImageShape;
  latent: number;
  classes?: number;
  /** Channels that each stage takes, from the latents outwards. */
  channels: readonly number[];
}): Generator {
  const { image, latent, classes = 0, channels } = config;
  const factor = 2 ** channels.length;
  if (image.height % factor || image.width % factor)
    throw new Error(
      `generator: ${channels.length} stages double ${channels.length} times, so height and width must be multiples of ${factor}, got ${image.height}×${image.width}`,
    );
  const [rows, columns] = [image.height / factor, image.width / factor];
  const inner = channels[0]!;
  const outputs = [...channels.slice(1), image.channels];

  return {
    init(stream) {
      const norms = channels.map((count, i) => initBatchNorm(`generator/norm-${i}`, count));
      return {
        params: Object.assign(
          initDense(stream, 'generator/spread', latent + classes, inner * rows * columns),
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
      const spread = dense(params, 'generator/spread', labels ? concat([z, labels], 1) : z);
      let y: Tensor = reshape(spread, [z.shape[0]!, inner, rows, columns]);
      outputs.forEach((_, i) => {
        y = transposedConv(params, `generator/conv-${i}`, relu(normalise(`generator/norm-${i}`, y)), 2);
      });
      return { images: sigmoid(y), state: next };
    },
  };
}
