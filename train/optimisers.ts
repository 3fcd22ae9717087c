// Optimisers as pure functions: (parameters, gradients, state, learning rate) → (parameters, state).
// A compiled step is bound by memory traffic over the parameters, so each update uses as few passes as it can.
import { add, div, mul, type Scalar, sqrt, square, sub, type Tensor } from '@tensorflow/tfjs-core';
import type { HostTensors, Schedule, Tensors } from './model.ts';

export type Optimiser = {
  /** Initial state; one entry `slot/parameter` for each parameter, and scalars. */
  init(params: HostTensors): HostTensors;
  /**
   * One descent step of `params`, each of which has its gradient. `learningRate` is a rank-0 tensor, so that a schedule
   * can change it, as it can what else an optimiser names in it. A slot is read element by element and by its own
   * update alone, because its new value may be written over the old one.
   */
  update(
    params: Tensors,
    gradients: Tensors,
    state: Tensors,
    learningRate: Scalar,
    schedule: Schedule,
  ): { params: Tensors; state: Tensors };
};

/** One slot for each parameter, filled with `value`. */
const slots = (params: HostTensors, slot: string, value = 0): HostTensors =>
  Object.fromEntries(
    Object.entries(params).map(([name, { shape, data }]) => [
      `${slot}/${name}`,
      { shape, data: new Float32Array(data.length).fill(value) },
    ]),
  );

const scalar = (value: number) => ({ shape: [], data: Float32Array.of(value) });

/** Applies `rule` to every parameter and gathers its new value and state slots. */
function each(
  params: Tensors,
  rule: (name: string, param: Tensor) => { param: Tensor; slots: Tensors },
): { params: Tensors; state: Tensors } {
  const next: Tensors = {};
  const state: Tensors = {};
  for (const [name, param] of Object.entries(params)) {
    const result = rule(name, param);
    next[name] = result.param;
    for (const [slot, tensor] of Object.entries(result.slots)) state[`${slot}/${name}`] = tensor;
  }
  return { params: next, state };
}

/**
 * Adam (Kingma & Ba 2015, Algorithm 1, with the bias corrections folded into the step size and ε̂ as in its
 * Section 2). The slots hold the plain sums m / (1 − β₁) and v / (1 − β₂), which saves two passes. AdamW (Loshchilov & Hutter 2019) when `weightDecay` is above zero.
 */
export function adam({ beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0 } = {}): Optimiser {
  return {
    init: (params) => ({
      ...slots(params, 'm'),
      ...slots(params, 'v'),
      'beta1-power': scalar(1),
      'beta2-power': scalar(1),
    }),
    update(params, gradients, state, learningRate) {
      const power1 = mul(state['beta1-power']!, beta1);
      const power2 = mul(state['beta2-power']!, beta2);
      // α_t = α √(1 − β₂ᵗ) / (1 − β₁ᵗ), times what the slots lack
      const unscale = Math.sqrt(1 - beta2);
      const corrected = div(mul(learningRate, sqrt(sub(1, power2))), sub(1, power1));
      const rate = mul(corrected, (1 - beta1) / unscale);
      const kept = weightDecay > 0 ? sub(1, mul(learningRate, weightDecay)) : undefined;
      const result = each(params, (name, param) => {
        const g = gradients[name]!;
        const m = state[`m/${name}`]!;
        const v = state[`v/${name}`]!;
        const nextM = add(mul(m, beta1), g);
        const nextV = add(mul(v, beta2), square(g));
        const step = mul(div(nextM, add(sqrt(nextV), epsilon / unscale)), rate);
        return { param: sub(kept ? mul(param, kept) : param, step), slots: { m: nextM, v: nextV } };
      });
      return {
        params: result.params,
        state: { ...result.state, 'beta1-power': power1, 'beta2-power': power2 },
      };
    },
  };
}

/**
 * Adagrad as in the code of Kingma & Welling 2013: G += g²; w −= step · g / √(G + ε). G starts at ε, which saves a
 * pass.
 */
export function adagrad({ epsilon = 1e-8 } = {}): Optimiser {
  return {
    init: (params) => slots(params, 'g2', epsilon),
    update: (params, gradients, state, learningRate) =>
      each(params, (name, param) => {
        const g = gradients[name]!;
        const sum = add(state[`g2/${name}`]!, square(g));
        return {
          param: sub(param, mul(div(g, sqrt(sum)), learningRate)),
          slots: { g2: sum },
        };
      }),
  };
}

/**
 * Stochastic gradient descent with momentum: u ← momentum · u + g; w ← w − rate · u. `momentum` is a number, or the name
 * of the scheduled scalar that says it.
 */
export function sgd({ momentum = 0.9 }: { momentum?: number | string } = {}): Optimiser {
  return {
    init: (params) => slots(params, 'u'),
    update: (params, gradients, state, learningRate, schedule) =>
      each(params, (name, param) => {
        const kept = typeof momentum === 'number' ? momentum : schedule[momentum]!;
        const velocity = add(mul(state[`u/${name}`]!, kept), gradients[name]!);
        return { param: sub(param, mul(velocity, learningRate)), slots: { u: velocity } };
      }),
  };
}

/**
 * Maximum a posteriori under w ~ N(0, I): adds `weight` · w to each gradient of a mean loss. With the weight 1/N it
 * is the prior of N images (Kingma & Welling 2013, Appendix C; times the M images of a batch: M/N).
 */
export const withNormalPrior = (optimiser: Optimiser, weight: number): Optimiser => ({
  init: optimiser.init,
  update(params, gradients, state, learningRate, schedule) {
    const pulled = Object.entries(params).map(([name, w]) => [name, add(gradients[name]!, mul(w, weight))]);
    return optimiser.update(params, Object.fromEntries(pulled), state, learningRate, schedule);
  },
});
