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
  /** Store large float32 constants that are exact in float16 so, behind a Cast: half the size. */
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
export const trace = (
  inputs: Record<string, InputSpec>,
  fn: (inputs: Record<string, Tensor>) => Record<string, Tensor>,
  options: TraceOptions = {},
): Uint8Array<ArrayBuffer> => traceWithCost(inputs, fn, options).bytes;

/** `trace`, and the floating-point operations of one run; of one image, when the batch is dynamic. */
export function traceWithCost(
  inputs: Record<string, InputSpec>,
  fn: (inputs: Record<string, Tensor>) => Record<string, Tensor>,
  { name = 'dreamlet', halfWeights = false }: TraceOptions = {},
): { bytes: Uint8Array<ArrayBuffer>; operations: number; parameters: number } {
  return useRecorder((recorder) => {
    const { graph, operations } = tidy((): Finished => {
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
      return recorder.builder.finish(name, outputs) as Finished;
    });
    const dynamic = { ...graph, inputs: graph.inputs.map(symbolic), outputs: graph.outputs.map(symbolic) };
    const batched = Object.values(inputs).some(({ shape }) => shape.includes(BATCH));
    const floats = graph.initialisers.filter(({ type }) => type === 'float32');
    return {
      bytes: encodeModel({
        opset: OPSET,
        producer: 'dreamlet',
        graph: halfWeights ? storeHalf(dynamic) : dynamic,
      }),
      operations: Math.round(operations / (batched ? BATCH : 1)),
      parameters: floats.reduce((n, { data }) => n + data.length / 4, 0),
    };
  });
}

/** `tidy` is typed for tensors; what comes out of it here holds none. */
type Finished = { graph: Graph; operations: number } & Record<string, never>;
