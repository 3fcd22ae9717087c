// A few nodes as a model, with exact numbers in and out.
import {
  type Attribute,
  type DataType,
  encodeModel,
  type Graph,
  type Node,
  type TensorProto,
  type ValueInfo,
} from '../../../onnx/model.ts';
import type { Tensor } from '../../../worker/engine/engine.ts';
import { subject } from './subject.ts';
import { bytesOf } from './tensor-bytes.ts';

export const stored = (name: string, type: DataType, shape: number[], values: number[]): TensorProto => ({
  name,
  type,
  shape,
  data: bytesOf(type, values),
});

/** A float32 input; a name leaves a size open. */
export const input = (name: string, ...shape: (number | string)[]): ValueInfo => ({
  name,
  type: 'float32',
  shape,
});

export const node = (
  op: string,
  inputs: string[],
  outputs: string[],
  attributes: Record<string, Attribute> = {},
): Node => ({ op, inputs, outputs, attributes });

type Part = Partial<Pick<Graph, 'inputs' | 'initialisers'>> & {
  nodes: Node[];
  outputs?: string[];
  type?: DataType;
};

/** `outputs` are declared of `type`, without a shape. */
export const fileOf = (
  { nodes, inputs = [], initialisers = [], outputs = ['y'], type = 'float32' }: Part,
  opset = 17,
): Uint8Array =>
  encodeModel({
    opset,
    producer: 'test',
    graph: {
      name: 'case',
      nodes,
      inputs,
      initialisers,
      outputs: outputs.map((name) => ({ name, type, shape: [], unranked: true })),
    },
  });

export const tensor = (shape: number[], ...values: number[]): Tensor => ({
  shape,
  data: Float32Array.from(values),
});

/** The numbers of output y. */
export async function numbersOf(
  part: Part,
  feeds: Record<string, Tensor> = {},
  opset = 17,
): Promise<number[]> {
  const session = await subject.load(fileOf(part, opset));
  try {
    return [...(await session.run(feeds)).y!.data];
  } finally {
    await session.release();
  }
}
