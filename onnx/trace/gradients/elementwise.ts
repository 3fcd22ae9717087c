// Gradients of elementwise kernels.
import {
  add,
  cos,
  cosh,
  div,
  elu,
  exp,
  type GradConfig,
  greater,
  greaterEqual,
  less,
  lessEqual,
  log,
  logicalAnd,
  logicalNot,
  mul,
  neg,
  pow,
  relu,
  sigmoid,
  sign,
  sin,
  sinh,
  sqrt,
  square,
  step,
  sub,
  type Tensor,
  tanh,
  where,
  zerosLike,
} from '@tensorflow/tfjs-core';
import { binary, flat, many, masked, unary, unbroadcast } from './make.ts';

const SELU_SCALE = 1.0507009873554805;
const SELU_SCALE_ALPHA = 1.7580993408473768;

/** dy / √(1 − x²) */
const arc = (dy: Tensor, x: Tensor): Tensor => div(dy, sqrt(sub(1, square(x))));

export const elementwiseGradients: readonly GradConfig[] = [
  unary('Abs', (dy, x) => mul(dy, sign(x))),
  unary('Acos', (dy, x) => neg(arc(dy, x))),
  unary('Asin', arc),
  unary('Atan', (dy, x) => div(dy, add(square(x), 1))),
  unary('Cast', (dy) => dy.clone()),
  unary('ClipByValue', (dy, x, { clipValueMin, clipValueMax }) =>
    masked(dy, logicalAnd(greaterEqual(x, clipValueMin as number), lessEqual(x, clipValueMax as number))),
  ),
  unary('Cos', (dy, x) => mul(dy, neg(sin(x)))),
  unary('Cosh', (dy, x) => mul(dy, sinh(x))),
  unary('Elu', (dy, x) => {
    const y = elu(x);
    return where(greaterEqual(y, 0), dy, mul(dy, add(y, 1)));
  }),
  unary('Erf', (dy, x) => mul(dy, mul(exp(neg(square(x))), 2 / Math.sqrt(Math.PI)))),
  unary('Exp', (dy, x) => mul(dy, exp(x))),
  unary('Expm1', (dy, x) => mul(dy, exp(x))),
  unary('Identity', (dy) => dy.clone()),
  unary('LeakyRelu', (dy, x, { alpha }) => where(greater(x, 0), dy, mul(dy, alpha as number))),
  unary('Log', (dy, x) => div(dy, x)),
  unary('Log1p', (dy, x) => div(dy, add(x, 1))),
  unary('Neg', (dy) => neg(dy)),
  unary('Reciprocal', (dy, x) => neg(div(dy, square(x)))),
  unary('Relu', (dy, x) => mul(dy, step(x))),
  unary('Relu6', (dy, x) => masked(mul(dy, step(x)), lessEqual(x, 6))),
  unary('Rsqrt', (dy, x) => neg(div(dy, mul(mul(x, sqrt(x)), 2)))),
  // The exponential of min(x, 0), so that it is finite where it does not count.
  unary('Selu', (dy, x) =>
    where(greater(x, 0), mul(dy, SELU_SCALE), mul(dy, mul(exp(neg(relu(neg(x)))), SELU_SCALE_ALPHA))),
  ),
  unary('Sigmoid', (dy, x) => {
    const y = sigmoid(x);
    return mul(dy, mul(y, sub(1, y)));
  }),
  unary('Sin', (dy, x) => mul(dy, cos(x))),
  unary('Sinh', (dy, x) => mul(dy, cosh(x))),
  unary('Softplus', (dy, x) => mul(dy, sigmoid(x))),
  unary('Sqrt', (dy, x) => div(dy, mul(sqrt(x), 2))),
  unary('Square', (dy, x) => mul(dy, mul(x, 2))),
  unary('Tan', (dy, x) => div(dy, square(cos(x)))),
  unary('Tanh', (dy, x) => mul(sub(1, square(tanh(x))), dy)),

  binary(
    'Add',
    (dy) => dy,
    (dy) => dy,
  ),
  many('AddN', (dy, xs) => xs.map(() => dy.clone())),
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
    'Multiply',
    (dy, _, b) => mul(dy, b),
    (dy, a) => mul(dy, a),
  ),
  binary(
    'Pow',
    (dy, a, b) => mul(dy, mul(b, pow(a, sub(b, 1)))),
    (dy, a, b) => mul(dy, mul(pow(a, b), where(greater(a, 0), log(a), zerosLike(a)))),
  ),
  // The sums of a quotient and of a difference come first: there are fewer numbers then.
  binary(
    'RealDiv',
    (dy, _, b) => div(dy, b),
    (dy, a, b) => neg(div(unbroadcast(mul(dy, a), b.shape), square(b))),
  ),
  binary(
    'SquaredDifference',
    (dy, a, b) => mul(dy, mul(sub(a, b), 2)),
    (dy, a, b) => mul(dy, mul(sub(b, a), 2)),
  ),
  binary(
    'Sub',
    (dy) => dy,
    (dy, _, b) => neg(unbroadcast(dy, b.shape)),
  ),
  {
    kernelName: 'Prelu',
    inputsToSave: ['x', 'alpha'],
    gradFunc: (dy, [x, alpha]) => ({
      x: () => where(greater(x!, 0), dy as Tensor, mul(dy as Tensor, alpha!)),
      alpha: () => unbroadcast(mul(dy as Tensor, neg(relu(neg(x!)))), alpha!.shape),
    }),
  },
  {
    kernelName: 'Select',
    inputsToSave: ['condition'],
    gradFunc: (dy, [condition]) => ({
      condition: () => zerosLike(dy as Tensor),
      t: () => masked(dy as Tensor, condition!),
      e: () => masked(dy as Tensor, logicalNot(condition!)),
    }),
  },
  ...['Ceil', 'Floor', 'IsNan', 'LogicalNot', 'OnesLike', 'Round', 'Sign', 'Step', 'ZerosLike'].map((name) =>
    flat(name, 'x'),
  ),
  ...['Equal', 'FloorDiv', 'Greater', 'GreaterEqual', 'Less', 'LessEqual', 'LogicalAnd', 'LogicalOr'].map(
    (name) => flat(name, 'a', 'b'),
  ),
  flat('NotEqual', 'a', 'b'),
];
