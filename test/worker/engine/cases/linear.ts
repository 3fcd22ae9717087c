// Products of matrices.
import fc from 'fast-check';
import { createGraph, float, int } from '../graph.ts';
import { batch, common, flag, optional, part, partOf, size, wide } from './draws.ts';

const factor = fc.constantFrom(1, 0.5, -2, 0.1, 0);

export const Gemm = fc
  .record({
    ...common,
    m: size,
    k: wide,
    n: wide,
    transA: optional(flag),
    transB: optional(flag),
    alpha: optional(factor),
    beta: optional(factor),
    c: optional(fc.constantFrom('scalar', 'one', 'row', 'column', 'line', 'whole')),
    stored: fc.record({ a: flag, b: flag, c: flag }),
  })
  .map(({ m, k, n, transA, transB, alpha, beta, c, stored, ...p }) => {
    const g = createGraph(p);
    // Not both stored: nothing would be left to feed.
    const a = g.operand(transA ? [k, m] : [m, k], { constant: stored.a && !stored.b });
    const b = g.operand(transB ? [n, k] : [k, n], { constant: stored.b });
    const shapes = { scalar: [], one: [1], row: [n], column: [m, 1], line: [1, n], whole: [m, n] };
    const inputs = c ? [a, b, g.operand(shapes[c], { constant: stored.c })] : [a, b];
    const y = g.node('Gemm', inputs, {
      transA: int(transA),
      transB: int(transB),
      alpha: float(alpha),
      beta: float(beta),
    });
    return g.finish({ [y]: 2 });
  });

export const MatMul = fc
  .record({
    ...common,
    batches: fc.array(batch, { maxLength: 3 }),
    m: optional(size),
    k: wide,
    n: optional(wide),
    parts: fc.tuple(part, part),
    stored: fc.constantFrom('none', 'b', 'a'),
  })
  .map(({ batches, m, k, n, parts, stored, ...p }) => {
    const g = createGraph(p);
    // A vector has no batch.
    const aShape = m === undefined ? [k] : [...partOf(batches, parts[0]), m, k];
    const bShape = n === undefined ? [k] : [...partOf(batches, parts[1]), k, n];
    const a = g.operand(aShape, { constant: stored === 'a' });
    const b = g.operand(bShape, { constant: stored === 'b' });
    const y = g.node('MatMul', [a, b]);
    const rank = Math.max(aShape.length - 2, bShape.length - 2, 0);
    return g.finish({ [y]: rank + (m === undefined ? 0 : 1) + (n === undefined ? 0 : 1) });
  });

/** A dense layer as PyTorch and Keras export it: MatMul, Add, and an activation. */
export const MatMulAdd = fc
  .record({
    ...common,
    rows: batch,
    k: wide,
    n: wide,
    swap: flag,
    activation: fc.constantFrom('', 'Relu', 'Tanh'),
  })
  .map(({ rows, k, n, swap, activation, ...p }) => {
    const g = createGraph(p);
    const product = g.node('MatMul', [g.operand([rows, k]), g.operand([k, n], { constant: true })]);
    const bias = g.operand([n], { constant: true });
    const sum = g.node('Add', swap ? [bias, product] : [product, bias]);
    return g.finish({ [activation ? g.node(activation, [sum]) : sum]: 2 });
  });
