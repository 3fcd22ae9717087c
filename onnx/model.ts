// ONNX models as plain objects, and the file format (onnx.proto3) in both directions.
// Only what a graph needs is kept: no doc strings, no metadata, no training info, no external data.
import { createWriter, type Field, floats, integers, readFields, text, type Writer } from './wire.ts';

/** TensorProto.DataType. */
export const DATA_TYPE = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
} as const;
export type DataType = keyof typeof DATA_TYPE;

const BYTES_PER_ELEMENT: Record<DataType, number> = {
  float32: 4,
  uint8: 1,
  int8: 1,
  int32: 4,
  int64: 8,
  bool: 1,
  float16: 2,
  float64: 8,
};

/** A constant tensor; `data` is little-endian, row-major. */
export type TensorProto = { name: string; type: DataType; shape: number[]; data: Uint8Array };
/** A string dimension is symbolic (`'batch'`). */
export type ValueInfo = { name: string; type: DataType; shape: (number | string)[] };
export type Attribute =
  | { type: 'int'; value: number }
  | { type: 'float'; value: number }
  | { type: 'string'; value: string }
  | { type: 'ints'; value: number[] }
  | { type: 'floats'; value: number[] }
  | { type: 'tensor'; value: TensorProto };
export type Node = {
  op: string;
  inputs: string[];
  outputs: string[];
  attributes: Record<string, Attribute>;
};
export type Graph = {
  name: string;
  nodes: Node[];
  initialisers: TensorProto[];
  inputs: ValueInfo[];
  outputs: ValueInfo[];
};
export type Model = { opset: number; producer: string; graph: Graph };

// AttributeProto.AttributeType
const ATTRIBUTE = { float: 1, int: 2, string: 3, tensor: 4, floats: 6, ints: 7 } as const;
/** Oldest IR version that carries opset 17. */
const IR_VERSION = 8;

function typeName(code: number, what: string): DataType {
  for (const [name, value] of Object.entries(DATA_TYPE)) if (value === code) return name as DataType;
  throw new Error(`ONNX ${what}: data type ${code} is not supported`);
}

function writeTensor(w: Writer, tensor: TensorProto): void {
  for (const d of tensor.shape) w.varint(1, d);
  w.varint(2, DATA_TYPE[tensor.type]);
  w.string(8, tensor.name);
  w.bytes(9, tensor.data);
}

function writeAttribute(w: Writer, name: string, attribute: Attribute): void {
  w.string(1, name);
  w.varint(20, ATTRIBUTE[attribute.type]);
  switch (attribute.type) {
    case 'float':
      w.float(2, attribute.value);
      break;
    case 'int':
      w.varint(3, attribute.value);
      break;
    case 'string':
      w.string(4, attribute.value);
      break;
    case 'tensor':
      w.message(5, (t) => writeTensor(t, attribute.value));
      break;
    case 'floats':
      for (const v of attribute.value) w.float(7, v);
      break;
    case 'ints':
      for (const v of attribute.value) w.varint(8, v);
  }
}

function writeValueInfo(w: Writer, info: ValueInfo): void {
  w.string(1, info.name);
  w.message(2, (type) =>
    type.message(1, (tensor) => {
      tensor.varint(1, DATA_TYPE[info.type]);
      tensor.message(2, (shape) => {
        for (const d of info.shape)
          shape.message(1, (dim) => (typeof d === 'string' ? dim.string(2, d) : dim.varint(1, d)));
      });
    }),
  );
}

/** The bytes of an `.onnx` file. */
export function encodeModel({ opset, producer, graph }: Model): Uint8Array<ArrayBuffer> {
  const w = createWriter();
  w.varint(1, IR_VERSION);
  w.string(2, producer);
  w.message(7, (g) => {
    for (const node of graph.nodes)
      g.message(1, (n) => {
        for (const input of node.inputs) n.string(1, input);
        for (const output of node.outputs) n.string(2, output);
        n.string(4, node.op);
        for (const [name, value] of Object.entries(node.attributes))
          n.message(5, (a) => writeAttribute(a, name, value));
      });
    g.string(2, graph.name);
    for (const tensor of graph.initialisers) g.message(5, (t) => writeTensor(t, tensor));
    for (const info of graph.inputs) g.message(11, (v) => writeValueInfo(v, info));
    for (const info of graph.outputs) g.message(12, (v) => writeValueInfo(v, info));
  });
  w.message(8, (o) => {
    o.string(1, '');
    o.varint(2, opset);
  });
  return w.finish();
}

const last = (fields: readonly Field[], field: number): Field | undefined =>
  fields.findLast((f) => f.field === field);
const all = (fields: readonly Field[], field: number): Uint8Array[] =>
  fields.filter((f) => f.field === field && f.bytes).map((f) => f.bytes!);
const names = (fields: readonly Field[], field: number, what: string): string[] =>
  all(fields, field).map((bytes) => text(bytes, what));

