// Builds a model node by node, with weights and feeds that depend on a seed alone.
import fc from 'fast-check';
import { createStream } from '../../../core/sampling/stream.ts';
import type { Attribute, DataType, Model, Node, TensorProto } from '../../../onnx/model.ts';
import type { Tensor } from '../../../worker/engine/engine.ts';
import { bytesOf } from './tensor-bytes.ts';

/** A model, what to feed it, and how far an answer may be from the reference's: see `expectClose`. */
export type Case = { model: Model; feeds: Record<string, Tensor>; tolerance: number };

/** `normal` numbers; `positive`: at least a tenth; `nonzero`: at least half away from zero, of either sign. */
export type Numbers = 'normal' | 'positive' | 'nonzero';

/** Which dimensions a file leaves open. */
export type Free = 'none' | 'batch' | 'all';

/** `where` a tensor comes from: in the file, or in the feeds. */
type Operand = { constant?: boolean; numbers?: Numbers; scale?: number };

export type GraphBuilder = {
  /** float32 numbers, fed or stored. */
  operand(shape: readonly number[], how?: Operand): string;
  /** Given values, fed to an input that is declared of `type`. */
  feed(shape: readonly number[], values: ArrayLike<number>, type?: DataType): string;
  /** Given values, stored. */
  constant(type: DataType, shape: readonly number[], values: readonly number[]): string;
  /** An int64 vector, stored. */
  integers(values: readonly number[]): string;
  /** Appends a node of one output. An input left out is `''`; attributes that are undefined are left out. */
  node(op: string, inputs: readonly string[], attributes?: Record<string, Attribute | undefined>): string;
  /** Appends a node of several outputs. */
  split(
    op: string,
    inputs: readonly string[],
    attributes: Record<string, Attribute | undefined>,
    outputs: number,
  ): string[];
  /** `outputs`: names and ranks, all of float32. */
  finish(outputs: Record<string, number>, tolerance?: number): Case;
};

/** A flag is 0 or 1. */
export const int = (value: number | boolean | undefined): Attribute | undefined =>
  value === undefined ? undefined : { type: 'int', value: Number(value) };
export const ints = (value: readonly number[] | undefined): Attribute | undefined =>
  value && { type: 'ints', value: [...value] };
export const float = (value: number | undefined): Attribute | undefined =>
  value === undefined ? undefined : { type: 'float', value };
export const floats = (value: readonly number[]): Attribute => ({ type: 'floats', value: [...value] });
export const string = (value: string | undefined): Attribute | undefined =>
  value === undefined ? undefined : { type: 'string', value };

const count = (shape: readonly number[]) => shape.reduce((n, d) => n * d, 1);

/** How a stored tensor is written where a case is shown: with its values, unless they are many. */
const noteOf = ({ name, type, shape }: TensorProto, values: readonly number[] = []) =>
  `${name}: ${type}[${shape}]${values.length > 0 && values.length <= 16 ? ` = ${values}` : ''}`;

/**
 * `free`: the dimensions of fed tensors that are declared by a name instead of a number: the leading one of the
 * first tensor and of those of its shape, or all of all. `half`: weights are stored as float16 behind a Cast.
 */
export function createGraph({ opset = 17, seed = 0, free = 'none' as Free, half = false }): GraphBuilder {
  const nodes: Node[] = [];
  const initialisers: TensorProto[] = [];
  const feeds: Record<string, Tensor> = {};
  const types: Record<string, DataType> = {};
  const notes: string[] = [];
  const fresh = (stem: string) => `${stem}${nodes.length + initialisers.length + Object.keys(feeds).length}`;

  const draw = (shape: readonly number[], numbers: Numbers, scale: number) => {
    const data = new Float32Array(count(shape));
    createStream('case', seed, fresh('')).fillNormal(data);
    if (numbers === 'normal') return data.map((x) => scale * x);
    if (numbers === 'positive') return data.map((x) => scale * (Math.abs(x) + 0.1));
    return data.map((x) => scale * (x + (x < 0 ? -0.5 : 0.5)));
  };

  const builder: GraphBuilder = {
    operand(shape, { constant = false, numbers = 'normal', scale = 1 } = {}) {
      const data = draw(shape, numbers, scale);
      if (!constant) return builder.feed(shape, data);
      if (half) return builder.node('Cast', [builder.constant('float16', shape, [...data])], { to: int(1) });
      const name = fresh('w');
      const tensor: TensorProto = {
        name,
        type: 'float32',
        shape: [...shape],
        data: new Uint8Array(data.buffer),
      };
      initialisers.push(tensor);
      notes.push(noteOf(tensor));
      return name;
    },
    feed(shape, values, type = 'float32') {
      const name = fresh('x');
      feeds[name] = { shape: [...shape], data: Float32Array.from(values) };
      types[name] = type;
      notes.push(`${name}: fed ${type}[${shape}]${type === 'float32' ? '' : ` = ${values}`}`);
      return name;
    },
    constant(type, shape, values) {
      const tensor = { name: fresh('c'), type, shape: [...shape], data: bytesOf(type, values) };
      initialisers.push(tensor);
      notes.push(noteOf(tensor, values));
      return tensor.name;
    },
    integers: (values) => builder.constant('int64', [values.length], values),
    node: (op, inputs, attributes = {}) => builder.split(op, inputs, attributes, 1)[0]!,
    split(op, inputs, attributes, outputs) {
      const stem = fresh('y');
      const names = Array.from({ length: outputs }, (_, i) => (i === 0 ? stem : `${stem}_${i}`));
      const given = Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));
      const node = { op, inputs: [...inputs], outputs: names, attributes: given as Node['attributes'] };
      nodes.push(node);
      const list = Object.entries(node.attributes).map(([key, a]) =>
        a.type === 'tensor' ? `${key}=${a.value.type}[${a.value.shape}]` : `${key}=${a.value}`,
      );
      notes.push(`${names} = ${op}(${inputs}) ${list.join(' ')}`);
      return names;
    },
    finish(outputs, tolerance = 1e-5) {
      const first = `${Object.values(feeds)[0]?.shape}`;
      const inputs = Object.entries(feeds).map(([name, { shape }]) => ({
        name,
        type: types[name]!,
        shape: shape.map((d, axis) => {
          if (free === 'all') return `${name}_axis${axis}`;
          return free === 'batch' && axis === 0 && `${shape}` === first ? 'batch' : d;
        }),
      }));
      const declared = Object.entries(outputs).map(([name, rank]) => ({
        name,
        type: 'float32' as const,
        shape: Array.from({ length: rank }, (_, axis) => `${name}_axis${axis}`),
      }));
      const graph = { name: 'case', nodes, initialisers, inputs, outputs: declared };
      const text = `opset ${opset}, seed ${seed}${free === 'none' ? '' : `, free: ${free}`}\n  ${notes.join('\n  ')}\n`;
      const result = { model: { opset, producer: 'test', graph }, feeds, tolerance };
      return Object.defineProperty(result, fc.toStringMethod, { value: () => text });
    },
  };
  return builder;
}
