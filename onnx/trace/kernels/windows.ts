// Where the windows of a convolution or a pooling lie: as many as TensorFlow.js counts, which for a padding in numbers
// or a rounding up is not what ONNX would count from the same padding.
import type { Value } from '../../graph-builder.ts';
import type { Recorder } from '../recorder.ts';
import { slice } from './movement.ts';

export const NCHW = [0, 3, 1, 2];
export const NHWC = [0, 2, 3, 1];

/** What `backend_util.computeConv2DInfo` and `computePool2DInfo` have in common. */
export type Windows = {
  inHeight: number;
  inWidth: number;
  outHeight: number;
  outWidth: number;
  strideHeight: number;
  strideWidth: number;
  effectiveFilterHeight: number;
  effectiveFilterWidth: number;
  padInfo: { top: number; left: number; bottom: number; right: number };
  outShape: readonly number[];
};

/** Padding after the last element, so that the last window fits. */
const after = (inputs: number, outputs: number, stride: number, window: number, before: number): number =>
  Math.max(0, (outputs - 1) * stride + window - inputs - before);

/** [top, left, bottom, right] */
export const padsOf = (w: Windows): [number, number, number, number] => [
  w.padInfo.top,
  w.padInfo.left,
  after(w.inHeight, w.outHeight, w.strideHeight, w.effectiveFilterHeight, w.padInfo.top),
  after(w.inWidth, w.outWidth, w.strideWidth, w.effectiveFilterWidth, w.padInfo.left),
];

/** The shape that ONNX gives to windows over [batch, channels, height, width]. */
export function shapeOfWindows(w: Windows, batch: number, channels: number): number[] {
  const [top, left, bottom, right] = padsOf(w);
  const along = (padded: number, window: number, stride: number) =>
    Math.floor((padded - window) / stride) + 1;
  return [
    batch,
    channels,
    along(w.inHeight + top + bottom, w.effectiveFilterHeight, w.strideHeight),
    along(w.inWidth + left + right, w.effectiveFilterWidth, w.strideWidth),
  ];
}

/** The windows that TensorFlow.js has of those that ONNX gives, [batch, channels, height, width]. */
export const firstWindows = (r: Recorder, y: Value, w: Windows): Value =>
  slice(r, y, [0, 0, 0, 0], [...y.shape.slice(0, 2), w.outHeight, w.outWidth]);
