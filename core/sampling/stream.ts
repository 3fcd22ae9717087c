// Seeded random streams: xoshiro128** (Blackman & Vigna 2018), seeded by a hash of the seed and a path.
// Integer arithmetic and IEEE 754 basics only, so a seed gives the same numbers in every engine (contract 4).
import { murmur3 } from './murmur3.ts';
import { normalQuantile } from './normal.ts';

export type Stream = {
  /** The next 32 bits, as an unsigned integer. */
  uint32(): number;
  /** Uniform in the open interval (0, 1): (u + ½) · 2⁻³². Takes one `uint32`. */
  uniform(): number;
  /** Standard normal: the inverse distribution function of one `uniform`; within ±6.34. */
  normal(): number;
  fillUniform(out: Float32Array): void;
  fillNormal(out: Float32Array): void;
};

const utf8 = new TextEncoder();
const TWO_POW_MINUS_32 = 2 ** -32;

/**
 * A stream that depends on `seed` and `path` alone. Different paths under one seed are independent streams:
 * `createStream('anna', 'latent', 3)` is image 3 of seed `anna`.
 */
export function createStream(seed: string, ...path: (string | number)[]): Stream {
  // JSON keeps ['a', 'b'] and ['a,b'], 1 and '1' apart.
  const words = murmur3(utf8.encode(JSON.stringify([seed, ...path])));
  // The all-zero state is the one that xoshiro never leaves.
  let s0 = words.some((word) => word !== 0) ? words[0]! : 1;
  let s1 = words[1]!;
  let s2 = words[2]!;
  let s3 = words[3]!;

  const uint32 = (): number => {
    const product = Math.imul(s1, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9);
    const t = s1 << 9;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= t;
    s3 = (s3 << 11) | (s3 >>> 21);
    return result >>> 0;
  };
  const uniform = () => (uint32() + 0.5) * TWO_POW_MINUS_32;
  const normal = () => normalQuantile(uniform());
  return {
    uint32,
    uniform,
    normal,
    fillUniform(out) {
      // Rounding to float32 must not reach 1, which the open interval leaves out.
      for (let i = 0; i < out.length; i++) out[i] = Math.min(uniform(), 1 - 2 ** -24);
    },
    fillNormal(out) {
      for (let i = 0; i < out.length; i++) out[i] = normal();
    },
  };
}
