// Constant folding: a kernel whose inputs are all on the host is computed by TensorFlow.js's cpu backend.
import '@tensorflow/tfjs-backend-cpu';
import {
  findBackend,
  getKernel,
  type KernelBackend,
  type NamedAttrMap,
  type NamedTensorInfoMap,
  type TensorInfo,
  util,
} from '@tensorflow/tfjs-core';
import { recordingBackend } from './backend.ts';

/** Kernels that make many elements from few stay in the graph when the result is larger than this. */
const LARGEST_FILL_ELEMENTS = 64;
const FILLS = new Set(['Fill', 'Tile', 'ZerosLike', 'OnesLike']);

/** The results of a kernel on constants, or nothing when an input is symbolic. */
export function foldConstants(
  kernelName: string,
  inputs: NamedTensorInfoMap,
  attrs: NamedAttrMap,
): TensorInfo | TensorInfo[] | undefined {
  const kernel = getKernel(kernelName, 'cpu');
  const given = Object.entries(inputs).filter(([, info]) => info) as [string, TensorInfo][];
  const hosts = given.map(([name, info]) => [name, info, recordingBackend.host(info)] as const);
  if (!kernel || hosts.some(([, , host]) => host === undefined)) return undefined;
  if (FILLS.has(kernelName) && resultSize(given, attrs) > LARGEST_FILL_ELEMENTS) return undefined;
  const cpu = findBackend('cpu') as KernelBackend;
  const onCpu = Object.fromEntries(
    hosts.map(([name, { shape, dtype }, host]) => [
      name,
      { shape, dtype, dataId: cpu.write(host!, shape, dtype) },
    ]),
  );
  // Kernels of many inputs (Concat, Pack, AddN) take a list.
  const listed = Array.isArray(inputs) ? (Object.values(onCpu) as never) : onCpu;
  const result = kernel.kernelFunc({ inputs: listed, attrs, backend: cpu });
  const back = ({ dataId, shape, dtype }: TensorInfo): TensorInfo => ({
    dataId: recordingBackend.write(cpu.readSync(dataId)),
    shape,
    dtype,
  });
  return Array.isArray(result) ? result.map(back) : back(result);
}

function resultSize(given: [string, TensorInfo][], { shape, reps }: NamedAttrMap): number {
  if (Array.isArray(shape)) return util.sizeFromShape(shape as number[]);
  const size = given.reduce((n, [, info]) => n * util.sizeFromShape(info.shape), 1);
  return Array.isArray(reps) ? size * util.sizeFromShape(reps as number[]) : size;
}
