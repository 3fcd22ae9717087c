// Records a TensorFlow.js function as an ONNX graph: forward pass, gradients, optimiser, whatever it computes.
import { engine, type Tensor, type DataType as TfDataType, tidy } from '@tensorflow/tfjs-core';
import { encodeModel, type Graph, type ValueInfo } from '../model.ts';
import { recordingBackend, useRecorder } from './backend.ts';
import { type Recording, requireSame } from './batch.ts';
import { storeHalf } from './half.ts';
import { isBatch } from './kernels/shape.ts';
import { toDataType } from './recorder.ts';
import './register.ts';

/**
 * Stands for the dynamic batch in the shape of an input. While a graph is recorded it is the size of the batch: a prime
 * that no layer has, so that every dimension that is a multiple of it can be told.
 */
export const BATCH = 7919;
const OTHER_BATCH = 7907;

/** Opset of every graph written here; onnxruntime-web, onnxruntime-node and other runtimes read it. */
const OPSET = 17;

export type InputSpec = { shape: readonly number[]; dtype?: 'float32' | 'int32' | 'bool' };

export type TraceOptions = {
  /** Name of the graph in the file. */
  name?: string;
  /** Store large float32 constants that are exact in float16 so, behind a Cast: half the size. */
  halfWeights?: boolean;
};

const symbol = (factor: number): string => (factor === 1 ? 'batch' : `batch*${factor}`);

type Fn = (inputs: Record<string, Tensor>) => Record<string, Tensor>;

/** One recording of `fn`, in whose shapes `size` stands for the dynamic batch. */
function record(inputs: Record<string, InputSpec>, fn: Fn, name: string, size: number): Recording {
  return useRecorder((recorder) => {
    const finished: { graph: Graph; operations: number }[] = [];
    tidy(() => {
      const symbols = Object.fromEntries(
        Object.entries(inputs).map(([input, spec]) => {
          const { dtype = 'float32' } = spec;
          const shape = spec.shape.map((d) => (d === BATCH ? size : d));
          const value = recorder.builder.input(input, toDataType(dtype), shape);
          const axis = spec.shape.indexOf(BATCH);
          if (axis !== -1) recorder.batch ??= { size, value, axis };
          const info = { dataId: recordingBackend.put(value), shape, dtype: dtype as TfDataType };
          return [input, engine().makeTensorFromTensorInfo(info)];
        }),
      );
      const outputs = Object.fromEntries(
        Object.entries(fn(symbols)).map(([output, tensor]) => [output, recordingBackend.graphValue(tensor)]),
      );
      // Not returned: `tidy` would look for tensors in every byte of the weights.
      finished.push(recorder.builder.finish(name, outputs));
    });
    const { graph, operations } = finished[0]!;
    const symbolic = ({ name, type, shape }: ValueInfo): ValueInfo => ({
      name,
      type,
      shape: shape.map((d) => (typeof d === 'number' && isBatch(recorder, d) ? symbol(d / size) : d)),
    });
    const { makers, batch } = recorder;
    return {
      graph: { ...graph, inputs: graph.inputs.map(symbolic), outputs: graph.outputs.map(symbolic) },
      operations: batch ? operations / size : operations,
      batched: batch !== undefined,
      makers,
    };
  });
}

/**
 * Calls `fn` on symbolic tensors and returns the ONNX file of what it did. Inputs and outputs of the graph have the
 * given names, in the given order. A dimension equal to `BATCH` is dynamic, and then `fn` is called twice, with two
 * sizes of it, which must give the same graph. Tensors that `fn` closes over or creates become initialisers; whatever
 * depends on them alone is computed now.
 * @throws Error for a kernel that cannot be recorded, when `fn` reads the value of a tensor, and naming the operation
 * that would store the size of a dynamic batch.
 */
export const trace = (
  inputs: Record<string, InputSpec>,
  fn: Fn,
  options: TraceOptions = {},
): Uint8Array<ArrayBuffer> => traceWithCost(inputs, fn, options).bytes;

/** `trace`, and the floating-point operations of one run; of one image, when the batch is dynamic. */
export function traceWithCost(
  inputs: Record<string, InputSpec>,
  fn: Fn,
  { name = 'dreamlet', halfWeights = false }: TraceOptions = {},
): { bytes: Uint8Array<ArrayBuffer>; operations: number; parameters: number } {
  const recording = record(inputs, fn, name, BATCH);
  const { graph, operations } = recording;
  if (recording.batched) requireSame(recording, record(inputs, fn, name, OTHER_BATCH));
  const floats = graph.initialisers.filter(({ type }) => type === 'float32');
  return {
    bytes: encodeModel({
      opset: OPSET,
      producer: 'dreamlet',
      graph: halfWeights ? storeHalf(graph) : graph,
    }),
    operations: Math.round(operations),
    parameters: floats.reduce((n, { data }) => n + data.length / 4, 0),
  };
}
