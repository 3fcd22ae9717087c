// What an operator's file exports: from a node and its inputs to instructions and results.
import type { Node } from '../../../../onnx/model.ts';
import type { Builder } from '../builder.ts';
import { Unsupported } from '../unsupported.ts';
import type { Value } from '../value.ts';

/** What an operator may ask about the graph around it. */
export type Scope = {
  opset: number;
  /** The one node that reads `name`, if there is just one and the name is no output of the graph. */
  onlyConsumer(name: string): Node | undefined;
  /** The value of a name that is known already. */
  find(name: string): Value | undefined;
  /** The node's work is done by a kernel before it: it hands on its input number `input`. */
  absorb(node: Node, input: number): void;
};

/** Absent inputs are undefined. @throws Unsupported, or Error for what no engine could run. */
export type Operator = (
  builder: Builder,
  node: Node,
  inputs: readonly (Value | undefined)[],
  scope: Scope,
) => readonly Value[];

/** Input number `i` of a node. @throws Error when it is absent. */
export function required(node: Node, inputs: readonly (Value | undefined)[], i: number): Value {
  const value = inputs[i];
  if (!value) throw new Error(`simd: ${node.op}: input number ${i + 1} must be given`);
  return value;
}

/** The same, of floats. @throws Unsupported for another type. */
export function floats(node: Node, inputs: readonly (Value | undefined)[], i: number): Value {
  const value = required(node, inputs, i);
  if (value.type !== 'float32') throw new Unsupported(node.op, `an input of type ${value.type}`);
  return value;
}
