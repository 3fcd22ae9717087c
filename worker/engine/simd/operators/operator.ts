// What an operator's file exports: from a node and its inputs to instructions and results.
import type { Node } from '../../../../onnx/model.ts';
import type { Builder } from '../builder.ts';
import type { Scope } from '../plan.ts';
import { Unsupported } from '../unsupported.ts';
import type { Value } from '../value.ts';

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
