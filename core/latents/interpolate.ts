// The way from one latent to another, as their prior asks for it.
import type { LatentSpec } from '../../models/latent.ts';
import { isDiscrete } from '../../models/latent.ts';
import { createStream } from '../sampling/stream.ts';
import { widthOf } from './codes.ts';
import { fromStandard, toStandard } from './gaussian.ts';
import { lerp, type Path, slerp } from './paths.ts';

export const PATHS = ['slerp', 'lerp', 'codes'] as const;
export type PathName = (typeof PATHS)[number];

/**
 * Paths that stay where the prior has its mass; the first is the default. A straight line between codes blends them, as
 * relaxed codes do.
 */
export const PATHS_OF: Record<LatentSpec['prior'], readonly [PathName, ...PathName[]]> = {
  gaussian: ['slerp', 'lerp'],
  uniform: ['lerp'],
  bernoulli: ['codes', 'lerp'],
  categorical: ['codes', 'lerp'],
};

/** The variables in which `a` and `b` differ, in an order drawn from the seed: one more variable moves no other. */
function differing(a: Float32Array, b: Float32Array, width: number, seed: string): number[] {
  const keys = Array.from({ length: a.length / width }, (_, v) => createStream(seed, 'path', v).uint32());
  return [...keys.keys()]
    .filter((v) => a.subarray(v * width, (v + 1) * width).some((value, k) => value !== b[v * width + k]))
    .toSorted((v, w) => keys[v]! - keys[w]! || v - w);
}

/** One variable after another becomes that of `b`, in an order drawn from the seed. */
const byCodes =
  (width: number, seed: string): Path =>
  (a, b, t) => {
    const order = differing(a, b, width, seed);
    const out = a.slice();
    for (const v of order.slice(0, Math.round(Math.min(1, Math.max(0, t)) * order.length)))
      out.set(b.subarray(v * width, (v + 1) * width), v * width);
    return out;
  };

/**
 * The point at share `t` of the way from `a` at 0 to `b` at 1, both of them [latentSize] and met exactly; by default on
 * an arc between Gaussian latents, straight between uniform ones, and code by code, in an order drawn from `seed`,
 * between discrete ones.
 */
export function interpolateLatents(
  spec: LatentSpec,
  a: Float32Array,
  b: Float32Array,
  t: number,
  { path = PATHS_OF[spec.prior][0], seed = '' }: { path?: PathName; seed?: string } = {},
): Float32Array {
  // An arc goes around the middle of what seeds draw from, and meets its ends exactly.
  const arc: Path = (from, to, share) =>
    spec.prior !== 'gaussian' || share <= 0 || share >= 1
      ? slerp(from, to, share)
      : fromStandard(spec, slerp(toStandard(spec, from), toStandard(spec, to), share));
  const ways: Record<PathName, Path> = {
    slerp: arc,
    lerp,
    codes: byCodes(isDiscrete(spec) ? widthOf(spec) : 1, seed),
  };
  return ways[path](a, b, t);
}
