// Attention of heads that are an axis, or lie one behind the other; masks, past keys, fewer heads for keys and values.
import fc from 'fast-check';
import { createGraph, float, int } from '../graph.ts';
import { batch, commonSince, flag, optional } from './draws.ts';

const length = fc.integer({ min: 1, max: 6 });

export const Attention = fc
  .record({
    ...commonSince(23),
    n: batch,
    heads: fc.integer({ min: 1, max: 3 }),
    each: fc.constantFrom(1, 1, 2),
    queries: length,
    keys: length,
    past: optional(length),
    sizes: fc.tuple(length, length),
    flat: flag,
    causal: optional(flag),
    mask: fc.constantFrom('', 'float', 'bool'),
    scale: optional(fc.constantFrom(0.5, 1)),
    softcap: optional(fc.constantFrom(2)),
  })
  .map(({ n, heads, each, queries, keys, past, sizes, flat, causal, mask, scale, softcap, ...p }) => {
    const g = createGraph(p);
    const all = heads * each;
    const tensor = (count: number, rows: number, size: number) =>
      g.operand(flat ? [n, rows, count * size] : [n, count, rows, size]);
    const inputs = [
      tensor(all, queries, sizes[0]),
      tensor(heads, keys, sizes[0]),
      tensor(heads, keys, sizes[1]),
    ];
    const total = keys + (past ?? 0);
    // Every query may look at its first key.
    const seen = Array.from({ length: queries * total }, (_, i) => (i % total === 0 || i % 3 ? 1 : 0));
    if (mask === 'bool') inputs.push(g.constant('bool', [queries, total], seen));
    else if (mask === 'float') inputs.push(g.operand([queries, total]));
    else if (past !== undefined) inputs.push('');
    if (past !== undefined)
      inputs.push(g.operand([n, heads, past, sizes[0]]), g.operand([n, heads, past, sizes[1]]));
    const names = g.split(
      'Attention',
      inputs,
      {
        // With past keys onnxruntime counts the places otherwise than ONNX's own function does.
        is_causal: int(past === undefined ? causal : undefined),
        q_num_heads: int(flat ? all : undefined),
        kv_num_heads: int(flat ? heads : undefined),
        scale: float(scale),
        softcap: float(softcap),
      },
      past === undefined ? 1 : 3,
    );
    return g.finish(Object.fromEntries(names.map((name, i) => [name, i === 0 && flat ? 3 : 4])));
  });
