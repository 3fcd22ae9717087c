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
    decoder: ({ z, label }: Tensors): Tensors => ({
      mean: model.decode(toTensors(params), toTensors(state), z as Tensor, label),
    }),
    encoder: ({ x, label }: Tensors): Tensors => {
      const { mean, logVariance } = model.encode(toTensors(params), toTensors(state), x as Tensor, label);
      return { mean, log_variance: logVariance };
    },
  };
}

/**
 * decoder.onnx: `z` → `mean`; encoder.onnx: `x` → `mean`, `log_variance`; any batch. Both graphs of a conditional
 * model take `label` as well, one-hot [batch, classes].
 */
export function recordGraphs(
  model: Vae,
  params: HostTensors,
  state: HostTensors,
  halfWeights: boolean,
): { decoder: GraphFile; encoder: GraphFile } {
  const { decoder, encoder } = referenceFunctions(model, params, state);
  const { channels, height, width } = model.image;
  const label: Record<string, InputSpec> = model.classes ? { label: { shape: [BATCH, model.classes] } } : {};
  return {
    decoder: traceWithCost({ z: { shape: [BATCH, model.latentDimensions] }, ...label }, decoder, {
      name: 'decoder',
      halfWeights,
    }),
    encoder: traceWithCost({ x: { shape: [BATCH, channels, height, width] }, ...label }, encoder, {
      name: 'encoder',
      halfWeights,
    }),
  };
}
