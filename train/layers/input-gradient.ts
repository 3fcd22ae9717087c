// The gradient of a critic in its input, as a tensor that can be differentiated once more: what gradient penalties
// are made of (Gulrajani et al. 2017).
import {
  add,
  engine,
  grad,
  mean,
  reshape,
  type Scalar,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { TWICE_DIFFERENTIABLE } from '../../onnx/trace/gradients/register.ts';
import { STOP_GRADIENT } from './stop-gradient.ts';

/** Keeps the derivative of a norm finite where the gradient is exactly zero. */
const SMALLEST_SQUARE = 1e-12;

type Tape = ReturnType<typeof engine>['state']['activeTape'];

/** Names of what lies on the tape between x and y, where it is not stopped. */
function between(tape: Tape, x: Tensor, y: Tensor): string[] {
  const fromX = new Set([x.id]);
  const reached = tape.filter(({ kernelName, inputs, outputs }) => {
    const reads = kernelName !== STOP_GRADIENT && Object.values(inputs).some(({ id }) => fromX.has(id));
    if (reads) for (const { id } of outputs) fromX.add(id);
    return reads;
  });
  const toY = new Set([y.id]);
  const path = reached.toReversed().filter(({ inputs, outputs }) => {
    const leads = outputs.some(({ id }) => toY.has(id));
    if (leads) for (const { id } of Object.values(inputs)) toY.add(id);
    return leads;
  });
  return path.reverse().map(({ kernelName }) => kernelName);
}

/**
 * ∇ₓ Σ fn(x), of the shape of x. Inside a loss it is differentiated in the weights that `fn` closes over; where the
 * scores of a batch do not depend on one another's images, it holds the gradient of each.
 * @throws Error naming the operation between x and fn(x) whose second derivative is not known to be exact.
 */
export const inputGradient = (fn: (x: Tensor) => Tensor, x: Tensor): Tensor =>
  grad((at: Tensor) => {
    const before = engine().state.activeTape.length;
    const y = fn(at);
    const inexact = between(engine().state.activeTape.slice(before), at, y).find(
      (name) => !TWICE_DIFFERENTIABLE.has(name),
    );
    if (inexact)
      throw new Error(
        `train/layers: the gradient of ${inexact} cannot be differentiated again exactly, so no penalty can be put on it; use other operations, or prove it in onnx/trace/gradients/`,
      );
    return y;
  })(x);

/**
 * Mean over the batch of (‖∇ₓ critic(x)‖₂ − 1)², Eq. 3 of Gulrajani et al. 2017 without its weight λ. `x` is
 * [batch, …], between real and generated images; the critic gives a score each and must not mix images (no batch
 * normalisation).
 */
export function gradientPenalty(critic: (x: Tensor) => Tensor, x: Tensor): Scalar {
  const slope = reshape(inputGradient(critic, x), [x.shape[0]!, -1]);
  const norm = sqrt(add(sum(square(slope), 1), SMALLEST_SQUARE));
  return mean(square(sub(norm, 1)));
}
