// Operators of one tensor, element by element: those that the kernels know, and those that are put together from them.
import type { Node } from '../../../../onnx/model.ts';
import { attribute, float, int, string } from '../attributes.ts';
import type { Builder } from '../builder.ts';
import { isInteger } from '../element-type.ts';
import * as code from '../kernels/opcodes.ts';
import { Unsupported } from '../unsupported.ts';
import { elementsOf, known, type Value } from '../value.ts';
import { floats, type Operator, required } from './operator.ts';

/** An operation of one input, as the kernels know it: opcode, α, β. */
export type Activation = { code: number; alpha: number; beta: number };

const plain = (opcode: number) => () => ({ code: opcode, alpha: 0, beta: 0 });

/** A bound of Clip, `fallback` where there is none; before opset 11 it is an attribute. */
function bound(node: Node, name: 'min' | 'max', value: Value | undefined, fallback: number): number {
  if (!value) return attribute(node, name, 'float') ?? fallback;
  if (value.shape.length > 1 || elementsOf(value.shape) !== 1)
    throw new Error(`simd: Clip: a bound must be one number, is [${value.shape}]`);
  return value.known?.[0] ?? fallback;
}

/** Bounds that are tensors of the graph are not seen here. */
const bounds = (node: Node, [, low, high]: readonly (Value | undefined)[]): Activation => ({
  code: code.CLIP,
  alpha: bound(node, 'min', low, Number.NEGATIVE_INFINITY),
  beta: bound(node, 'max', high, Number.POSITIVE_INFINITY),
});

/** What a product applies to its results while it has them at hand. */
export const ACTIVATIONS: Record<string, (node: Node, inputs: readonly (Value | undefined)[]) => Activation> =
  {
    Neg: plain(code.NEG),
    Abs: plain(code.ABS),
    Sqrt: plain(code.SQRT),
    Exp: plain(code.EXP),
    Log: plain(code.LOG),
    Floor: plain(code.FLOOR),
    Ceil: plain(code.CEIL),
    Round: plain(code.ROUND),
    Sin: plain(code.SIN),
    Cos: plain(code.COS),
    Erf: plain(code.ERF),
    Relu: plain(code.RELU),
    Tanh: plain(code.TANH),
    Sigmoid: plain(code.SIGMOID),
    Softplus: plain(code.SOFTPLUS),
    LeakyRelu: (node) => ({ code: code.LEAKY_RELU, alpha: float(node, 'alpha', 0.01), beta: 0 }),
    Elu: (node) => ({ code: code.ELU, alpha: float(node, 'alpha', 1), beta: 0 }),
    Clip: bounds,
  };

/** Integers only where they are known: sizes and indices. */
export const activation: Operator = (builder, node, inputs) => {
  const { code: opcode, alpha, beta } = ACTIVATIONS[node.op]!(node, inputs);
  const [first] = inputs;
  const x = first?.known && isInteger(first.type) ? first : floats(node, inputs, 0);
  if (isInteger(x.type) && opcode !== code.NEG && opcode !== code.ABS)
    throw new Unsupported(node.op, `an input of type ${x.type}`);
  return [builder.elementwise(node.op, opcode, [x], { alpha, beta })];
};

/** Bounds that stand in the graph are part of the operation; others are two operations more. */
export const clip: Operator = (builder, node, inputs, scope) => {
  const [, low, high] = inputs;
  if ([low, high].every((one) => !one || one.known)) return activation(builder, node, inputs, scope);
  bounds(node, inputs);
  const x = floats(node, inputs, 0);
  const single = (i: number): Value => builder.reshape(floats(node, inputs, i), []);
  const above = low ? builder.elementwise('Clip', code.MAX, [x, single(1)]) : x;
  return [high ? builder.elementwise('Clip', code.MIN, [above, single(2)]) : above];
};

const number = (x: number): Value => known('float32', [], [Math.fround(x)]);

/** The steps of the formulas below, on tensors and numbers. */
function steps(builder: Builder, { op }: Node) {
  const value = (x: Value | number): Value => (typeof x === 'number' ? number(x) : x);
  const binary = (opcode: number) => (a: Value | number, b: Value | number) =>
    builder.elementwise(op, opcode, [value(a), value(b)]);
  const unary =
    (opcode: number, alpha = 0, beta = 0) =>
    (x: Value) =>
      builder.elementwise(op, opcode, [x], { alpha, beta });
  return { binary, unary, times: binary(code.MUL), divided: binary(code.DIV), plus: binary(code.ADD) };
}

const truth = (builder: Builder, { op }: Node, opcode: number, a: Value, b: Value): Value =>
  builder.elementwise(op, opcode, [a, b], { type: 'bool' });
const negated = (builder: Builder, { op }: Node, x: Value): Value =>
  builder.elementwise(op, code.XOR, [x, known('bool', [], [1])]);

type Formula = (builder: Builder, node: Node, x: Value) => Value;

/** x · max(0, min(1, αx + β)) and its second factor. */
const hardSigmoid = (builder: Builder, node: Node, x: Value, alpha: number, beta: number): Value => {
  const { unary } = steps(builder, node);
  return unary(code.CLIP, 0, 1)(unary(code.AFFINE, alpha, beta)(x));
};

