// Records a TensorFlow.js function as an ONNX graph: forward pass, gradients, optimiser, whatever it computes.
import { engine, type Tensor, type DataType as TfDataType, tidy } from '@tensorflow/tfjs-core';
import { encodeModel, type Graph, type ValueInfo } from '../model.ts';
import { storeHalf } from './half.ts';
import { BATCH } from './kernels/movement.ts';
import { recordingBackend, toDataType, useRecorder } from './recorder.ts';
import './register.ts';

export { BATCH };

/** Opset of every graph written here; onnxruntime-web, onnxruntime-node and other runtimes read it. */
const OPSET = 17;

export type InputSpec = { shape: readonly number[]; dtype?: 'float32' | 'int32' | 'bool' };

export type TraceOptions = {
  /** Name of the graph in the file. */
  name?: string;
  /** Store large float32 constants as float16 behind a Cast (half the size; weights are rounded). */
  halfWeights?: boolean;
};

const symbolic = ({ name, type, shape }: ValueInfo): ValueInfo => ({
  name,
  type,
  shape: shape.map((d) => (d === BATCH ? 'batch' : d)),
});

/**
 * Calls `fn` once on symbolic tensors and returns the ONNX file of what it did. Inputs and outputs of the graph
 * have the given names, in the given order. A dimension equal to `BATCH` is dynamic. Tensors that `fn` closes
 * over or creates become initialisers; whatever depends on them alone is computed now.
 * @throws Error for a kernel that cannot be recorded, and when `fn` reads the value of a tensor.
 */
export function trace(
  inputs: Record<string, InputSpec>,
  fn: (inputs: Record<string, Tensor>) => Record<string, Tensor>,
  { name = 'dreamlet', halfWeights = false }: TraceOptions = {},
): Uint8Array<ArrayBuffer> {
  return useRecorder((recorder) => {
    const graph = tidy((): { graph: Graph } => {
      const symbols = Object.fromEntries(
        Object.entries(inputs).map(([input, { shape, dtype = 'float32' }]) => {
          const value = recorder.builder.input(input, toDataType(dtype), shape);
          const info = { dataId: recordingBackend.put(value), shape: [...shape], dtype: dtype as TfDataType };
          return [input, engine().makeTensorFromTensorInfo(info)];
        }),
      );
      const outputs = Object.fromEntries(
        Object.entries(fn(symbols)).map(([output, tensor]) => [output, recordingBackend.graphValue(tensor)]),
      );
      return { graph: recorder.builder.finish(name, outputs) };
    }).graph;
    const dynamic = { ...graph, inputs: graph.inputs.map(symbolic), outputs: graph.outputs.map(symbolic) };
    return encodeModel({
      opset: OPSET,
      producer: 'dreamlet',
      graph: halfWeights ? storeHalf(dynamic) : dynamic,
    });
  });
}
