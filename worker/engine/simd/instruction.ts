// One call of a kernel, before its buffers have addresses.
import type { TensorProto } from '../../../onnx/model.ts';
import type { Kernels } from './kernels.ts';
import type { Buffer } from './value.ts';

/** Address of a buffer's first byte. */
export type AddressOf = (buffer: Buffer) => number;

export type Instruction = {
  reads: readonly Buffer[];
  writes: readonly Buffer[];
  /** A buffer of `reads` whose memory the first of `writes` may take over, element by element. */
  inPlace?: Buffer | undefined;
  /** The tensor of the file whose numbers it reads. */
  file?: TensorProto;
  /** About what a slow core takes; see costs.ts. */
  nanoseconds: number;
  bind(kernels: Kernels, at: AddressOf): () => void;
};
