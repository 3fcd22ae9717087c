// Convolutions. TensorFlow.js is NHWC with HWIO filters, ONNX is NCHW with OIHW: each kernel transposes on the
// way in and out, and because layers transpose the other way at their boundary all of these cancel (movement.ts).
import { backend_util } from '@tensorflow/tfjs-core';
import type { Value } from '../../graph-builder.ts';
import type { KernelAttributes, KernelTable, Recorder } from '../recorder.ts';
import { reshape, slice, transpose } from './movement.ts';
import { firstWindows, NCHW, NHWC, padsOf, shapeOfWindows } from './windows.ts';

/** HWIO → OIHW. */
const OIHW = [3, 2, 0, 1];

type Info = ReturnType<typeof backend_util.computeConv2DInfo>;
type ConvolutionAttributes = {
  strides: [number, number];
  pad: 'same' | 'valid' | number;
  dataFormat?: string;
  dilations?: number | [number, number] | null;
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
};

function convolutionInfo(
  op: string,
  inputShape: readonly number[],
  filterShape: readonly number[],
  attributes: KernelAttributes,
  depthwise = false,
): Info {
  const {
    strides,
    pad,
    dataFormat = 'NHWC',
    dilations,
    dimRoundingMode,
  } = attributes as ConvolutionAttributes;
  if (dataFormat !== 'NHWC')
    throw new Error(`onnx/trace: ${op} with dataFormat '${dataFormat}' is not recorded; use NHWC`);
  return backend_util.computeConv2DInfo(
    inputShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    strides,
    // Layers models pass null.
    dilations ?? 1,
    pad,
    dimRoundingMode,
    depthwise,
  );
}

const shapeNCHW = (shape: readonly number[]): number[] => NCHW.map((axis) => shape[axis]!);

function convolve(r: Recorder, x: Value, filter: Value, info: Info, group: number): Value {
  const shape = shapeOfWindows(info, x.shape[0]!, info.outChannels);
  const y = r.emit('Conv', [transpose(r, x, NCHW), filter], shape, {
    dilations: [info.dilationHeight, info.dilationWidth],
    group,
    kernel_shape: filter.shape.slice(2),
    pads: padsOf(info),
    strides: [info.strideHeight, info.strideWidth],
  });
  return transpose(r, firstWindows(r, y, info), NHWC);
}

/** The gradient of a convolution in its input, which is also what a transposed convolution computes. */
function convolveTransposed(r: Recorder, dy: Value, filter: Value, info: Info, group: number): Value {
  const extra = (
    length: number,
    outputs: number,
    stride: number,
    kernel: number,
    before: number,
    after: number,
  ) => length - ((outputs - 1) * stride + kernel - before - after);
  const [top, left, bottom, right] = padsOf(info);
  const dx = r.emit('ConvTranspose', [transpose(r, dy, NCHW), filter], shapeNCHW(info.inShape), {
    dilations: [info.dilationHeight, info.dilationWidth],
    group,
    kernel_shape: filter.shape.slice(2),
    output_padding: [
      extra(info.inHeight, info.outHeight, info.strideHeight, info.effectiveFilterHeight, top, bottom),
      extra(info.inWidth, info.outWidth, info.strideWidth, info.effectiveFilterWidth, left, right),
    ],
    pads: [top, left, bottom, right],
    strides: [info.strideHeight, info.strideWidth],
  });
  return transpose(r, dx, NHWC);
}

/**
 * The gradient of a convolution in its filter, itself a convolution: channels of the input are its batch, images
 * its channels, the output gradient its kernel, and the forward strides its dilations.
 */
function filterGradient(r: Recorder, x: Value, dy: Value, info: Info): Value {
  const [top, left, bottom, right] = padsOf(info);
  const height = info.inHeight + top + bottom - (info.outHeight - 1) * info.strideHeight;
  const width = info.inWidth + left + right - (info.outWidth - 1) * info.strideWidth;
  const full = r.emit(
    'Conv',
    [transpose(r, x, [3, 0, 1, 2]), transpose(r, dy, [3, 0, 1, 2])],
    [info.inChannels, info.outChannels, height, width],
    {
      dilations: [info.strideHeight, info.strideWidth],
      kernel_shape: [info.outHeight, info.outWidth],
      pads: [top, left, bottom, right],
      strides: [info.dilationHeight, info.dilationWidth],
    },
  );
  // A stride that does not divide leaves rows that no filter tap saw.
  const cropped = slice(
    r,
    full,
    [0, 0, 0, 0],
    [info.inChannels, info.outChannels, info.filterHeight, info.filterWidth],
  );
  return transpose(r, cropped, [2, 3, 0, 1]);
}

function requireNoDilation(op: string, info: Info): void {
  if (info.dilationHeight !== 1 || info.dilationWidth !== 1)
    throw new Error(
      `onnx/trace: ${op} with dilations [${info.dilationHeight}, ${info.dilationWidth}] is not recorded; use dilation 1 or extend onnx/trace/kernels/convolution.ts`,
    );
}

export const convolution: KernelTable = {
  Conv2D: (r, { x, filter }, attributes) =>
    convolve(
      r,
      x!,
      transpose(r, filter!, OIHW),
      convolutionInfo('Conv2D', x!.shape, filter!.shape, attributes),
      1,
    ),

  Conv2DBackpropInput: (r, { dy, filter }, attributes) => {
    const info = convolutionInfo(
      'Conv2DBackpropInput',
      attributes.inputShape as number[],
      filter!.shape,
      attributes,
    );
    return convolveTransposed(r, dy!, transpose(r, filter!, OIHW), info, 1);
  },

  Conv2DBackpropFilter: (r, { x, dy }, attributes) => {
    const info = convolutionInfo(
      'Conv2DBackpropFilter',
      x!.shape,
      attributes.filterShape as number[],
      attributes,
    );
    requireNoDilation('Conv2DBackpropFilter', info);
    return filterGradient(r, x!, dy!, info);
  },

  // Filter [height, width, channels, multiplier] → [channels · multiplier, 1, height, width].
  DepthwiseConv2dNative: (r, { x, filter }, attributes) => {
    const info = convolutionInfo('DepthwiseConv2dNative', x!.shape, filter!.shape, attributes, true);
    const [height, width, channels, multiplier] = filter!.shape as [number, number, number, number];
    const grouped = reshape(r, transpose(r, filter!, [2, 3, 0, 1]), [
      channels * multiplier,
      1,
      height,
      width,
    ]);
    return convolve(r, x!, grouped, info, channels);
  },
};
