// The graphs of a package, recorded from the model's own functions with its weights as constants.
import { type Tensor, tensor } from '@tensorflow/tfjs-core';
import { BATCH, type InputSpec, traceWithCost } from '../onnx/trace/trace.ts';
import type { HostTensors, Tensors, Vae } from '../train/model.ts';

export type GraphFile = { bytes: Uint8Array<ArrayBuffer>; operations: number; parameters: number };

const toTensors = (host: HostTensors): Tensors =>
  Object.fromEntries(Object.entries(host).map(([name, { shape, data }]) => [name, tensor(data, shape)]));

/** What the graphs compute, as the training framework computes it: the reference of the parity proof. */
export function referenceFunctions(model: Vae, params: HostTensors, state: HostTensors) {
  return {
    decoder: ({ z, label }: Tensors): Tensors => {
      const weights = [toTensors(params), toTensors(state)] as const;
      return {
        mean: model.decode(...weights, z as Tensor, label),
        ...model.pixelParameters(...weights, z as Tensor, label),
      };
    },
    encoder: ({ x, label, epsilon }: Tensors): Tensors => {
      const weights = [toTensors(params), toTensors(state)] as const;
      const { mean, logVariance } = model.encode(...weights, x as Tensor, label, epsilon);
      return { mean, log_variance: logVariance };
    },
  };
}

/**
 * decoder.onnx: `z` → `mean` and what else p(x|z) has; encoder.onnx: `x` → `mean`, `log_variance`; any batch. Both
 * graphs of a conditional model take `label` as well, one-hot [batch, classes]; the encoder of a model whose posterior
 * goes from group to group takes the noise `epsilon` of that way.
 */
export function recordGraphs(
  model: Vae,
  params: HostTensors,
  state: HostTensors,
  halfWeights: boolean,
): { decoder: GraphFile; encoder: GraphFile } {
  const { decoder, encoder } = referenceFunctions(model, params, state);
  const { channels, height, width } = model.image;
  const z: InputSpec = { shape: [BATCH, model.latentDimensions] };
  const x: InputSpec = { shape: [BATCH, channels, height, width] };
  const label: Record<string, InputSpec> = model.classes ? { label: { shape: [BATCH, model.classes] } } : {};
  const noise: Record<string, InputSpec> = model.terms ? { epsilon: z } : {};
  return {
    decoder: traceWithCost({ z, ...label }, decoder, { name: 'decoder', halfWeights }),
    encoder: traceWithCost({ x, ...label, ...noise }, encoder, { name: 'encoder', halfWeights }),
  };
}