/** γ · (x < 0 ? α(eˣ − 1) : x) */
const selu: Formula = (builder, node, x) => {
  const { unary } = steps(builder, node);
  const elu = unary(code.ELU, float(node, 'alpha', 1.6732632423543772))(x);
  return unary(code.AFFINE, float(node, 'gamma', 1.0507009873554805))(elu);
};

/** Hendrycks and Gimpel 2016: x Φ(x), or with Φ as ½ (1 + tanh √(2/π) (x + 0.044715 x³)). */
const gelu: Formula = (builder, node, x) => {
  const { unary, times, plus } = steps(builder, node);
  const approximate = string(node, 'approximate', 'none');
  if (approximate !== 'none' && approximate !== 'tanh')
    throw new Error(`simd: Gelu: approximate must be 'none' or 'tanh', is '${approximate}'`);
  if (approximate === 'none') {
    const erf = unary(code.ERF)(times(x, Math.SQRT1_2));
    return times(times(x, 0.5), plus(erf, 1));
  }
  const cube = times(times(x, x), x);
  const inner = times(plus(x, times(cube, 0.044715)), Math.sqrt(2 / Math.PI));
  return times(times(x, 0.5), plus(unary(code.TANH)(inner), 1));
};

const FORMULAS: Record<string, Formula> = {
  Reciprocal: (builder, node, x) => steps(builder, node).divided(1, x),
  HardSigmoid: (builder, node, x) =>
    hardSigmoid(builder, node, x, float(node, 'alpha', 0.2), float(node, 'beta', 0.5)),
  HardSwish: (builder, node, x) => steps(builder, node).times(x, hardSigmoid(builder, node, x, 1 / 6, 0.5)),
  Selu: selu,
  Gelu: gelu,
  Mish: (builder, node, x) => {
    const { unary, times } = steps(builder, node);
    return times(x, unary(code.TANH)(unary(code.SOFTPLUS)(x)));
  },
  Swish: (builder, node, x) => {
    const { unary, times } = steps(builder, node);
    return times(x, unary(code.SIGMOID)(times(x, float(node, 'alpha', 1))));
  },
  Softsign: (builder, node, x) => {
    const { unary, divided, plus } = steps(builder, node);
    return divided(x, plus(unary(code.ABS)(x), 1));
  },
  /** α · elu(x / α) is max(0, x) + min(0, α(e^(x/α) − 1)). */
  Celu: (builder, node, x) => {
    const { unary, times, divided } = steps(builder, node);
    const alpha = float(node, 'alpha', 1);
    return times(unary(code.ELU, 1)(divided(x, alpha)), alpha);
  },
  /** A tangent is near its poles what the sine and the cosine, which are right to an ulp, make of it. */
  Tan: (builder, node, x) => {
    const { unary, divided } = steps(builder, node);
    return divided(unary(code.SIN)(x), unary(code.COS)(x));
  },
  IsNaN: (builder, node, x) => negated(builder, node, truth(builder, node, code.EQUAL, x, x)),
  IsInf: (builder, node, x) => {
    const is = (name: string, sign: number) =>
      int(node, name, 1) ? sign * Number.POSITIVE_INFINITY : Number.NaN;
    const [above, below] = [is('detect_positive', 1), is('detect_negative', -1)].map((bound) =>
      truth(builder, node, code.EQUAL, x, number(bound)),
    );
    return builder.elementwise(node.op, code.OR, [above!, below!]);
  },
  /** x + bias below −λ, x − bias above λ, 0 between. */
  Shrink: (builder, node, x) => {
    const { unary, plus } = steps(builder, node);
    const [lambda, bias] = [float(node, 'lambd', 0.5), float(node, 'bias', 0)];
    const kept = (shift: number, where: Value) =>
      builder.elementwise(node.op, code.KEEP, [unary(code.AFFINE, 1, shift)(x), where]);
    return plus(
      kept(bias, truth(builder, node, code.LESS, x, number(-lambda))),
      kept(-bias, truth(builder, node, code.LESS, number(lambda), x)),
    );
  },
  ThresholdedRelu: (builder, node, x) => {
    const above = truth(builder, node, code.LESS, number(float(node, 'alpha', 1)), x);
    return builder.elementwise(node.op, code.KEEP, [x, above]);
  },
  Sign: (builder, node, x) => {
    const less = (a: Value, b: Value) =>
      builder.elementwise(node.op, code.CONVERT, [truth(builder, node, code.LESS, a, b)], {
        type: 'float32',
      });
    return builder.elementwise(node.op, code.SUB, [less(number(0), x), less(x, number(0))]);
  },
};

export const formula: Operator = (builder, node, inputs) => [
  FORMULAS[node.op]!(builder, node, floats(node, inputs, 0)),
];

export const FORMULA_NAMES: readonly string[] = Object.keys(FORMULAS);

/** The identity: training, where it is not, is declined. The mask, where it is asked for, keeps everything. */
export const dropout: Operator = (builder, node, inputs, { opset }) => {
  const x = required(node, inputs, 0);
  const training = inputs[2];
  if (training && !training.known) throw new Unsupported('Dropout', 'a training_mode that depends on inputs');
  if (training?.known?.[0]) throw new Unsupported('Dropout', 'training_mode 1');
  const mask = known(opset < 10 ? 'float32' : 'bool', [], [1]);
  const all = () => builder.restride(mask, x.shape, () => ({ offset: 0, strides: x.shape.map(() => 0) }));
  return node.outputs.length > 1 ? [x, all()] : [x];
};
