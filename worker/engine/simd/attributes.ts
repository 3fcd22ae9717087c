// Attributes of a node, by type, with their defaults.
import type { Attribute, Node, TensorProto } from '../../../onnx/model.ts';
import { Unsupported } from './unsupported.ts';

type Types = {
  int: number;
  float: number;
  string: string;
  ints: number[];
  floats: number[];
  tensor: TensorProto;
};

/** @throws Error when the attribute is there with another type. */
export function attribute<T extends keyof Types>(node: Node, name: string, type: T): Types[T] | undefined {
  const found: Attribute | undefined = Object.hasOwn(node.attributes, name)
    ? node.attributes[name]
    : undefined;
  if (found === undefined) return undefined;
  if (found.type === 'other')
    throw new Unsupported(node.op, `attribute '${name}' of AttributeType ${found.value}`);
  if (found.type !== type)
    throw new Error(`simd: ${node.op}: attribute '${name}' must be of type ${type}, is ${found.type}`);
  return found.value as Types[T];
}

export const int = (node: Node, name: string, fallback: number): number =>
  attribute(node, name, 'int') ?? fallback;
export const float = (node: Node, name: string, fallback: number): number =>
  attribute(node, name, 'float') ?? fallback;
export const string = (node: Node, name: string, fallback: string): string =>
  attribute(node, name, 'string') ?? fallback;

/** Steps and borders of more than this are no image's, and would overflow a kernel's integers. */
const MOST = 2 ** 30;

/** `count` whole numbers, not below `least`; `fallback` everywhere when the attribute is absent. */
export function ints(node: Node, name: string, count: number, fallback: number, least: number): number[] {
  const values = attribute(node, name, 'ints') ?? Array<number>(count).fill(fallback);
  if (values.length !== count || values.some((value) => value < least || value > MOST))
    throw new Error(
      `simd: ${node.op}: '${name}' must be ${count} numbers from ${least} to ${MOST}, is [${values}]`,
    );
  return values;
}
