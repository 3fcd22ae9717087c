// Small ONNX graphs by hand, with weights from seeds.
import { createStream } from '../../core/sampling/stream.ts';
import { sha256 } from '../../core/sha256.ts';
import type { ModelCard } from '../../models/card.ts';
import { type Attribute, encodeModel, type Node, type TensorProto } from '../../onnx/model.ts';

/** Values of a tensor of one name, drawn from a seed. */
export function floats(name: string, shape: number[], scale = 1): TensorProto {
  const data = new Float32Array(shape.reduce((n, d) => n * d, 1));
  createStream('fixture', name).fillNormal(data);
  for (let i = 0; i < data.length; i++) data[i]! *= scale;
  return { name, type: 'float32', shape, data: new Uint8Array(data.buffer) };
}

export const ints = (name: string, values: number[]): TensorProto => ({
  name,
  type: 'int64',
  shape: [values.length],
  data: new Uint8Array(BigInt64Array.from(values, BigInt).buffer),
});

export const node = (
  op: string,
  inputs: string[],
  output: string,
  attributes: Record<string, Attribute> = {},
): Node => ({ op, inputs, outputs: [output], attributes });

const value = ([name, shape]: [string, number[]]) => ({
  name,
  type: 'float32' as const,
  shape: ['batch', ...shape],
});

/** Inputs and outputs by name, with their shapes without the batch. */
export const graphFile = (
  name: string,
  inputs: Record<string, number[]>,
  outputs: Record<string, number[]>,
  nodes: Node[],
  initialisers: TensorProto[],
): Uint8Array<ArrayBuffer> =>
  encodeModel({
    opset: 17,
    producer: 'test',
    graph: {
      name,
      nodes,
      initialisers,
      inputs: Object.entries(inputs).map(value),
      outputs: Object.entries(outputs).map(value),
    },
  });

/** What a card says of its files. */
export const listFiles = (of: Record<string, Uint8Array<ArrayBuffer>>): Promise<ModelCard['files']> =>
  Promise.all(
    Object.entries(of).map(async ([name, bytes]) => ({
      name,
      bytes: bytes.length,
      sha256: await sha256(bytes),
    })),
  );
