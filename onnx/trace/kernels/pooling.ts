// Pooling over windows, NHWC like the convolutions, and their gradients.
import { backend_util } from '@tensorflow/tfjs-core';
import type { Value } from '../../graph-builder.ts';
import type { KernelAttributes, KernelTable, Recorder } from '../recorder.ts';
import { binary } from './elementwise.ts';
import { transpose } from './movement.ts';
import { firstWindows, NCHW, NHWC, padsOf, shapeOfWindows } from './windows.ts';

type Info = ReturnType<typeof backend_util.computePool2DInfo>;

function poolInfo(
  op: string,
  x: Value,
  { filterSize, strides, pad, dimRoundingMode }: KernelAttributes,
): Info {
  const info = backend_util.computePool2DInfo(
    x.shape as [number, number, number, number],
    filterSize as number,
    strides as number,
    1,
    pad as 'valid',
    dimRoundingMode as 'floor',
  );
  const [top, left, bottom, right] = padsOf(info);
  if (Math.max(top, bottom) >= info.filterHeight || Math.max(left, right) >= info.filterWidth)
    throw new Error(
      `onnx/trace: ${op} with pads [${[top, left, bottom, right]}] is not recorded; use pads below the window's [${info.filterHeight}, ${info.filterWidth}]`,
    );
  return info;
}

const window = (info: Info) => ({
  kernel_shape: [info.filterHeight, info.filterWidth],
  pads: padsOf(info),
  strides: [info.strideHeight, info.strideWidth],
});

function maxPool(r: Recorder, x: Value, info: Info): [Value, Value] {
  const shape = shapeOfWindows(info, x.shape[0]!, info.inChannels);
  const outputs = [
    { type: x.type, shape },
    { type: 'int64' as const, shape },
  ];
  const attributes = Object.fromEntries(
    Object.entries(window(info)).map(([name, value]) => [name, { type: 'ints' as const, value }]),
  );
  return r.builder.node('MaxPool', [transpose(r, x, NCHW)], outputs, attributes) as [Value, Value];
}

export const pooling: KernelTable = {
  MaxPool: (r, { x }, attributes) => {
    const info = poolInfo('MaxPool', x!, attributes);
    return transpose(r, firstWindows(r, maxPool(r, x!, info)[0], info), NHWC);
  },

  AvgPool: (r, { x }, attributes) => {
    const info = poolInfo('AvgPool', x!, attributes);
    const shape = shapeOfWindows(info, x!.shape[0]!, info.inChannels);
    const y = r.emit('AveragePool', [transpose(r, x!, NCHW)], shape, {
      ...window(info),
      count_include_pad: 0,
    });
    return transpose(r, firstWindows(r, y, info), NHWC);
  },

  // Each gradient goes back to where its maximum was found.
  MaxPoolGrad: (r, { dy, input }, attributes) => {
    const info = poolInfo('MaxPoolGrad', input!, attributes);
    if (info.strideHeight < info.filterHeight || info.strideWidth < info.filterWidth)
      throw new Error(
        `onnx/trace: MaxPoolGrad of overlapping windows (size [${info.filterHeight}, ${info.filterWidth}], strides [${info.strideHeight}, ${info.strideWidth}]) is not recorded; use strides of at least the window size`,
      );
    const [, indices] = maxPool(r, input!, info);
    const shape = NCHW.map((axis) => input!.shape[axis]!);
    const { kernel_shape, pads, strides } = window(info);
    const dx = r.emit('MaxUnpool', [transpose(r, dy!, NCHW), indices, r.int64(shape)], shape, {
      kernel_shape,
      pads,
      strides,
    });
    return transpose(r, dx, NHWC);
  },

  // Every input of a window has an equal share: a transposed convolution, one group a channel, of constant weights.
  AvgPoolGrad: (r, { dy, input }, attributes) => {
    const info = poolInfo('AvgPoolGrad', input!, attributes);
    const [top, left, bottom, right] = padsOf(info);
    if (top + left + bottom + right > 0)
      throw new Error(
        `onnx/trace: AvgPoolGrad with pads [${[top, left, bottom, right]}] is not recorded; use pad 'valid'`,
      );
    const area = info.filterHeight * info.filterWidth;
    const weights = r.float(Array<number>(info.inChannels * area).fill(1), [
      info.inChannels,
      1,
      info.filterHeight,
      info.filterWidth,
    ]);
    const shape = NCHW.map((axis) => input!.shape[axis]!);
    const spread = r.emit('ConvTranspose', [transpose(r, dy!, NCHW), weights], shape, {
      group: info.inChannels,
      kernel_shape: [info.filterHeight, info.filterWidth],
      output_padding: [
        info.inHeight - (info.outHeight - 1) * info.strideHeight - info.filterHeight,
        info.inWidth - (info.outWidth - 1) * info.strideWidth - info.filterWidth,
      ],
      strides: [info.strideHeight, info.strideWidth],
    });
    return transpose(r, binary(r, 'Mul', spread, r.float(1 / area)), NHWC);
  },
};
