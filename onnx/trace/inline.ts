// Puts a finished ONNX graph into the one that is being recorded: a file as a function over tensors.
import { engine, type Tensor } from '@tensorflow/tfjs-core';
import type { Value } from '../graph-builder.ts';
import { DATA_TYPE, type DataType, type Graph, type Node } from '../model.ts';
import { recordingBackend } from './backend.ts';
import { UNKNOWN } from './kernels/shape.ts';
import { toTfDataType } from './recorder.ts';

const TYPES = Object.fromEntries(Object.entries(DATA_TYPE).map(([name, code]) => [code, name as DataType]));

/** Type of a node's outputs; the graphs that are written here hold no other node that changes it. */
const typeOf = ({ op, attributes }: Node, first: Value): DataType =>
  op === 'Cast' ? TYPES[attributes.to!.value as number]! : first.type;

/**
 * Calls `graph` on symbolic tensors, which must have the names of its inputs. `shapes` names the values that are
 * wanted, outputs or not, with their shapes; those in between are left to the runtime.
 * @throws Error when an input is missing or a value is not in the graph.
 */
export function inlineGraph(
  graph: Graph,
  inputs: Record<string, Tensor>,
  shapes: Record<string, number[]>,
): Record<string, Tensor> {
  const { builder } = recordingBackend.recorder;
  const values = new Map<string, Value>();
  const find = (name: string): Value => {
    const value = values.get(name);
    if (!value) throw new Error(`onnx/trace: '${name}' is no value of graph '${graph.name}'`);
    return value;
  };
  for (const { name } of graph.inputs) {
    const tensor = inputs[name];
    if (!tensor) throw new Error(`onnx/trace: graph '${graph.name}' needs the input '${name}'`);
    values.set(name, recordingBackend.graphValue(tensor));
  }
  for (const { name, type, shape, data } of graph.initialisers)
    values.set(name, builder.constant(type, shape, data));
  for (const node of graph.nodes) {
    const given = node.inputs.map(find);
    const type = typeOf(node, given[0]!);
    const results = builder.node(
      node.op,
      given,
      node.outputs.map(() => ({ type, shape: [UNKNOWN] })),
      node.attributes,
    );
    node.outputs.forEach((name, i) => {
      values.set(name, results[i]!);
    });
  }
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => {
      const value = { ...find(name), shape };
      const info = { dataId: recordingBackend.put(value), shape, dtype: toTfDataType(value.type) };
      return [name, engine().makeTensorFromTensorInfo(info)];
    }),
  );
}
