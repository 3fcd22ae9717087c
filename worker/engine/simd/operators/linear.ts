// Gemm and MatMul.
import { float, int } from '../attributes.ts';
import type { Builder } from '../builder.ts';
import { moveCost, productCost } from '../costs.ts';
import { ADD, COPY } from '../kernels/opcodes.ts';
import {
  type Buffer,
  broadcastShape,
  broadcastStrides,
  elementsOf,
  isConstant,
  requireTable,
  type Value,
  type View,
} from '../value.ts';
import type { Activation } from './activations.ts';
import { absorbFollowers } from './epilogue.ts';
import { floats, type Operator } from './operator.ts';

const NO_ACTIVATION: Activation = { code: COPY, alpha: 0, beta: 0 };

/** Floats that a packed matrix takes: see kernels/pack.ts. */
const packedElements = (k: number, columns: number): number => k * 32 * Math.ceil(columns / 32) + 4;

/** Floats that the kernels want for the lists of their rows: see kernels/rows.ts. */
export const listElements = (rows: number, k: number): number => Math.min(32, rows) * (2 * k + 8);

/** b [k, columns] in panels; of constants once, of anything else in every run. */
export function pack(builder: Builder, b: Value): Buffer {
  const [k, columns] = b.shape as [number, number];
  const view = builder.viewOf(b);
  const recipe = isConstant(b) ? ['pack', b.shape, view] : undefined;
  const packed = builder.buffer(packedElements(k, columns), recipe);
  const [strideK, strideColumn] = view.strides.map((stride) => 4 * stride) as [number, number];
  const half = strideColumn === 4 ? builder.halves.get(view.buffer) : undefined;
  if (half) {
    builder.emit({
      reads: [half],
      writes: [packed],
      nanoseconds: moveCost(packedElements(k, columns), k * Math.ceil(columns / 8)),
      bind(kernels, at) {
        const [to, from] = [at(packed), at(half) + 2 * view.offset];
        return () => kernels.packHalf(to, from, k, columns, strideK / 2);
      },
    });
    return packed;
  }
  builder.emit({
    reads: [view.buffer],
    writes: [packed],
    nanoseconds: moveCost(packedElements(k, columns), k * Math.ceil(columns / 8)),
    bind(kernels, at) {
      const [to, from] = [at(packed), at(view.buffer) + 4 * view.offset];
      return () => kernels.pack(to, from, k, columns, strideK, strideColumn);
    },
  });
  return packed;
}

/** A view whose rows are contiguous, so that a kernel can step from row to row. */
function withContiguousRows(builder: Builder, a: Value): View {
  const view = builder.viewOf(a);
  return view.strides.at(-1) === 1 || a.shape.at(-1) === 1 ? view : builder.arranged(a).view;
}

/** activation(a [rows, k] · b [k, columns] + bias [columns]). */
export function matrixProduct(
  builder: Builder,
  a: Value,
  b: Value,
  bias: Value | undefined,
  { code, alpha, beta }: Activation = NO_ACTIVATION,
): Value {
  const [rows, k] = a.shape as [number, number];
  const columns = b.shape[1]!;
  const out = builder.tensor('float32', [rows, columns]);
  if (rows * columns === 0) return out;
  const left = withContiguousRows(builder, a);
  const right = pack(builder, b);
  const added = bias && builder.arranged(bias).view;
  const lists = builder.buffer(listElements(rows, k));
  builder.emit({
    reads: [left.buffer, right, ...(added ? [added.buffer] : [])],
    writes: [out.view.buffer, lists],
    nanoseconds: productCost(rows, k, columns, code),
    bind(kernels, at) {
      const from = at(left.buffer) + 4 * left.offset;
      const weights = at(right);
      const addend = added ? at(added.buffer) : 0;
      const to = at(out.view.buffer);
      const lda = 4 * left.strides[0]!;
      const room = at(lists);
      return () =>
        kernels.product(
          from,
          lda,
          weights,
          addend,
          to,
          4 * columns,
          rows,
          k,
          columns,
          room,
          code,
          alpha,
          beta,
        );
    },
  });
  return out;
}

const transposed = (builder: Builder, value: Value): Value =>
  builder.restride(value, value.shape.toReversed(), (strides) => ({
    offset: 0,
    strides: strides.toReversed(),
  }));

/** α A′ B′ + β C, A′ and B′ transposed where the attributes say so. */
export const gemm: Operator = (builder, node, inputs, scope) => {
  const operand = (i: number, flag: string): Value => {
    const value = floats(node, inputs, i);
    if (value.shape.length !== 2)
      throw new Error(`simd: Gemm: input number ${i + 1} must be 2-D, is [${value.shape}]`);
    return int(node, flag, 0) ? transposed(builder, value) : value;
  };
  const a = operand(0, 'transA');
  let b = operand(1, 'transB');
  const [rows, k] = a.shape as [number, number];
  const columns = b.shape[1]!;
  if (k !== b.shape[0]) throw new Error(`simd: Gemm: [${a.shape}] and [${b.shape}] must share a dimension`);
  const alpha = float(node, 'alpha', 1);
  const beta = float(node, 'beta', 1);
  if (alpha !== 1) b = builder.affine('Gemm', b, alpha);

  const c = inputs[2] && floats(node, inputs, 2);
  const scaled = c && (beta === 1 ? c : builder.affine('Gemm', c, beta));
  if (scaled && broadcastShape('Gemm', [rows, columns], scaled.shape).join() !== `${rows},${columns}`)
    throw new Error(`simd: Gemm: [${scaled.shape}] must broadcast to [${rows},${columns}]`);
  const size = scaled ? elementsOf(scaled.shape) : 0;
  const perColumn = scaled && (size === 1 || (size === columns && scaled.shape.at(-1) === columns));
  const bias =
    scaled && perColumn
      ? builder.restride(builder.reshape(scaled, [size]), [columns], ([stride]) => ({
          offset: 0,
          strides: [size === 1 ? 0 : stride!],
        }))
      : undefined;
  if (scaled && !perColumn)
    return [builder.elementwise('Gemm', ADD, [matrixProduct(builder, a, b, undefined), scaled])];
  const last = { rank: 2, axis: 1, channels: columns };
  const followed = absorbFollowers(builder, node, scope, { value: b, axis: 1 }, bias, last);
  return [matrixProduct(builder, a, followed.weights, followed.bias, followed.activation)];
};

