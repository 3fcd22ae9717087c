// The memory of an engine: the weights of every session lie in it side by side, and all runs, which take turns, calculate
// in one place. WebAssembly memories only grow: what a session gives back is room for the next, and not for anyone else.
import { ALIGNMENT, createGaps } from './arena.ts';
import { instantiate, type Kernels } from './kernels.ts';

export type Memory = {
  kernels: Kernels;
  /** Address of `bytes` that are the caller's until they are given back. @throws Error where there is no more memory */
  take(bytes: number): number;
  give(address: number, bytes: number): void;
  /**
   * Where runs calculate: address of at least `bytes`, the same until one asks for more than any before. What it holds
   * is lost when another session runs. @throws as `take`
   */
  workspace(bytes: number): number;
};

export async function createMemory(module: WebAssembly.Module): Promise<Memory> {
  const kernels = await instantiate(module);
  const bottom = Math.ceil(kernels.heapBase() / ALIGNMENT) * ALIGNMENT;
  const gaps = createGaps();
  let work = { address: bottom, bytes: 0 };

  const whole = (bytes: number) => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
  const give = (address: number, bytes: number) => {
    if (bytes > 0) gaps.give(address - bottom, whole(bytes));
  };
  const take = (bytes: number) => {
    if (bytes === 0) return bottom;
    const address = bottom + gaps.take(whole(bytes));
    try {
      // Kernels may read a little past the last buffer.
      kernels.reserve(address + whole(bytes) + 2 * ALIGNMENT);
    } catch (error) {
      give(address, bytes);
      throw error;
    }
    return address;
  };
  return {
    kernels,
    take,
    give,
    workspace(bytes) {
      if (bytes <= work.bytes) return work.address;
      give(work.address, work.bytes);
      try {
        work = { address: take(bytes), bytes };
      } catch (error) {
        // It is as large as before: there is room for that.
        work.address = take(work.bytes);
        throw error;
      }
      return work.address;
    },
  };
}
