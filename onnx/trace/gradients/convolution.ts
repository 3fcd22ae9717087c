// Gradients of products, convolutions, pooling and batch normalisation.
import {
  add,
  backend_util,
  conv2d,
  engine,
  type GradConfig,
  matMul,
  mul,
  type NamedAttrMap,
  neg,
  rsqrt,
  sub,
  type Tensor,
  type Tensor4D,
  zerosLike,
} from '@tensorflow/tfjs-core';
import { binary, unary, unbroadcast } from './make.ts';

type Shape4 = [number, number, number, number];
type Attributes = NamedAttrMap & { strides: number; pad: 'same'; dimRoundingMode?: 'floor' };

const run = (kernelName: string, inputs: Record<string, Tensor>, attributes: NamedAttrMap): Tensor =>
  engine().runKernel(kernelName, inputs, attributes) as Tensor;

function undilated({ dilations, ...attributes }: NamedAttrMap): NamedAttrMap {
  if ([dilations ?? 1].flat().some((d) => d !== 1))
    throw new Error(
      `onnx/trace: the gradient of a convolution with dilations ${dilations} is not defined; use 1`,
    );
  return attributes;
}

const inInput = (dy: Tensor, filter: Tensor, inputShape: number[], attributes: NamedAttrMap): Tensor =>
  run('Conv2DBackpropInput', { dy, filter }, { ...undilated(attributes), inputShape });
const inFilter = (x: Tensor, dy: Tensor, filterShape: number[], attributes: NamedAttrMap): Tensor =>
  run('Conv2DBackpropFilter', { x, dy }, { ...undilated(attributes), filterShape });
const convolved = (x: Tensor, filter: Tensor, attributes: NamedAttrMap): Tensor => {
  const { strides, pad, dataFormat, dimRoundingMode } = attributes as Attributes;
  return conv2d(x as Tensor4D, filter as Tensor4D, strides, pad, dataFormat as 'NHWC', 1, dimRoundingMode);
};

type Gradient = (dy: Tensor, a: Tensor, b: Tensor, attributes: NamedAttrMap) => Tensor;

/** A convolution is linear in its input and in its filter, and so is each of its gradients. */
const bilinear = (
  kernelName: string,
  [first, second]: [string, string],
  ofFirst: Gradient,
  ofSecond: Gradient,
) => ({
  kernelName,
  inputsToSave: [first, second],
  gradFunc: (dy: Tensor | Tensor[], [a, b]: Tensor[], attributes: NamedAttrMap) => ({
    [first]: () => ofFirst(dy as Tensor, a!, b!, attributes),
    [second]: () => ofSecond(dy as Tensor, a!, b!, attributes),
  }),
});

/** TensorFlow.js divides by the whole window where part of it is padding, but not on the way back. */
function unpadded(op: string, x: Tensor, { filterSize, strides, pad, dimRoundingMode }: NamedAttrMap): void {
  const { padInfo } = backend_util.computePool2DInfo(
    x.shape as Shape4,
    filterSize as number,
    strides as number,
    1,
    pad as 'valid',
    dimRoundingMode as 'floor',
  );
  const { top, left, bottom, right } = padInfo;
  if (top + left + bottom + right > 0)
    throw new Error(
      `onnx/trace: the gradient of ${op} with pads [${[top, left, bottom, right]}] is not defined; use pad 'valid'`,
    );
}

export const convolutionGradients: readonly GradConfig[] = [
  binary(
    'BatchMatMul',
    (dy, _, b, { transposeA, transposeB }) =>
      transposeA ? matMul(b, dy, !!transposeB, true) : matMul(dy, b, false, !transposeB),
    (dy, a, _, { transposeA, transposeB }) =>
      transposeB ? matMul(dy, a, true, !!transposeA) : matMul(a, dy, !transposeA, false),
  ),
  bilinear(
    'Conv2D',
    ['x', 'filter'],
    (dy, x, filter, attributes) => inInput(dy, filter, x.shape, attributes),
    (dy, x, filter, attributes) => inFilter(x, dy, filter.shape, attributes),
  ),
  bilinear(
    'Conv2DBackpropInput',
    ['dy', 'filter'],
    (ddx, _, filter, attributes) => convolved(ddx, filter, attributes),
    (ddx, dy, filter, attributes) => inFilter(ddx, dy, filter.shape, attributes),
  ),
  bilinear(
    'Conv2DBackpropFilter',
    ['x', 'dy'],
    (ddw, x, dy, attributes) => inInput(dy, ddw, x.shape, attributes),
    (ddw, x, _, attributes) => convolved(x, ddw, attributes),
  ),
  unary('AvgPool', (dy, x, attributes) => {
    unpadded('AvgPool', x, attributes);
    return run('AvgPoolGrad', { dy, input: x }, attributes);
  }),
  {
    kernelName: 'AvgPoolGrad',
    inputsToSave: ['input'],
    gradFunc: (ddx, [input], attributes) => ({
      dy: () => run('AvgPool', { x: ddx as Tensor }, attributes),
      input: () => zerosLike(input!),
    }),
  },
  unary('MaxPool', (dy, input, attributes) => {
    const output = run('MaxPool', { x: input }, attributes);
    return run('MaxPoolGrad', { dy, input, output }, attributes);
  }),
  {
    kernelName: 'FusedBatchNorm',
    inputsToSave: ['x', 'mean', 'variance', 'scale'],
    gradFunc: (given, [x, mean, variance, scale], { varianceEpsilon }) => {
      const dy = given as Tensor;
      const r = rsqrt(add(variance!, varianceEpsilon as number));
      const centred = sub(x!, mean!);
      const scaled = scale ? mul(dy, scale) : dy;
      const dx = mul(scaled, r);
      return {
        x: () => dx,
        mean: () => neg(unbroadcast(dx, mean!.shape)),
        variance: () => mul(unbroadcast(mul(dx, centred), variance!.shape), mul(mul(r, r), -0.5)),
        scale: () => unbroadcast(mul(dy, mul(centred, r)), mean!.shape),
        offset: () => unbroadcast(dy, mean!.shape),
      };
    },
  },
];