/** Products of the last two axes, broadcast over those before. @throws Error where they do not match. */
export function multiply(builder: Builder, a: Value, b: Value): Value {
  const [m, k] = a.shape.slice(-2) as [number, number];
  const n = b.shape.at(-1)!;
  if (k !== b.shape.at(-2)) throw new Error(`simd: MatMul: [${a.shape}] and [${b.shape}] do not match`);
  const batch = broadcastShape('MatMul', a.shape.slice(0, -2), b.shape.slice(0, -2));
  const shape = [...batch, m, n];
  if (elementsOf(b.shape.slice(0, -2)) !== 1) return batchedProduct(builder, a, b, shape);
  // One matrix for all: the batches are more rows.
  const rows = builder.reshape(a, [elementsOf(a.shape.slice(0, -1)), k]);
  return builder.reshape(matrixProduct(builder, rows, builder.reshape(b, [k, n]), undefined), shape);
}

/** A vector counts as one row or one column; what follows a product with one constant matrix is done with it. */
export const matMul: Operator = (builder, node, inputs, scope) => {
  const [a, b] = [floats(node, inputs, 0), floats(node, inputs, 1)];
  if (a.shape.length === 0 || b.shape.length === 0)
    throw new Error('simd: MatMul: inputs must not be scalars');
  if (b.shape.length === 2 && a.shape.length > 1 && isConstant(b)) {
    const [k, n] = b.shape as [number, number];
    if (a.shape.at(-1) !== k) throw new Error(`simd: MatMul: [${a.shape}] and [${b.shape}] do not match`);
    const shape = a.shape.with(-1, n);
    const rows = builder.reshape(a, [elementsOf(a.shape.slice(0, -1)), k]);
    const last = { rank: shape.length, axis: shape.length - 1, channels: n };
    const followed = absorbFollowers(builder, node, scope, { value: b, axis: 1 }, undefined, last);
    const product = matrixProduct(builder, rows, followed.weights, followed.bias, followed.activation);
    return [builder.reshape(product, shape)];
  }
  const left = a.shape.length === 1 ? builder.reshape(a, [1, ...a.shape]) : a;
  const right = b.shape.length === 1 ? builder.reshape(b, [...b.shape, 1]) : b;
  const product = multiply(builder, left, right);
  const shape = [
    ...product.shape.slice(0, -2),
    ...(a.shape.length === 1 ? [] : [product.shape.at(-2)!]),
    ...(b.shape.length === 1 ? [] : [product.shape.at(-1)!]),
  ];
  return [builder.reshape(product, shape)];
};

/** A product for each place of the batch axes; both sides may be repeated. */
function batchedProduct(builder: Builder, a: Value, b: Value, full: readonly number[]): Value {
  const batch = full.slice(0, -2);
  const [m, n] = full.slice(-2) as [number, number];
  const k = a.shape.at(-1)!;
  const left = withContiguousRows(builder, a);
  const right = builder.viewOf(b);
  const out = builder.tensor('float32', full);
  const panels = builder.buffer(packedElements(k, n));
  const lists = builder.buffer(listElements(m, k));
  const over = (value: Value, view: View) =>
    broadcastStrides(value.shape.slice(0, -2), view.strides.slice(0, -2), batch);
  const steps = [over(a, left), over(b, right)] as const;
  const places = elementsOf(batch);
  requireTable(places);
  // Offsets in bytes of the two matrices for each place of the batch.
  const offsets = steps.map((strides) =>
    Array.from({ length: places }, (_, place) => {
      let rest = place;
      let offset = 0;
      for (let axis = batch.length - 1; axis >= 0; axis--) {
        offset += (rest % batch[axis]!) * strides[axis]!;
        rest = Math.floor(rest / batch[axis]!);
      }
      return 4 * offset;
    }),
  ) as [number[], number[]];
  builder.emit({
    reads: [left.buffer, right.buffer],
    writes: [out.view.buffer, panels, lists],
    nanoseconds: places * (moveCost(packedElements(k, n), k * Math.ceil(n / 8)) + productCost(m, k, n, COPY)),
    bind(kernels, at) {
      const [from, weights] = [left, right].map((view) => at(view.buffer) + 4 * view.offset) as [
        number,
        number,
      ];
      const [to, packed, room] = [at(out.view.buffer), at(panels), at(lists)];
      const lda = 4 * left.strides.at(-2)!;
      const [strideK, strideColumn] = right.strides.slice(-2).map((stride) => 4 * stride) as [number, number];
      return () => {
        for (let place = 0; place < places; place++) {
          kernels.pack(packed, weights + offsets[1][place]!, k, n, strideK, strideColumn);
          const target = to + 4 * place * m * n;
          kernels.product(
            from + offsets[0][place]!,
            lda,
            packed,
            0,
            target,
            4 * n,
            m,
            k,
            n,
            room,
            COPY,
            0,
            0,
          );
        }
      };
    },
  });
  return out;
}
