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
  type TypedArray,
} from '@tensorflow/tfjs-core';
import type { Value } from '../graph-builder.ts';
import type { DataType } from '../model.ts';
import { expand, isBatch } from './kernels/shape.ts';
import { bytesOf, createRecorder, type Recorder, toDataType } from './recorder.ts';

export const BACKEND_NAME = 'onnx-trace';

/** What to do about a batch size that is about to be stored. */
export const REMEDY =
  'make it outside and pass it in as an input, or write it with means and broadcasting; noise is an input, and dropout has no place in a graph that is run';

type Stored = { value: Value } | { host: BackendValues; maker: string };

/** The numbers of a constant as the file holds them. */
function arrayOf(values: TypedArray, type: DataType): Float32Array | Int32Array | Uint8Array {
  if (type === 'float32') return Float32Array.from(values);
  return type === 'int32' ? Int32Array.from(values) : Uint8Array.from(values);
}

/** The operation of TensorFlow.js that is running, as it was called. */
const operation = (): string =>
  engine()
    .state.scopeStack.find(({ name }) => name.endsWith('__op'))
    ?.name.slice(0, -'__op'.length) ?? 'tensor';

class RecordingBackend extends KernelBackend {
  recorder = createRecorder();
  private stored = new WeakMap<DataId, Stored>();
  /** What a constant became last: recurrent layers ask for their weights at every step. */
  private constants = new WeakMap<Stored, { recorder: unknown; shape: string; value: Value }>();

  /** Forgets the last graph; constants on the host stay valid. */
  restart(): void {
    this.recorder = createRecorder();
  }

  override write(values: BackendValues): DataId {
    const dataId = {};
    this.move(dataId, values);
    return dataId;
  }

  override move(dataId: DataId, host: BackendValues): void {
    this.stored.set(dataId, { host, maker: operation() });
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
    const { recorder } = this;
    const shape = `${info.shape}`;
    const last = this.constants.get(entry);
    if (last?.recorder === recorder && last.shape === shape) return last.value;
    const value = this.constant(entry, info);
    this.constants.set(entry, { recorder, shape, value });
    return value;
  }

  private constant(entry: Extract<Stored, { host: BackendValues }>, info: TensorInfo): Value {
    const { recorder } = this;
    const type = toDataType(info.dtype);
    const array = arrayOf(entry.host as TypedArray, type);
    const constant = (shape: readonly number[], data: ArrayBufferView): Value => {
      const value = recorder.builder.constant(type, shape, bytesOf(data));
      recorder.makers.set(value.name, entry.maker);
      return value;
    };
    if (!info.shape.some((d) => isBatch(recorder, d))) return constant(info.shape, array);
    if (array.some((x) => x !== array[0]))
      throw new Error(
        `onnx/trace: ${entry.maker} makes numbers of shape [${info.shape}] for a batch of ${recorder.batch!.size}, which stands for any; ${REMEDY}`,
      );
    return expand(recorder, constant([], array.subarray(0, 1)), info.shape);
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
