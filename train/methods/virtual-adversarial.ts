// Virtual adversarial smoothness (Miyato et al. 2018): a classifier should say the same of an image and of those near it,
// in the direction in which it changes most.
import {
  add,
  div,
  exp,
  grad,
  mean,
  mul,
  neg,
  type Scalar,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { stopGradient } from '../layers/stop-gradient.ts';

/** Where along a random direction the gradient is taken: ξ of Eq. 12, in units of pixels 0…1. */
const PROBE = 1;
const SMALLEST = 1e-12;

/** Rows of length `length`. */
function ofLength(x: Tensor, length: number): Tensor {
  const axes = [...Array(x.rank).keys()].slice(1);
  return mul(div(x, add(sqrt(sum(square(x), axes, true)), SMALLEST)), length);
}

/**
 * r of length `radius` for each image that raises KL(q(y|x) ‖ q(y|x + r)) the most, by one step of the power method from
 * `direction` (Eqs. 11 to 14); x, `direction` and r are [batch, …], `logClasses` gives log q [batch, classes].
 */
export function adversarialStep(
  logClasses: (x: Tensor) => Tensor,
  x: Tensor,
  direction: Tensor,
  radius: number,
): Tensor {
  const q = exp(logClasses(x));
  const crossEntropy = (r: Tensor) => neg(sum(mul(q, logClasses(add(x, r)))));
  return ofLength(grad(crossEntropy)(ofLength(direction, PROBE)), radius);
}

/** Mean over the batch of KL(q ‖ moved), of logs [batch, classes]; q is the target, and so a constant (Eq. 5). */
export function smoothness(logQ: Tensor, moved: Tensor): Scalar {
  const target = stopGradient(logQ);
  return mean(sum(mul(exp(target), sub(target, moved)), 1)) as Scalar;
}
