// Several engines as one: a graph that one declines is taken by the next.
import type { Engine } from './engine.ts';
import { Unsupported } from './simd/unsupported.ts';

/** @throws what the last engine throws, or at once any error but `Unsupported`. */
export function firstAble(first: Engine, ...others: readonly Engine[]): Engine {
  const [next, ...rest] = others;
  if (!next) return first;
  return {
    name: first.name,
    async load(onnx) {
      try {
        return await first.load(onnx);
      } catch (error) {
        if (!(error instanceof Unsupported)) throw error;
        console.warn(`${error.message}; ${next.name} runs it`);
        return firstAble(next, ...rest).load(onnx);
      }
    },
  };
}
