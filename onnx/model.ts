// ONNX models as plain objects, and how they are written as files (onnx.proto3); decode.ts reads them.
// Only what a graph needs is kept: no doc strings, no metadata, no training info.
import { createWriter, type Writer } from './wire.ts';

/** TensorProto.DataType. `undefined` stands for whatever is no dense tensor: a sequence, an optional, nothing at all. */
export const DATA_TYPE = {
  undefined: 0,
  float32: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  float16: 10,
  float64: 11,
  uint32: 12,
  uint64: 13,
  complex64: 14,
  complex128: 15,
  bfloat16: 16,
  float8e4m3fn: 17,
  float8e4m3fnuz: 18,
  float8e5m2: 19,
  float8e5m2fnuz: 20,
  uint4: 21,
  int4: 22,
  float4e2m1: 23,
  float8e8m0: 24,
  uint2: 25,
  int2: 26,
} as const;
export type DataType = keyof typeof DATA_TYPE;

/** A constant tensor; `data` is little-endian, row-major; strings, and what is no dense tensor, have none here. */
export type TensorProto = { name: string; type: DataType; shape: number[]; data: Uint8Array };
/** A string dimension is symbolic (`'batch'`). `unranked`: the file tells no shape, and `shape` is empty. */
export type ValueInfo = { name: string; type: DataType; shape: (number | string)[]; unranked?: true };
export type Attribute =
  | { type: 'int'; value: number }
  | { type: 'float'; value: number }
  | { type: 'string'; value: string }
  | { type: 'ints'; value: number[] }
  | { type: 'floats'; value: number[] }
  | { type: 'tensor'; value: TensorProto }
  /** Of a type that is not read, such as a graph: its AttributeProto.AttributeType. */
  | { type: 'other'; value: number };
export type Node = {
  op: string;
  /** Absent for ONNX's own operators. */
  domain?: string;
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
/** `opset`: the version of ONNX's own operators. */
export type Model = { opset: number; producer: string; graph: Graph };

/** AttributeProto.AttributeType of those that are read and written. */
export const ATTRIBUTE = { float: 1, int: 2, string: 3, tensor: 4, floats: 6, ints: 7 } as const;
/** Oldest IR version that carries opset 17. */
const IR_VERSION = 8;

function writeTensor(w: Writer, tensor: TensorProto): void {
  for (const d of tensor.shape) w.varint(1, d);
  w.varint(2, DATA_TYPE[tensor.type]);
  w.string(8, tensor.name);
  w.bytes(9, tensor.data);
}

function writeAttribute(w: Writer, name: string, attribute: Attribute): void {
  if (attribute.type === 'other')
    throw new Error(`ONNX attribute '${name}': type ${attribute.value} cannot be written`);
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
      if (info.unranked) return;
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
        if (node.domain) n.string(7, node.domain);
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
