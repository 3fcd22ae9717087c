// Convolutions of one and two spatial dimensions.
import fc from 'fast-check';
import { createGraph, int, ints, string } from '../graph.ts';
import { batch, common, flag, optional, several, size } from './draws.ts';

const AUTO_PADS = ['NOTSET', 'VALID', 'SAME_UPPER', 'SAME_LOWER'] as const;

const geometry = {
  rank: fc.constantFrom(1, 2),
  n: batch,
  group: fc.integer({ min: 1, max: 3 }),
  // Channels of one group; one each is the depthwise convolution.
  from: fc.integer({ min: 1, max: 6 }),
  to: fc.integer({ min: 1, max: 20 }),
  spatial: several(size, 2),
  kernel: several(fc.integer({ min: 1, max: 4 }), 2),
  strides: optional(several(fc.integer({ min: 1, max: 3 }), 2)),
  dilations: optional(several(fc.integer({ min: 1, max: 3 }), 2)),
  /** Begins, then ends, as many of each as there are spatial dimensions. */
  pads: optional(several(fc.integer({ min: 0, max: 3 }), 4)),
  autoPad: optional(fc.constantFrom(...AUTO_PADS)),
  bias: flag,
  kernelShape: flag,
  stored: flag,
};

export const Conv = fc
  .record({ ...common, ...geometry })
  .map(({ rank, n, group, from, to, bias, kernelShape, stored, autoPad, ...p }) => {
    const g = createGraph(p);
    const explicit = autoPad === undefined || autoPad === 'NOTSET';
    const pads = explicit ? p.pads?.slice(0, 2 * rank) : undefined;
    const kernel = p.kernel.slice(0, rank);
    const strides = p.strides?.slice(0, rank);
    // onnxruntime refuses dilations together with SAME padding.
    const dilations = autoPad?.startsWith('SAME') ? undefined : p.dilations?.slice(0, rank);
    // The padded input holds the kernel at least once.
    const spatial = kernel.map((k, axis) => {
      const padding = (pads?.[axis] ?? 0) + (pads?.[axis + rank] ?? 0);
      return Math.max(p.spatial[axis]!, (k - 1) * (dilations?.[axis] ?? 1) + 1 - padding, 1);
    });
    const inputs = [
      g.operand([n, group * from, ...spatial]),
      g.operand([group * to, from, ...kernel], { constant: stored, scale: 0.3 }),
    ];
    if (bias) inputs.push(g.operand([group * to], { constant: stored }));
    const y = g.node('Conv', inputs, {
      group: int(group > 1 ? group : undefined),
      kernel_shape: ints(kernelShape ? kernel : undefined),
      strides: ints(strides),
      dilations: ints(dilations),
      pads: ints(pads),
      auto_pad: string(autoPad),
    });
    return g.finish({ [y]: rank + 2 });
  });

export const ConvTranspose = fc
  .record({
    ...common,
    ...geometry,
    spatial: several(fc.integer({ min: 1, max: 6 }), 2),
    outputPadding: optional(several(fc.nat(2), 2)),
    /** How much smaller than without padding `output_shape` asks the output to be. */
    cropped: optional(several(fc.nat(4), 2)),
  })
  .map(({ rank, n, group, from, to, bias, kernelShape, stored, autoPad, ...p }) => {
    const g = createGraph(p);
    const explicit = autoPad === undefined || autoPad === 'NOTSET';
    const kernel = p.kernel.slice(0, rank);
    const strides = p.strides?.slice(0, rank);
    const dilations = p.dilations?.slice(0, rank);
    const stride = (axis: number) => strides?.[axis] ?? 1;
    const dilation = (axis: number) => dilations?.[axis] ?? 1;
    const outputPadding = p.outputPadding
      ?.slice(0, rank)
      // onnxruntime refuses what is not smaller than the stride, even where a dilation would allow it.
      .map((d, axis) => Math.min(d, stride(axis) - 1));
    const unpadded = kernel.map(
      (k, axis) =>
        stride(axis) * (p.spatial[axis]! - 1) + (outputPadding?.[axis] ?? 0) + (k - 1) * dilation(axis) + 1,
    );
    // onnxruntime refuses an output smaller than the input.
    const outputShape =
      p.cropped && unpadded.map((d, axis) => Math.max(p.spatial[axis]!, d - p.cropped![axis]!));
    // What is cut off leaves at least one element.
    const pads =
      explicit && !outputShape
        ? p.pads?.slice(0, 2 * rank).map((d, at) => Math.min(d, Math.floor((unpadded[at % rank]! - 1) / 2)))
        : undefined;
    const inputs = [
      g.operand([n, group * from, ...p.spatial.slice(0, rank)]),
      g.operand([group * from, to, ...kernel], { constant: stored, scale: 0.3 }),
    ];
    if (bias) inputs.push(g.operand([group * to], { constant: stored }));
    const y = g.node('ConvTranspose', inputs, {
      group: int(group > 1 ? group : undefined),
      kernel_shape: ints(kernelShape ? kernel : undefined),
      strides: ints(strides),
      dilations: ints(dilations),
      pads: ints(pads),
      auto_pad: string(autoPad),
      output_padding: ints(outputPadding),
      output_shape: ints(outputShape),
    });
    return g.finish({ [y]: rank + 2 });
  });
