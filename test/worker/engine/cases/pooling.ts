// Pooling over one and two spatial dimensions.
import fc from 'fast-check';
import { createGraph, int, ints, string } from '../graph.ts';
import { batch, commonBetween, flag, optional, several, size } from './draws.ts';

const pooling = (op: 'MaxPool' | 'AveragePool') =>
  fc
    .record({
      ...commonBetween(7, 26),
      rank: fc.constantFrom(1, 2),
      n: batch,
      channels: fc.integer({ min: 1, max: 6 }),
      spatial: several(size, 2),
      kernel: several(fc.integer({ min: 1, max: 4 }), 2),
      strides: optional(several(fc.integer({ min: 1, max: 4 }), 2)),
      dilations: optional(several(fc.integer({ min: 1, max: 3 }), 2)),
      pads: optional(several(fc.nat(3), 4)),
      autoPad: optional(fc.constantFrom('NOTSET', 'VALID', 'SAME_UPPER', 'SAME_LOWER')),
      ceilMode: optional(flag),
      countIncludePad: optional(flag),
    })
    .map(({ rank, n, channels, autoPad, ceilMode, countIncludePad, ...p }) => {
      const g = createGraph(p);
      const explicit = autoPad === undefined || autoPad === 'NOTSET';
      const same = autoPad?.startsWith('SAME') ?? false;
      const strides = p.strides?.slice(0, rank);
      // onnxruntime refuses, together with SAME padding, strides longer than the kernel, and dilations.
      const kernel = p.kernel.slice(0, rank).map((k, axis) => (same ? Math.max(k, strides?.[axis] ?? 1) : k));
      const dilated = p.opset >= (op === 'MaxPool' ? 10 : 19) && !same;
      const dilations = dilated ? p.dilations?.slice(0, rank) : undefined;
      // Padding is smaller than the kernel, so that every window holds something.
      const pads = explicit
        ? p.pads?.slice(0, 2 * rank).map((d, at) => Math.min(d, kernel[at % rank]! - 1))
        : undefined;
      const spatial = kernel.map((k, axis) => {
        const padding = (pads?.[axis] ?? 0) + (pads?.[axis + rank] ?? 0);
        return Math.max(p.spatial[axis]!, (k - 1) * (dilations?.[axis] ?? 1) + 1 - padding, 1);
      });
      const y = g.node(op, [g.operand([n, channels, ...spatial])], {
        kernel_shape: ints(kernel),
        strides: ints(strides),
        dilations: ints(dilations),
        pads: ints(pads),
        auto_pad: string(autoPad),
        ceil_mode: int(p.opset >= 10 ? ceilMode : undefined),
        count_include_pad: int(op === 'AveragePool' ? countIncludePad : undefined),
      });
      return g.finish({ [y]: rank + 2 }, op === 'MaxPool' ? 0 : 1e-5);
    });

export const MaxPool = pooling('MaxPool');
export const AveragePool = pooling('AveragePool');

const globalPool = (op: string) =>
  fc
    .record({
      ...commonBetween(7, 26),
      n: batch,
      channels: size,
      spatial: fc.array(size, { minLength: 1, maxLength: 2 }),
    })
    .map(({ n, channels, spatial, ...p }) => {
      const g = createGraph(p);
      return g.finish({ [g.node(op, [g.operand([n, channels, ...spatial])])]: 2 + spatial.length });
    });

export const GlobalAveragePool = globalPool('GlobalAveragePool');
export const GlobalMaxPool = globalPool('GlobalMaxPool');
