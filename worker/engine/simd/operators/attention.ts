// Attention (Vaswani et al. 2017, eq. 1) as ONNX has it since opset 23: softmax(Q Kᵀ · scale + mask) V, for heads that
// lie in an axis of their own or one behind the other, with fewer heads for keys and values, and with past ones.
import type { Node } from '../../../../onnx/model.ts';
import { attribute, float, int } from '../attributes.ts';
import type { Builder } from '../builder.ts';
import { ADD, DIV, EQUAL, KEEP_NOT, MAXIMUM, TANH } from '../kernels/opcodes.ts';
import { Unsupported } from '../unsupported.ts';
import { elementsOf, known, numbersOf, requireTable, type Value } from '../value.ts';
import { select } from './arithmetic.ts';
import { multiply } from './linear.ts';
import { floats, type Operator } from './operator.ts';
import { padConstant } from './pad.ts';
import { reduceAxes, softmaxAlong } from './reduction.ts';
import { join } from './slicing.ts';

const swapped = (builder: Builder, x: Value, a: number, b: number): Value => {
  const swap = <T>(list: readonly T[]): T[] => list.with(a, list[b]!).with(b, list[a]!);
  return builder.restride(x, swap(x.shape), (strides) => ({ offset: 0, strides: swap(strides) }));
};

/** [batch, heads, length, size] of either form, [batch, length, heads · size] being the other. */
function inHeads(builder: Builder, node: Node, x: Value, name: string): Value {
  if (x.shape.length === 4) return x;
  const heads = int(node, name, 0);
  const [batch, length, width] = x.shape as [number, number, number];
  if (x.shape.length !== 3 || heads < 1 || width % heads !== 0)
    throw new Error(
      `simd: Attention: [${x.shape}] must be 4-D, or 3-D with '${name}' heads, which is ${heads}`,
    );
  return swapped(builder, builder.reshape(x, [batch, length, heads, width / heads]), 1, 2);
}

/** Each head `times` times, one after the other. */
function repeated(builder: Builder, x: Value, times: number): Value {
  if (times === 1) return x;
  const [batch, heads, length, size] = x.shape as [number, number, number, number];
  const apart = builder.restride(x, [batch, heads, times, length, size], ([b, h, l, s]) => ({
    offset: 0,
    strides: [b!, h!, 0, l!, s!],
  }));
  return builder.reshape(apart, [batch, heads * times, length, size]);
}

const NOTHING = known('float32', [], [0]);
const NEVER = known('float32', [], [Number.NEGATIVE_INFINITY]);

/** What forbids to look ahead of a query's own place, or behind a sequence's end: [batch or 1, 1, queries, keys]. */
function hidden(
  ends: readonly number[],
  causal: boolean,
  past: number | undefined,
  queries: number,
  keys: number,
) {
  requireTable(ends.length * queries * keys);
  const numbers = ends.flatMap((end) =>
    Array.from({ length: queries * keys }, (_, i) => {
      const [query, key] = [Math.floor(i / keys), i % keys];
      const ahead = causal && key > query + (past ?? end - queries);
      return ahead || key >= end ? Number.NEGATIVE_INFINITY : 0;
    }),
  );
  return known('float32', [ends.length, 1, queries, keys], numbers);
}

export const attention: Operator = (builder, node, inputs) => {
  const op = 'Attention';
  const q = inHeads(builder, node, floats(node, inputs, 0), 'q_num_heads');
  const heads = (i: number): Value => {
    const own = inHeads(builder, node, floats(node, inputs, i), 'kv_num_heads');
    return inputs[i + 3] ? join(builder, op, [floats(node, inputs, i + 3), own], 2) : own;
  };
  const [k, v] = [heads(1), heads(2)];
  const [, headCount, queries, size] = q.shape as [number, number, number, number];
  const [, few, keys] = k.shape as [number, number, number];
  if (headCount % few !== 0 || k.shape[3] !== size || v.shape[1] !== few)
    throw new Error(`simd: Attention: [${q.shape}], [${k.shape}] and [${v.shape}] do not match`);
  const outputMode = int(node, 'qk_matmul_output_mode', 0);
  if (outputMode < 0 || outputMode > 3) throw new Error(`simd: Attention: no output mode ${outputMode}`);

  const causal = int(node, 'is_causal', 0) !== 0;
  const ends = inputs[6] ? numbersOf(inputs[6], op, 'lengths') : undefined;
  const masks: Value[] = [];
  const mask = inputs[3];
  if (mask && mask.shape.length < 2)
    throw new Error(`simd: Attention: the mask must have two axes or more, is [${mask.shape}]`);
  if (mask) {
    const added = mask.type === 'bool' ? select(builder, op, mask, NOTHING, NEVER) : floats(node, inputs, 3);
    const none = added.shape.map(() => 0);
    const missing = keys - added.shape.at(-1)!;
    masks.push(padConstant(builder, added, none, none.with(-1, missing), Number.NEGATIVE_INFINITY));
  }
  const past = inputs[6] ? undefined : (inputs[4]?.shape[2] ?? 0);
  if (causal || ends) masks.push(hidden(ends ?? [keys], causal, past, queries, keys));
  const bias = masks.length > 0 ? masks.reduce((a, b) => builder.elementwise(op, ADD, [a, b])) : undefined;

  // As in the function that defines the operator: both sides by the root of the scale.
  const root = Math.sqrt(attribute(node, 'scale', 'float') ?? 1 / Math.sqrt(size));
  const times = headCount / few;
  const scaledKeys = builder.affine(op, swapped(builder, repeated(builder, k, times), 2, 3), root);
  const products = multiply(builder, builder.affine(op, q, root), scaledKeys);
  const cap = float(node, 'softcap', 0);
  const capped =
    cap === 0
      ? products
      : builder.affine(
          op,
          builder.elementwise(op, TANH, [
            builder.elementwise(op, DIV, [products, known('float32', [], [cap])]),
          ]),
          cap,
        );
  const biased = bias ? builder.elementwise(op, ADD, [capped, bias]) : capped;
  if (elementsOf(biased.shape) !== elementsOf(products.shape))
    throw new Error(`simd: Attention: the mask [${mask?.shape}] must broadcast to [${products.shape}]`);
  let weights = softmaxAlong(builder, op, biased, [3]);
  if (bias) {
    // A query that may look at nothing sees zeros.
    const most = reduceAxes(builder, op, MAXIMUM, bias, [bias.shape.length - 1]);
    const blind = builder.elementwise(op, EQUAL, [most, NEVER], { type: 'bool' });
    weights = builder.elementwise(op, KEEP_NOT, [weights, blind]);
  }
  const seen = multiply(builder, weights, repeated(builder, v, times));
  const y =
    inputs[0]!.shape.length === 4
      ? seen
      : builder.reshape(swapped(builder, seen, 1, 2), [q.shape[0]!, queries, headCount * v.shape[3]!]);
  const precision = int(node, 'softmax_precision', 1);
  if (precision !== 1) throw new Unsupported(op, `softmax_precision ${precision}`);
  return [y, k, v, [products, capped, biased, weights][outputMode]!];
};
