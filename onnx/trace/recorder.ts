// The TensorFlow.js backend that records: a tensor is either a constant on the host or a value of the ONNX
// graph under construction; a kernel appends nodes.
import {
  type BackendValues,
  type DataId,
  engine,
  getBackend,
  KernelBackend,
  registerBackend,
  setBackend,
  type TensorInfo,
  type DataType as TfDataType,
  type TypedArray,
} from '@tensorflow/tfjs-core';
import { createGraphBuilder, type GraphBuilder, type Value } from '../graph-builder.ts';
import type { Attribute, DataType } from '../model.ts';

export const BACKEND_NAME = 'onnx-trace';

/** What a kernel may do: append nodes and make constants. */
export type Recorder = {
  builder: GraphBuilder;
  /** One node with one output. `type` defaults to that of the first input. */
  emit(
    op: string,
    inputs: readonly Value[],
    shape: readonly number[],
    attributes?: Record<string, number | number[] | string>,
    type?: DataType,
  ): Value;
  float(value: number | readonly number[], shape?: readonly number[]): Value;
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

type Stored = { value: Value } | { host: BackendValues; shape: number[]; dtype: TfDataType };

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

const bytesOf = (array: ArrayBufferView): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength).slice();

function createRecorder(): Recorder {
  const builder = createGraphBuilder();
  return {
    builder,
    emit(op, inputs, shape, attributes = {}, type = inputs[0]!.type) {
      const named = Object.entries(attributes).map(([name, v]) => [name, toAttribute(name, v)] as const);
      return builder.node(op, inputs, [{ type, shape }], Object.fromEntries(named))[0]!;
    },
    float(value, shape = typeof value === 'number' ? [] : [value.length]) {
      const data = Float32Array.from(typeof value === 'number' ? [value] : value);
      return builder.constant('float32', shape, bytesOf(data));
    },
    int64: (values) =>
      builder.constant('int64', [values.length], bytesOf(BigInt64Array.from(values, (v) => BigInt(v)))),
  };
}

class RecordingBackend extends KernelBackend {
  recorder = createRecorder();
  private stored = new WeakMap<DataId, Stored>();

  /** Forgets the last graph; constants on the host stay valid. */
  restart(): void {
    this.recorder = createRecorder();
  }

  override write(values: BackendValues, shape: number[], dtype: TfDataType): DataId {
    const dataId = {};
    this.stored.set(dataId, { host: values, shape, dtype });
    return dataId;
  }

  override move(dataId: DataId, host: BackendValues, shape: number[], dtype: TfDataType): void {
    this.stored.set(dataId, { host, shape, dtype });
  }

  put(value: Value): DataId {
    const dataId = {};
    this.stored.set(dataId, { value });
    return dataId;
  }

  private entry(dataId: DataId): Stored {
    // A tensor of another backend: the engine moves its data here.
    if (!this.stored.has(dataId)) engine().moveData(this, dataId);
    return this.stored.get(dataId)!;
  }

  /** The numbers of a constant; nothing when the tensor is symbolic. */
  host(info: TensorInfo): BackendValues | undefined {
    const entry = this.entry(info.dataId);
    return 'host' in entry ? entry.host : undefined;
  }

  /** The graph value of a tensor; a host constant becomes an initialiser the first time it is used. */
  graphValue(info: TensorInfo): Value {
    const entry = this.entry(info.dataId);
    if ('value' in entry) return { ...entry.value, shape: info.shape };
    const values = entry.host as TypedArray;
    const type = toDataType(info.dtype);
    const array =
      type === 'float32'
        ? Float32Array.from(values)
        : type === 'int32'
          ? Int32Array.from(values)
          : Uint8Array.from(values);
    return this.recorder.builder.constant(type, info.shape, bytesOf(array));
  }

  override readSync(dataId: DataId): BackendValues {
    const entry = this.entry(dataId);
    if ('value' in entry)
      throw new Error(
        `onnx/trace: the value of '${entry.value.name}' was asked for, but it is symbolic while a graph is recorded; a traced function must not read tensor values (dataSync, arraySync, data, print)`,
      );
    return entry.host;
  }

  override async read(dataId: DataId): Promise<BackendValues> {
    return this.readSync(dataId);
  }

  override disposeData(): boolean {
    return true;
  }
  override refCount(): number {
    return 1;
  }
  override incRef(): void {}
  decRef(): void {}
  override numDataIds(): number {
    return 0;
  }
  override memory() {
    return { unreliable: true };
  }
  override floatPrecision(): 16 | 32 {
    return 32;
  }
  override epsilon(): number {
    return 1e-7;
  }
  override timerAvailable(): boolean {
    return false;
  }
  override dispose(): void {}
}

export const recordingBackend = new RecordingBackend();

registerBackend(BACKEND_NAME, () => recordingBackend);

/** Runs `record` with a fresh graph on the recording backend, then returns to the backend that was current. */
export function useRecorder<T>(record: (recorder: Recorder) => T): T {
  const before = getBackend();
  recordingBackend.restart();
  void setBackend(BACKEND_NAME);
  try {
    return record(recordingBackend.recorder);
  } finally {
    if (before) void setBackend(before);
  }
}