/** Typed lists (float_data, int32_data, int64_data) as the little-endian bytes that raw_data would hold. */
function listData(fields: readonly Field[], type: DataType, what: string): Uint8Array {
  if (type === 'float32') return new Uint8Array(Float32Array.from(floats(fields, 4, what)).buffer);
  if (type === 'int64') return new Uint8Array(BigInt64Array.from(integers(fields, 7, what), BigInt).buffer);
  const values = integers(fields, 5, what);
  if (type === 'int32') return new Uint8Array(Int32Array.from(values).buffer);
  if (type === 'float16') return new Uint8Array(Uint16Array.from(values).buffer);
  if (type === 'float64') throw new Error(`ONNX ${what}: float64 must be stored as raw_data, not as a list`);
  return Uint8Array.from(values);
}

function readTensor(bytes: Uint8Array, what: string): TensorProto {
  const fields = readFields(bytes, what);
  const name = text(last(fields, 8)?.bytes, what);
  const where = `${what} '${name}'`;
  if (last(fields, 13) || last(fields, 14)?.number === 1)
    throw new Error(`ONNX ${where}: external data is not supported`);
  const type = typeName(last(fields, 2)?.number ?? 0, where);
  const shape = integers(fields, 1, where);
  let elements = 1;
  for (const d of shape) {
    if (d < 0) throw new Error(`ONNX ${where}: dimension ${d} is negative`);
    elements *= d;
  }
  const data = last(fields, 9)?.bytes ?? listData(fields, type, where);
  if (data.length !== elements * BYTES_PER_ELEMENT[type])
    throw new Error(
      `ONNX ${where}: shape [${shape}] of ${type} needs ${elements * BYTES_PER_ELEMENT[type]} bytes, got ${data.length}`,
    );
  return { name, type, shape, data };
}

function readAttribute(bytes: Uint8Array, node: string): [string, Attribute] {
  const fields = readFields(bytes, `attribute of ${node}`);
  const name = text(last(fields, 1)?.bytes, node);
  const what = `attribute '${name}' of ${node}`;
  switch (last(fields, 20)?.number) {
    case ATTRIBUTE.float:
      return [name, { type: 'float', value: floats(fields, 2, what).at(-1) ?? 0 }];
    case ATTRIBUTE.int:
      return [name, { type: 'int', value: last(fields, 3)?.number ?? 0 }];
    case ATTRIBUTE.string:
      return [name, { type: 'string', value: text(last(fields, 4)?.bytes, what) }];
    case ATTRIBUTE.tensor:
      return [name, { type: 'tensor', value: readTensor(last(fields, 5)?.bytes ?? new Uint8Array(), what) }];
    case ATTRIBUTE.floats:
      return [name, { type: 'floats', value: floats(fields, 7, what) }];
    case ATTRIBUTE.ints:
      return [name, { type: 'ints', value: integers(fields, 8, what) }];
    default:
      throw new Error(`ONNX ${what}: type ${last(fields, 20)?.number} is not supported`);
  }
}

function readValueInfo(bytes: Uint8Array, what: string): ValueInfo {
  const fields = readFields(bytes, what);
  const name = text(last(fields, 1)?.bytes, what);
  const where = `${what} '${name}'`;
  const tensorBytes = last(readFields(last(fields, 2)?.bytes ?? new Uint8Array(), where), 1)?.bytes;
  if (!tensorBytes) throw new Error(`ONNX ${where}: not a tensor`);
  const tensor = readFields(tensorBytes, where);
  const shape = all(readFields(last(tensor, 2)?.bytes ?? new Uint8Array(), where), 1).map((bytes, axis) => {
    const dimension = readFields(bytes, where);
    return last(dimension, 1)?.number ?? (text(last(dimension, 2)?.bytes, where) || `axis${axis}`);
  });
  return { name, type: typeName(last(tensor, 1)?.number ?? 0, where), shape };
}

/**
 * Reads an `.onnx` file. Tensor data are views into `bytes`.
 * @throws Error naming the part, the rule and the value, for anything truncated, malformed or unsupported.
 */
export function decodeModel(bytes: Uint8Array): Model {
  const fields = readFields(bytes, 'model');
  const graphBytes = last(fields, 7)?.bytes;
  if (!graphBytes) throw new Error('ONNX model: no graph');
  const opsets = all(fields, 8).map((b) => readFields(b, 'opset import'));
  const foreign = opsets.map((o) => text(last(o, 1)?.bytes, 'opset')).find((d) => d && d !== 'ai.onnx');
  if (foreign) throw new Error(`ONNX model: operator domain '${foreign}' is not supported`);
  const graph = readFields(graphBytes, 'graph');
  return {
    opset: last(opsets.at(-1) ?? [], 2)?.number ?? 1,
    producer: text(last(fields, 2)?.bytes, 'producer'),
    graph: {
      name: text(last(graph, 2)?.bytes, 'graph'),
      nodes: all(graph, 1).map((nodeBytes) => {
        const node = readFields(nodeBytes, 'node');
        const op = text(last(node, 4)?.bytes, 'node');
        return {
          op,
          inputs: names(node, 1, op),
          outputs: names(node, 2, op),
          attributes: Object.fromEntries(all(node, 5).map((b) => readAttribute(b, op))),
        };
      }),
      initialisers: all(graph, 5).map((b) => readTensor(b, 'initialiser')),
      inputs: all(graph, 11).map((b) => readValueInfo(b, 'input')),
      outputs: all(graph, 12).map((b) => readValueInfo(b, 'output')),
    },
  };
}
