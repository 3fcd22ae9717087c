// The most that 128-bit SIMD without fused multiply-add does on this core: a loop of nothing but multiplications and
// additions, twelve chains of them, so that none waits for another.
import { startAssembly } from '../assembly.ts';

const CHAINS = 12;
const chain = (make: (i: number) => string) => Array.from({ length: CHAINS }, (_, i) => make(i)).join('\n');

const SOURCE = `export function peak(n: i32): f32 {
  const factor = f32x4.splat(0.5), addend = f32x4.splat(0.25);
  ${chain((i) => `let c${i} = f32x4.splat(${i}.5);`)}
  for (let i = 0; i < n; i++) {
    ${chain((i) => `c${i} = f32x4.add(f32x4.mul(c${i}, factor), addend);`)}
  }
  ${chain((i) => (i === 0 ? '' : `c0 = f32x4.add(c0, c${i});`))}
  return f32x4.extract_lane(c0, 0);
}`;

/** A function that does `n` rounds, and the operations of one round. */
export async function createPeak(): Promise<{ run(n: number): number; operations: number }> {
  const { peak } = await startAssembly(SOURCE);
  return { run: peak as (n: number) => number, operations: CHAINS * 4 * 2 };
}
