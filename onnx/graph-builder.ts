// Builds an ONNX graph node by node. Equal constants and equal subexpressions are stored once;
// what no output needs is dropped.
import { operations } from './cost.ts';
import type { Attribute, DataType, Graph, Node, TensorProto } from './model.ts';

/** A value in a graph under construction: its name in the file, its type, and its concrete shape. */
export type Value = { name: string; type: DataType; shape: readonly number[] };

export type GraphBuilder = {
  input(name: string, type: DataType, shape: readonly number[]): Value;
  /** `data` is little-endian and row-major. */
  constant(type: DataType, shape: readonly number[], data: Uint8Array): Value;
  /** Appends a node, or returns the equal one that is there already. */
  node(
    op: string,
    inputs: readonly Value[],
    outputs: readonly Omit<Value, 'name'>[],
    attributes?: Node['attributes'],
  ): Value[];
  /** The node that computes `value`; nothing for inputs and constants. */
  producer(
    value: Value,
  ): { op: string; inputs: readonly Value[]; attributes: Node['attributes'] } | undefined;
  constantOf(value: Value): TensorProto | undefined;
  /** The finished graph, with the given outputs in the given order, and the operations that one run takes. */
  finish(name: string, outputs: Record<string, Value>): { graph: Graph; operations: number };
};

const attributeKey = (attributes: Record<string, Attribute>): string =>
  Object.keys(attributes)
    .sort()
    .map((name) => `${name}=${JSON.stringify(attributes[name])}`)
    .join(',');

/** FNV-1a over the bytes: a bucket for `constant`, which then compares in full. */
function bucketOf(data: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of data) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash;
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

export function createGraphBuilder(): GraphBuilder {
  type Entry = { node: Node; inputs: readonly Value[]; outputs: Value[] };
  const inputs: Value[] = [];
  const constants = new Map<string, TensorProto>();
  const buckets = new Map<string, { value: Value; tensor: TensorProto }[]>();
  const expressions = new Map<string, Entry>();
  const producers = new Map<string, Entry>();
  const entries: Entry[] = [];
  const counters = new Map<string, number>();

  const fresh = (stem: string): string => {
    const count = counters.get(stem) ?? 0;
    counters.set(stem, count + 1);
    return `${stem}_${count}`;
  };

  return {
    input(name, type, shape) {
      const value = { name, type, shape };
      inputs.push(value);
      return value;
    },

    constant(type, shape, data) {
      const key = `${type}[${shape}]${bucketOf(data)}`;
      const bucket = buckets.get(key) ?? [];
      buckets.set(key, bucket);
      const found = bucket.find((entry) => sameBytes(entry.tensor.data, data));
      if (found) return found.value;
      const value: Value = { name: fresh('constant'), type, shape };
      const tensor: TensorProto = { name: value.name, type, shape: [...shape], data };
      bucket.push({ value, tensor });
      constants.set(value.name, tensor);
      return value;
    },

    node(op, nodeInputs, outputs, attributes = {}) {
      const key = `${op}(${nodeInputs.map((v) => v.name).join()})${attributeKey(attributes)}#${outputs.length}`;
      const known = expressions.get(key);
      // A graph that was put in leaves shapes to the runtime; whoever asks now knows them.
      if (known) return known.outputs.map(({ name }, i) => ({ name, ...outputs[i]! }));
      const values = outputs.map(({ type, shape }) => ({ name: fresh(op.toLowerCase()), type, shape }));
      const node: Node = {
        op,
        inputs: nodeInputs.map((v) => v.name),
        outputs: values.map((v) => v.name),
        attributes,
      };
      const entry = { node, inputs: nodeInputs, outputs: values };
      expressions.set(key, entry);
      entries.push(entry);
      for (const value of values) producers.set(value.name, entry);
      return values;
    },

    producer(value) {
      const entry = producers.get(value.name);
      return entry && { op: entry.node.op, inputs: entry.inputs, attributes: entry.node.attributes };
    },

    constantOf: (value) => constants.get(value.name),

    finish(name, outputs) {
      const needed = new Set(Object.values(outputs).map((v) => v.name));
      const kept: Node[] = [];
      let total = 0;
      for (const { node, inputs: nodeInputs, outputs: values } of entries.toReversed()) {
        if (!node.outputs.some((o) => needed.has(o))) continue;
        total += operations(node.op, nodeInputs, values[0]!);
        for (const input of node.inputs) needed.add(input);
        kept.push(node);
      }
      kept.reverse();
      // A graph output has its own name: its producer writes it under that name. An input, a constant, or a value
      // that is two outputs needs an Identity, which runtimes carry out as a copy.
      const renamed = new Map<string, string>();
      const copies: Node[] = [];
      for (const [output, { name: value }] of Object.entries(outputs)) {
        if (producers.has(value) && !renamed.has(value)) renamed.set(value, output);
        else copies.push({ op: 'Identity', inputs: [value], outputs: [output], attributes: {} });
      }
      const rename = (names: string[]) => names.map((value) => renamed.get(value) ?? value);
      const nodes = [...kept, ...copies].map((node) => ({
        ...node,
        inputs: rename(node.inputs),
        outputs: rename(node.outputs),
      }));
      const graph = {
        name,
        nodes,
        initialisers: [...constants.values()].filter((tensor) => needed.has(tensor.name)),
        inputs: inputs.map(({ name, type, shape }) => ({ name, type, shape: [...shape] })),
        outputs: Object.entries(outputs).map(([name, { type, shape }]) => ({
          name,
          type,
          shape: [...shape],
        })),
      };
      return { graph, operations: total };
    },
  };
}
