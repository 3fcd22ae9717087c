// Reads .onnx files (onnx.proto3). What no engine here runs is still read, as far as its name and type, so that whoever
// asks for it is told so, and a graph that does not use it runs.
import { dataType, decodeTensor, type ExternalFiles } from './decode-tensor.ts';
import {
  ATTRIBUTE,
  type Attribute,
  type Model,
  type Node,
  type TensorProto,
  type ValueInfo,
} from './model.ts';
import { type Field, floats, integers, last, messages, readFields, text } from './wire.ts';

const names = (fields: readonly Field[], field: number, what: string): string[] =>
  messages(fields, field).map((bytes) => text(bytes, what));

/** ONNX's own operators have no domain, or are said to be of this one. */
const OWN_DOMAIN = 'ai.onnx';

function readAttribute(bytes: Uint8Array, node: string, files: ExternalFiles): [string, Attribute] {
  const fields = readFields(bytes, `attribute of ${node}`);
  const name = text(last(fields, 1)?.bytes, node);
  const what = `attribute '${name}' of ${node}`;
  const type = last(fields, 20)?.number ?? 0;
  switch (type) {
    case ATTRIBUTE.float:
      return [name, { type: 'float', value: floats(fields, 2, what).at(-1) ?? 0 }];
    case ATTRIBUTE.int:
      return [name, { type: 'int', value: last(fields, 3)?.number ?? 0 }];
    case ATTRIBUTE.string:
      return [name, { type: 'string', value: text(last(fields, 4)?.bytes, what) }];
    case ATTRIBUTE.tensor: {
      const tensor = last(fields, 5)?.bytes ?? new Uint8Array();
      return [name, { type: 'tensor', value: decodeTensor(tensor, what, files) }];
    }
    case ATTRIBUTE.floats:
      return [name, { type: 'floats', value: floats(fields, 7, what) }];
    case ATTRIBUTE.ints:
      return [name, { type: 'ints', value: integers(fields, 8, what) }];
    default:
      return [name, { type: 'other', value: type }];
  }
}

function readNode(bytes: Uint8Array, files: ExternalFiles): Node {
  const fields = readFields(bytes, 'node');
  const op = text(last(fields, 4)?.bytes, 'node');
  const domain = text(last(fields, 7)?.bytes, op);
  return {
    op,
    ...(domain && domain !== OWN_DOMAIN ? { domain } : {}),
    inputs: names(fields, 1, op),
    outputs: names(fields, 2, op),
    attributes: Object.fromEntries(messages(fields, 5).map((b) => readAttribute(b, op, files))),
  };
}

function readValueInfo(bytes: Uint8Array, what: string): ValueInfo {
  const fields = readFields(bytes, what);
  const name = text(last(fields, 1)?.bytes, what);
  const where = `${what} '${name}'`;
  const type = readFields(last(fields, 2)?.bytes ?? new Uint8Array(), where);
  const tensor = readFields(last(type, 1)?.bytes ?? new Uint8Array(), where);
  const dimensions = last(tensor, 2)?.bytes;
  const shape = messages(readFields(dimensions ?? new Uint8Array(), where), 1).map((bytes, axis) => {
    const dimension = readFields(bytes, where);
    const size = last(dimension, 1)?.number ?? -1;
    // Some write −1 for a size that is open.
    return size >= 0 ? size : text(last(dimension, 2)?.bytes, where) || `axis${axis}`;
  });
  const element = dataType(last(tensor, 1)?.number ?? 0, where);
  return { name, type: element, shape, ...(dimensions ? {} : { unranked: true }) };
}

/** SparseTensorProto: its values carry its name, and are not read. */
function readSparse(bytes: Uint8Array): TensorProto {
  const what = 'sparse initialiser';
  const values = readFields(last(readFields(bytes, what), 1)?.bytes ?? new Uint8Array(), what);
  return { name: text(last(values, 8)?.bytes, what), type: 'undefined', shape: [], data: new Uint8Array() };
}

/**
 * Reads an `.onnx` file. Tensor data are views into `bytes`, or into the `files` beside it that it names.
 * @throws Error naming the part, the rule and the value, for anything truncated or malformed, and for a file not given.
 */
export function decodeModel(bytes: Uint8Array, files: ExternalFiles = {}): Model {
  const fields = readFields(bytes, 'model');
  const graphBytes = last(fields, 7)?.bytes;
  if (!graphBytes) throw new Error('ONNX model: no graph');
  const opsets = messages(fields, 8).map((b) => readFields(b, 'opset import'));
  const own = opsets.findLast((o) => ['', OWN_DOMAIN].includes(text(last(o, 1)?.bytes, 'opset import')));
  const graph = readFields(graphBytes, 'graph');
  return {
    opset: last(own ?? [], 2)?.number ?? 1,
    producer: text(last(fields, 2)?.bytes, 'producer'),
    graph: {
      name: text(last(graph, 2)?.bytes, 'graph'),
      nodes: messages(graph, 1).map((b) => readNode(b, files)),
      initialisers: [
        ...messages(graph, 5).map((b) => decodeTensor(b, 'initialiser', files)),
        ...messages(graph, 15).map(readSparse),
      ],
      inputs: messages(graph, 11).map((b) => readValueInfo(b, 'input')),
      outputs: messages(graph, 12).map((b) => readValueInfo(b, 'output')),
    },
  };
}
