// What a kernel records with: nodes, constants, and the dynamic batch.
import type { DataType as TfDataType } from '@tensorflow/tfjs-core';
import { createGraphBuilder, type GraphBuilder, type Value } from '../graph-builder.ts';
import type { Attribute, DataType } from '../model.ts';

/** The dynamic batch: the size that stands for it in shapes, and an axis of an input that has it. */
export type Batch = { size: number; value: Value; axis: number };

/** What a kernel may do: append nodes and make constants. */
export type Recorder = {
  builder: GraphBuilder;
  /** Of a graph whose batch is dynamic. */
  batch?: Batch;
  /** The operation of TensorFlow.js that made each constant, by the constant's name. */
  makers: Map<string, string>;
  /** One node with one output. `type` defaults to that of the first input. */
  emit(
    op: string,
    inputs: readonly Value[],
    shape: readonly number[],
    attributes?: Record<string, number | number[] | string>,
    type?: DataType,
  ): Value;
  float(value: number | readonly number[], shape?: readonly number[]): Value;
  /** A number, as a constant of the type of what it meets. */
  number(value: number, type: DataType): Value;
  /** A rank-1 int64 constant: shapes, axes, pads. */
  int64(values: readonly number[]): Value;
};

/** Attributes come as TensorFlow.js passes them. */
export type KernelAttributes = Record<string, unknown>;
export type Kernel = (
  recorder: Recorder,
  inputs: Record<string, Value>,
  attributes: KernelAttributes,
) => Value | Value[];
export type KernelTable = Record<string, Kernel>;

export function toDataType(dtype: TfDataType): DataType {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype;
  throw new Error(`onnx/trace: tensors of dtype '${dtype}' cannot be recorded; use float32, int32 or bool`);
}

export const toTfDataType = (type: DataType): TfDataType =>
  type === 'float32' || type === 'bool' ? type : 'int32';

/** Float attributes are those that ONNX defines as floats; every other number is an int. */
const FLOAT_ATTRIBUTES = new Set(['alpha', 'beta', 'epsilon', 'gamma']);

function toAttribute(name: string, value: number | number[] | string): Attribute {
  if (typeof value === 'string') return { type: 'string', value };
  if (Array.isArray(value)) return { type: 'ints', value };
  return FLOAT_ATTRIBUTES.has(name) ? { type: 'float', value } : { type: 'int', value };
}

export const bytesOf = (array: ArrayBufferView): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength).slice();

export function createRecorder(): Recorder {
  const builder = createGraphBuilder();
  return {
    builder,
    makers: new Map(),
    emit(op, inputs, shape, attributes = {}, type = inputs[0]!.type) {
      const named = Object.entries(attributes).map(([name, v]) => [name, toAttribute(name, v)] as const);
      return builder.node(op, inputs, [{ type, shape }], Object.fromEntries(named))[0]!;
    },
    float(value, shape = typeof value === 'number' ? [] : [value.length]) {
      const data = Float32Array.from(typeof value === 'number' ? [value] : value);
      return builder.constant('float32', shape, bytesOf(data));
    },
    number(value, type) {
      if (type !== 'int32') return this.float(value);
      return builder.constant('int32', [], bytesOf(Int32Array.of(value)));
    },
    int64: (values) =>
      builder.constant('int64', [values.length], bytesOf(BigInt64Array.from(values, (v) => BigInt(v)))),
  };
}
