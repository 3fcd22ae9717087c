// The identity with a gradient of zero, which TensorFlow.js lacks; recorded, it leaves nothing in the graph.
import { customGrad, type Tensor, tidy, zerosLike } from '@tensorflow/tfjs-core';

/** The name under which it lies on the tape of TensorFlow.js. */
export const STOP_GRADIENT = 'stopGradient';

const stopped = customGrad((x) => ({
  value: (x as Tensor).clone(),
  gradFunc: (dy: Tensor) => zerosLike(dy),
}));

/** x, as a constant to derivatives of every order. What leads to x alone has a gradient of zero, not none. */
export const stopGradient = <T extends Tensor>(x: T): T => tidy(STOP_GRADIENT, () => stopped(x) as T);
