// One operation on four lanes: the one place that knows what an opcode does.

import { erf, exp, expm1, log, roundHalf, sigmoid, softplus, tanh } from './functions';
import * as op from './opcodes';

function pow(x: v128, y: v128): v128 {
  let z = f32x4.splat(Mathf.pow(f32x4.extract_lane(x, 0), f32x4.extract_lane(y, 0)));
  z = f32x4.replace_lane(z, 1, Mathf.pow(f32x4.extract_lane(x, 1), f32x4.extract_lane(y, 1)));
  z = f32x4.replace_lane(z, 2, Mathf.pow(f32x4.extract_lane(x, 2), f32x4.extract_lane(y, 2)));
  return f32x4.replace_lane(z, 3, Mathf.pow(f32x4.extract_lane(x, 3), f32x4.extract_lane(y, 3)));
}

/** From 2²⁸ on, AssemblyScript's own of float32 lose digits, and from 2⁸⁹ to 2⁹⁰ all of them. */
const LARGE: f32 = 268435456;

function sine(x: f32): f32 {
  return abs(x) < LARGE ? Mathf.sin(x) : <f32>Math.sin(<f64>x);
}

function cosine(x: f32): f32 {
  return abs(x) < LARGE ? Mathf.cos(x) : <f32>Math.cos(<f64>x);
}

function sin(x: v128): v128 {
  let z = f32x4.splat(sine(f32x4.extract_lane(x, 0)));
  z = f32x4.replace_lane(z, 1, sine(f32x4.extract_lane(x, 1)));
  z = f32x4.replace_lane(z, 2, sine(f32x4.extract_lane(x, 2)));
  return f32x4.replace_lane(z, 3, sine(f32x4.extract_lane(x, 3)));
}

function cos(x: v128): v128 {
  let z = f32x4.splat(cosine(f32x4.extract_lane(x, 0)));
  z = f32x4.replace_lane(z, 1, cosine(f32x4.extract_lane(x, 1)));
  z = f32x4.replace_lane(z, 2, cosine(f32x4.extract_lane(x, 2)));
  return f32x4.replace_lane(z, 3, cosine(f32x4.extract_lane(x, 3)));
}

/** 1 where a lane of the mask is set, else 0. */
function truth(mask: v128): v128 {
  return v128.and(mask, i32x4.splat(1));
}

/** `negative` where x < 0, x elsewhere (NaN too). */
function below(x: v128, negative: v128): v128 {
  return v128.bitselect(negative, x, f32x4.lt(x, f32x4.splat(0)));
}

export function apply(code: i32, x: v128, y: v128, alpha: f32, beta: f32): v128 {
  switch (code) {
    case op.NEG:
      return f32x4.neg(x);
    case op.ABS:
      return f32x4.abs(x);
    case op.SQRT:
      return f32x4.sqrt(x);
    case op.EXP:
      return exp(x);
    case op.LOG:
      return log(x);
    case op.RELU:
      return f32x4.max(x, f32x4.splat(0));
    case op.LEAKY_RELU:
      return below(x, f32x4.mul(x, f32x4.splat(alpha)));
    case op.ELU:
      return below(x, f32x4.mul(expm1(x), f32x4.splat(alpha)));
    case op.TANH:
      return tanh(x);
    case op.SIGMOID:
      return sigmoid(x);
    case op.SOFTPLUS:
      return softplus(x);
    case op.CLIP:
      return f32x4.min(f32x4.max(x, f32x4.splat(alpha)), f32x4.splat(beta));
    case op.AFFINE:
      return f32x4.add(f32x4.mul(x, f32x4.splat(alpha)), f32x4.splat(beta));
    case op.FILL:
      return f32x4.splat(alpha);
    case op.ROUND_HALF:
      return roundHalf(x);
    case op.TRUNCATE:
      return i32x4.trunc_sat_f32x4_s(x);
    case op.CONVERT:
      return f32x4.convert_i32x4_s(x);
    case op.TRUTH:
      return truth(f32x4.ne(x, f32x4.splat(0)));
    case op.FLOOR:
      return f32x4.floor(x);
    case op.CEIL:
      return f32x4.ceil(x);
    case op.ROUND:
      return f32x4.nearest(x);
    case op.SIN:
      return sin(x);
    case op.COS:
      return cos(x);
    case op.ERF:
      return erf(x);
    case op.ADD:
      return f32x4.add(x, y);
    case op.SUB:
      return f32x4.sub(x, y);
    case op.MUL:
      return f32x4.mul(x, y);
    case op.DIV:
      return f32x4.div(x, y);
    case op.MIN:
      return f32x4.min(x, y);
    case op.MAX:
      return f32x4.max(x, y);
    case op.POW:
      return pow(x, y);
    case op.PRELU:
      return below(x, f32x4.mul(x, y));
    case op.EQUAL:
      return truth(f32x4.eq(x, y));
    case op.LESS:
      return truth(f32x4.lt(x, y));
    case op.LESS_OR_EQUAL:
      return truth(f32x4.le(x, y));
    case op.EQUAL_WHOLE:
      return truth(i32x4.eq(x, y));
    case op.LESS_WHOLE:
      return truth(i32x4.lt_s(x, y));
    case op.LESS_OR_EQUAL_WHOLE:
      return truth(i32x4.le_s(x, y));
    case op.AND:
      return v128.and(x, y);
    case op.OR:
      return v128.or(x, y);
    case op.XOR:
      return v128.xor(x, y);
    case op.KEEP:
      return v128.andnot(x, i32x4.eq(y, i32x4.splat(0)));
    case op.KEEP_NOT:
      return v128.and(x, i32x4.eq(y, i32x4.splat(0)));
    default:
      return x;
  }
}
