// Whether a graph is the same for every batch: two recordings, with two sizes of it, must not differ.
import { sameBytes } from '../graph-builder.ts';
import type { Graph, Node, TensorProto } from '../model.ts';
import { REMEDY } from './backend.ts';
import { sameShape } from './kernels/shape.ts';

export type Recording = {
  graph: Graph;
  operations: number;
  /** Whether an input has a dynamic batch. */
  batched: boolean;
  /** The operation of TensorFlow.js that made each constant, by the constant's name. */
  makers: ReadonlyMap<string, string>;
};

const sameTensor = (a: TensorProto, b: TensorProto): boolean =>
  sameShape(a.shape, b.shape) && sameBytes(a.data, b.data);

const sameNode = (a: Node | undefined, b: Node | undefined): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

/** @throws Error naming the operation that stores what changes from one recording to the other. */
export function requireSame({ graph, makers }: Recording, { graph: other }: Recording): void {
  const others = new Map(other.initialisers.map((tensor) => [tensor.name, tensor]));
  const changed = graph.initialisers.find((tensor) => {
    const twin = others.get(tensor.name);
    return !twin || !sameTensor(tensor, twin);
  });
  if (changed) {
    const user = graph.nodes.find(({ inputs }) => inputs.includes(changed.name))?.op;
    throw new Error(
      `onnx/trace: ${makers.get(changed.name) ?? user} stores numbers of shape [${changed.shape}] that change with the size of the batch, or whenever they are made; ${REMEDY}`,
    );
  }
  const node = graph.nodes.find((one, i) => !sameNode(one, other.nodes[i]));
  if (node) throw new Error(`onnx/trace: ${node.op} depends on the size of the dynamic batch; ${REMEDY}`);
  const output = graph.outputs.find(({ shape }, i) => `${shape}` !== `${other.outputs[i]!.shape}`);
  if (output)
    throw new Error(
      `onnx/trace: output '${output.name}' of shape [${output.shape}] is neither fixed nor one of the dynamic batch; ${REMEDY}`,
    );
}
