// The parts that generators and encoders are made of. Weights keep the spread of what goes through them near 1.
import { float, type GraphBuilder, int, ints, type Numbers, string } from '../graph.ts';

/** A tensor of shape [batch, channels, size, size]. */
export type Plane = { name: string; channels: number; size: number };

export const ACTIVATIONS = [
  '',
  'Relu',
  'LeakyRelu',
  'Elu',
  'Tanh',
  'Sigmoid',
  'Softplus',
  'PRelu',
  'Clip',
  'SiLU',
  'Gelu',
] as const;
export type Activation = (typeof ACTIVATIONS)[number];
export const NORMS = ['', 'BatchNormalization', 'InstanceNormalization'] as const;
export type Norm = (typeof NORMS)[number];

const scalar = (g: GraphBuilder, value: number) => g.constant('float32', [], [value]);

/** `slopes`: the shape of PRelu's. */
export function activate(
  g: GraphBuilder,
  x: string,
  kind: Activation,
  slopes: readonly number[] = [1],
): string {
  switch (kind) {
    case '':
      return x;
    case 'LeakyRelu':
      return g.node('LeakyRelu', [x], { alpha: float(0.2) });
    case 'PRelu':
      return g.node('PRelu', [x, g.operand(slopes, { constant: true, scale: 0.2 })]);
    case 'Clip':
      return g.node('Clip', [x, scalar(g, -1), scalar(g, 1)]);
    case 'SiLU':
      return g.node('Mul', [x, g.node('Sigmoid', [x])]);
    case 'Gelu': {
      // 0.5 · x · (1 + tanh(√(2/π) · (x + 0.044715 · x³))), as it is exported below opset 20.
      const cube = g.node('Mul', [g.node('Pow', [x, scalar(g, 3)]), scalar(g, 0.044715)]);
      const inner = g.node('Mul', [g.node('Add', [x, cube]), scalar(g, Math.sqrt(2 / Math.PI))]);
      const gate = g.node('Add', [g.node('Tanh', [inner]), scalar(g, 1)]);
      return g.node('Mul', [g.node('Mul', [x, gate]), scalar(g, 0.5)]);
    }
    default:
      return g.node(kind, [x]);
  }
}

/** [batch, from] → [batch, to]; `style` as frameworks export it. */
export function dense(
  g: GraphBuilder,
  x: string,
  from: number,
  to: number,
  style: 'Gemm' | 'GemmTransposed' | 'MatMulAdd' | 'AddMatMul' = 'Gemm',
): string {
  const transposed = style === 'GemmTransposed';
  const w = g.operand(transposed ? [to, from] : [from, to], { constant: true, scale: 1 / Math.sqrt(from) });
  const b = g.operand([to], { constant: true, scale: 0.1 });
  if (style.startsWith('Gemm')) return g.node('Gemm', [x, w, b], { transB: int(transposed || undefined) });
  const product = g.node('MatMul', [x, w]);
  return g.node('Add', style === 'MatMulAdd' ? [product, b] : [b, product]);
}

/** Gains and variances that keep a rounding error from growing much from block to block. */
export function normalise(g: GraphBuilder, x: Plane, kind: Norm): Plane {
  if (kind === '') return x;
  const perChannel = (numbers: Numbers, scale: number) =>
    g.operand([x.channels], { constant: true, numbers, scale });
  const affine = [perChannel('nonzero', 0.4), perChannel('normal', 0.3)];
  const statistics =
    kind === 'BatchNormalization' ? [perChannel('normal', 0.3), perChannel('positive', 2)] : [];
  return { ...x, name: g.node(kind, [x.name, ...affine, ...statistics], { epsilon: float(0.1) }) };
}

/** A convolution that keeps the size, or divides it by the stride (rounding up). */
export function convolve(
  g: GraphBuilder,
  x: Plane,
  { to = x.channels, kernel = 3, stride = 1, bias = true, auto = false, group = 1 } = {},
): Plane {
  const fan = (x.channels / group) * kernel * kernel;
  const inputs = [
    x.name,
    g.operand([to, x.channels / group, kernel, kernel], { constant: true, scale: 1 / Math.sqrt(fan) }),
  ];
  if (bias) inputs.push(g.operand([to], { constant: true, scale: 0.1 }));
  const before = Math.floor((kernel - 1) / 2);
  const after = kernel - 1 - before;
  const name = g.node('Conv', inputs, {
    kernel_shape: ints([kernel, kernel]),
    strides: ints([stride, stride]),
    pads: auto ? undefined : ints([before, before, after, after]),
    auto_pad: auto ? string('SAME_UPPER') : undefined,
    group: int(group),
  });
  return { name, channels: to, size: Math.ceil(x.size / stride) };
}

/** A transposed convolution that multiplies the size by the stride. */
export function deconvolve(
  g: GraphBuilder,
  x: Plane,
  { to = x.channels, kernel = 4, stride = 2, bias = true } = {},
): Plane {
  const fan = (x.channels * kernel * kernel) / (stride * stride);
  const inputs = [
    x.name,
    g.operand([x.channels, to, kernel, kernel], { constant: true, scale: 1 / Math.sqrt(fan) }),
  ];
  if (bias) inputs.push(g.operand([to], { constant: true, scale: 0.1 }));
  // stride · (size − 1) + kernel + outputPadding − 2 · pad = stride · size
  const pad = Math.max(0, Math.ceil((kernel - stride) / 2));
  const outputPadding = stride + 2 * pad - kernel;
  const name = g.node('ConvTranspose', inputs, {
    kernel_shape: ints([kernel, kernel]),
    strides: ints([stride, stride]),
    pads: ints([pad, pad, pad, pad]),
    output_padding: outputPadding > 0 ? ints([outputPadding, outputPadding]) : undefined,
  });
  return { name, channels: to, size: x.size * stride };
}

/** [batch, channels · size · size] → a plane, by Reshape with the batch left open. */
export function toPlane(g: GraphBuilder, x: string, channels: number, size: number): Plane {
  return { name: g.node('Reshape', [x, g.integers([-1, channels, size, size])]), channels, size };
}
