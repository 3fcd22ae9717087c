// Resize: nearest of every rounding, and linear in the plane.
import fc from 'fast-check';
import { createGraph, int, ints, string } from '../graph.ts';
import { axisOf, batch, common, flag, optional, several } from './draws.ts';

const SCALES = [1, 2, 3, 4, 0.5, 1.5, 0.75, 2.5, 1.3] as const;
const COORDINATES = ['half_pixel', 'asymmetric', 'align_corners', 'pytorch_half_pixel'] as const;
const ROUNDINGS = ['round_prefer_floor', 'round_prefer_ceil', 'floor', 'ceil'] as const;

export const Resize = fc
  .record({
    ...common,
    rank: fc.integer({ min: 2, max: 4 }),
    n: batch,
    channels: fc.integer({ min: 1, max: 5 }),
    spatial: several(fc.integer({ min: 1, max: 16 }), 2),
    linear: flag,
    by: fc.constantFrom('scales', 'sizes'),
    scales: several(fc.constantFrom(...SCALES)),
    sizes: several(fc.integer({ min: 1, max: 40 })),
    coordinates: optional(fc.constantFrom(...COORDINATES)),
    rounding: optional(fc.constantFrom(...ROUNDINGS)),
    /** Nearest may also change the batch and the channels. */
    everything: fc.integer({ min: 0, max: 5 }).map((n) => n === 5),
    axes: flag,
    negative: flag,
  })
  .map(({ n, channels, spatial, linear, by, coordinates, rounding, everything, axes, negative, ...p }) => {
    const g = createGraph(p);
    const rank = linear ? 4 : p.rank;
    const dims = [n, channels, ...spatial].slice(4 - rank);
    const fixed = everything && !linear ? 0 : Math.max(0, rank - 2);
    // An output has at least one element along every axis.
    // Where the scaled size is a fraction, onnxruntime aligns other corners than ONNX does: declined.
    const whole = coordinates === 'align_corners';
    const scales = dims.map((d, axis) => {
      const scale = Math.max(p.scales[axis]!, 1 / d);
      return axis < fixed ? 1 : whole && d > 1 ? Math.ceil(scale) : scale;
    });
    const sizes = dims.map((d, axis) => (axis < fixed ? d : p.sizes[axis]!));
    const withAxes = axes && p.opset >= 18;
    const chosen = dims.map((_, axis) => axis).slice(withAxes ? fixed : 0);
    const pick = (values: number[]) => chosen.map((axis) => values[axis]!);
    const x = g.operand(dims);
    const inputs =
      by === 'scales'
        ? [x, '', g.constant('float32', [chosen.length], pick(scales))]
        : [x, '', '', g.integers(pick(sizes))];
    const y = g.node('Resize', inputs, {
      mode: string(linear ? 'linear' : p.seed % 2 === 0 ? 'nearest' : undefined),
      coordinate_transformation_mode: string(coordinates),
      nearest_mode: string(linear ? undefined : rounding),
      axes: ints(withAxes ? chosen.map((axis) => axisOf(rank, axis, negative)) : undefined),
      antialias: int(withAxes ? 0 : undefined),
    });
    return g.finish({ [y]: rank }, linear ? 1e-5 : 0);
  });
