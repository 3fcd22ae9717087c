// Windows that slide over images: sizes, pads and strides of convolutions and pools, in one or two dimensions.
import type { Node } from '../../../../onnx/model.ts';
import { attribute, int, ints, string } from '../attributes.ts';
import { Unsupported } from '../unsupported.ts';
import type { Value } from '../value.ts';

/** One spatial axis of a window. */
export type Axis = {
  size: number;
  kernel: number;
  stride: number;
  dilation: number;
  before: number;
  after: number;
  /** Places at which the window is laid. */
  places: number;
};

const AUTO = ['NOTSET', 'SAME_UPPER', 'SAME_LOWER', 'VALID'];

/** @throws Unsupported for anything but [N, C, L] and [N, C, H, W]. */
export function requireImages(node: Node, x: Value): number[] {
  const spatial = x.shape.slice(2);
  if (spatial.length !== 1 && spatial.length !== 2)
    throw new Unsupported(node.op, `an input of ${x.shape.length} axes`);
  return spatial;
}

/** The rule for pads, as `auto_pad` names it. @throws Error for an unknown one. */
export function autoPad(node: Node): string {
  const mode = string(node, 'auto_pad', 'NOTSET');
  if (!AUTO.includes(mode))
    throw new Error(`simd: ${node.op}: auto_pad must be one of ${AUTO}, is '${mode}'`);
  return mode;
}

/** Splits a total of pads: the odd one goes to the end (SAME_UPPER) or to the beginning (SAME_LOWER). */
export const same = (mode: string, total: number): [number, number] => {
  const less = Math.floor(Math.max(0, total) / 2);
  const more = Math.max(0, total) - less;
  return mode === 'SAME_LOWER' ? [more, less] : [less, more];
};

/** The kernel's sizes. @throws Error when the attribute and the weights disagree. */
export function kernelSizes(node: Node, spatial: readonly number[], weights?: readonly number[]): number[] {
  const kernel = attribute(node, 'kernel_shape', 'ints') ?? weights ?? [];
  if (
    kernel.length !== spatial.length ||
    kernel.some((size) => size < 1) ||
    (weights && weights.join() !== kernel.join())
  )
    throw new Error(
      `simd: ${node.op}: kernel_shape [${kernel}] must be ${weights ? `[${weights}]` : `${spatial.length} sizes`}`,
    );
  return [...kernel];
}

/** The axes of a window that slides over `spatial`. @throws Error when it does not fit. */
export function windowAxes(node: Node, spatial: readonly number[], kernel: readonly number[]): Axis[] {
  const rank = spatial.length;
  const strides = ints(node, 'strides', rank, 1, 1);
  const dilations = ints(node, 'dilations', rank, 1, 1);
  const pads = ints(node, 'pads', 2 * rank, 0, 0);
  const mode = autoPad(node);
  const ceil = int(node, 'ceil_mode', 0) !== 0;
  return spatial.map((size, i) => {
    const [stride, dilation] = [strides[i]!, dilations[i]!];
    const extent = dilation * (kernel[i]! - 1) + 1;
    let [before, after] = [pads[i]!, pads[i + rank]!];
    if (mode === 'VALID') [before, after] = [0, 0];
    if (mode.startsWith('SAME')) {
      const total = (Math.ceil(size / stride) - 1) * stride + extent - size;
      [before, after] = same(mode, total);
    }
    const room = (size + before + after - extent) / stride;
    let places = (ceil ? Math.ceil(room) : Math.floor(room)) + 1;
    // A window that would begin in the padding behind the image is left out.
    if (ceil && (places - 1) * stride >= size + before) places--;
    if (places < 1)
      throw new Error(
        `simd: ${node.op}: a window of ${extent} does not fit into ${size} + ${before} + ${after}`,
      );
    return { size, kernel: kernel[i]!, stride, dilation, before, after, places };
  });
}
