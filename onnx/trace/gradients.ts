// Gradients that can be differentiated again. TensorFlow.js saves the output of tanh, exp, max, … before that output is
// on its tape, so their second derivatives are silently wrong, and comparisons have no gradient at all. Those defined
// here start from the input; recording merges what they compute twice.
import '@tensorflow/tfjs';
import {
  add,
  broadcast_util,
  cast,
  conv2d,
  elu,
  engine,
  equal,
  exp,
  type GradConfig,
  getGradient,
  greater,
  greaterEqual,
  less,
  lessEqual,
  log,
  max,
  min,
  mul,
  type NamedAttrMap,
  pow,
  registerGradient,
  reshape,
  sigmoid,
  softmax,
  square,
  sub,
  sum,
  type Tensor,
  type Tensor4D,
  tanh,
  unregisterGradient,
  util,
  where,
  zerosLike,
} from '@tensorflow/tfjs-core';

type Unary = (dy: Tensor, x: Tensor, attributes: NamedAttrMap) => Tensor;

const unary = (kernelName: string, gradient: Unary, input = 'x'): GradConfig => ({
  kernelName,
  inputsToSave: [input],
  gradFunc: (dy, [x], attributes) => ({ [input]: () => gradient(dy as Tensor, x!, attributes) }),
});

/** Sums over the axes along which a tensor of `shape` was repeated. */
function unbroadcast(gradient: Tensor, shape: number[]): Tensor {
  const axes = broadcast_util.getReductionAxes(shape, gradient.shape);
  return reshape(axes.length > 0 ? sum(gradient, axes) : gradient, shape);
}

type Binary = (dy: Tensor, a: Tensor, b: Tensor) => Tensor;

const binary = (kernelName: string, ofA: Binary, ofB: Binary): GradConfig => ({
  kernelName,
  inputsToSave: ['a', 'b'],
  gradFunc: (dy, [a, b]) => ({
    a: () => unbroadcast(ofA(dy as Tensor, a!, b!), a!.shape),
    b: () => unbroadcast(ofB(dy as Tensor, a!, b!), b!.shape),
  }),
});

const masked = (dy: Tensor, mask: Tensor): Tensor => mul(dy, cast(mask, 'float32'));

/** Kernels whose value does not change with their inputs, almost everywhere. */
const flat = (kernelName: string, ...inputs: string[]): GradConfig => ({
  kernelName,
  inputsToSave: inputs,
  gradFunc: (_, saved) =>
    Object.fromEntries(inputs.map((input, i) => [input, () => cast(zerosLike(saved[i]!), 'float32')])),
});

/** Of a maximum or minimum over axes; inputs that share it share its gradient. */
const extremum =
  (of: typeof max, axisName: string): Unary =>
  (dy, x, attributes) => {
    const axes = util.parseAxisParam(attributes[axisName] as number | number[], x.shape);
    const mask = cast(equal(x, of(x, axes, true)), 'float32');
    const kept = x.shape.map((d, i) => (axes.includes(i) ? 1 : d));
    return mul(mask, reshape(dy, kept).div(sum(mask, axes, true)));
  };

function softmaxGradient(dy: Tensor, logits: Tensor, { dim }: NamedAttrMap): Tensor {
  const y = softmax(logits as Tensor4D, dim as number);
  const weighted = mul(dy, y);
  return sub(weighted, mul(sum(weighted, dim as number, true), y));
}

const GRADIENTS: readonly GradConfig[] = [
  unary('Exp', (dy, x) => mul(dy, exp(x))),
  unary('Tanh', (dy, x) => mul(sub(1, square(tanh(x))), dy)),
  unary('Sigmoid', (dy, x) => {
    const y = sigmoid(x);
    return mul(dy, mul(y, sub(1, y)));
  }),
  unary('Elu', (dy, x) => {
    const y = elu(x);
    return where(greaterEqual(y, 0), dy, mul(dy, add(y, 1)));
  }),
  unary('Softmax', softmaxGradient, 'logits'),
  unary('Max', extremum(max, 'reductionIndices')),
  unary('Min', extremum(min, 'axis')),
  binary(
    'Maximum',
    (dy, a, b) => masked(dy, greaterEqual(a, b)),
    (dy, a, b) => masked(dy, less(a, b)),
  ),
  binary(
    'Minimum',
    (dy, a, b) => masked(dy, lessEqual(a, b)),
    (dy, a, b) => masked(dy, greater(a, b)),
  ),
  binary(
    'Pow',
    (dy, a, b) => mul(dy, mul(b, pow(a, sub(b, 1)))),
    (dy, a, b) => mul(dy, mul(pow(a, b), where(greater(a, 0), log(a), zerosLike(a)))),
  ),
  // A convolution is linear in its input and in its filter, and so is each gradient of it.
  {
    kernelName: 'Conv2DBackpropFilter',
    inputsToSave: ['x', 'dy'],
    gradFunc: (ddw, [x, dy], attributes) => {
      const { strides, pad, dataFormat, dimRoundingMode } = attributes as never;
      const filter = ddw as Tensor4D;
      return {
        x: () =>
          engine().runKernel(
            'Conv2DBackpropInput',
            { dy: dy!, filter },
            { strides, pad, dataFormat, dimRoundingMode, inputShape: x!.shape },
          ) as Tensor,
        dy: () => conv2d(x as Tensor4D, filter, strides, pad, dataFormat, 1, dimRoundingMode),
      };
    },
  },
  ...['Greater', 'GreaterEqual', 'Less', 'LessEqual', 'Equal', 'NotEqual', 'LogicalAnd', 'LogicalOr'].map(
    (kernelName) => flat(kernelName, 'a', 'b'),
  ),
  flat('LogicalNot', 'x'),
];

for (const gradient of GRADIENTS) {
  if (getGradient(gradient.kernelName)) unregisterGradient(gradient.kernelName);
  registerGradient(gradient);
}

/**
 * Kernels whose gradient may be differentiated again, exactly; each is held to finite differences by a test. The
 * list is of kernels between the input and the output of a differentiated function.
 */
export const TWICE_DIFFERENTIABLE: ReadonlySet<string> = new Set([
  // elementwise
  ...['Abs', 'ClipByValue', 'Cos', 'Elu', 'Exp', 'Identity', 'Cast', 'LeakyRelu', 'Log', 'Log1p', 'Neg'],
  ...['Prelu', 'Reciprocal', 'Relu', 'Relu6', 'Rsqrt', 'Selu', 'Sigmoid', 'Sin', 'Softplus', 'Sqrt'],
  ...['Square', 'Step', 'Tanh', 'Add', 'AddN', 'Maximum', 'Minimum', 'Multiply', 'Pow', 'RealDiv', 'Select'],
  ...['SquaredDifference', 'Sub'],
  // reductions and products
  ...['BatchMatMul', 'Conv2D', 'Conv2DBackpropInput', 'Max', 'Mean', 'Min', 'Softmax', 'Sum'],
  // movement
  ...['Concat', 'ExpandDims', 'Pack', 'PadV2', 'Reshape', 'Reverse', 'Slice', 'SplitV', 'Tile', 'Transpose'],
  'Unpack',
]);
