// The error of the functions that an engine approximates, in ulp of float32, over every exponent and where they bend;
// and the arithmetic that IEEE 754 fixes, to the bit.
import { describe, expect, test } from 'vitest';
import type { Tensor } from '../../../worker/engine/engine.ts';
import { createGraph } from './graph.ts';
import { runOn } from './run-case.ts';
import { subject } from './subject.ts';
import { EDGES, evenly, everyFloat, ulpError } from './ulp.ts';

/** Largest error, in ulp, that each function may have. */
const BOUNDS = { Exp: 2, Log: 2, Tanh: 2, Sigmoid: 2, Softplus: 2, Sin: 1, Cos: 1, Erf: 8 };

/** An odd step visits all mantissas. */
const STEP = 49_999;
const POINTS = 50_000;

/** 2 / √π ∫₀ˣ e^−t² dt by Maclaurin's series, which loses nothing to cancellation in the form with e^−x². */
function erf(x: number): number {
  const z = Math.min(Math.abs(x), 6);
  let sum = 0;
  for (let n = 0, term = z; n < 200 && term > 1e-20 * sum; n++, term *= (2 * z * z) / (2 * n + 1))
    sum += term;
  const y = (2 / Math.sqrt(Math.PI)) * Math.exp(-z * z) * sum;
  return x === 0 || Number.isNaN(x) ? x : Math.sign(x) * y;
}

/** The same in double precision, without cancellation. */
const exact: Record<keyof typeof BOUNDS, (x: number) => number> = {
  Exp: Math.exp,
  Log: Math.log,
  Tanh: Math.tanh,
  Sigmoid: (x) => (x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x))),
  Softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  Sin: Math.sin,
  Cos: Math.cos,
  Erf: erf,
};

/** Where each function is neither flat nor a straight line. */
const bends: Record<keyof typeof BOUNDS, [number, number]> = {
  Exp: [-104, 89],
  Log: [0.25, 4],
  Tanh: [-10, 10],
  Sigmoid: [-104, 20],
  Softplus: [-104, 20],
  Sin: [-200, 200],
  Cos: [-200, 200],
  Erf: [-4.5, 4.5],
};

async function apply(op: string, ...inputs: Float32Array[]): Promise<Float32Array> {
  const g = createGraph({});
  const y = g.node(
    op,
    inputs.map((data) => g.feed([data.length], data)),
  );
  const outputs: Record<string, Tensor> = await runOn(subject, g.finish({ [y]: 1 }));
  return outputs[y]!.data;
}

describe.each(Object.keys(BOUNDS) as (keyof typeof BOUNDS)[])('%s', (op) => {
  const grids: [string, Float32Array][] = [
    ['over every exponent', everyFloat(STEP)],
    ['where it bends', evenly(...bends[op], POINTS)],
    ['around zero', evenly(-1.5, 1.5, POINTS)],
    ['at the edges', EDGES],
  ];
  test.each(grids)('%s', async (_, xs) => {
    const ys = await apply(op, xs);
    expect(ys).toHaveLength(xs.length);
    let worst = { error: 0, x: 0, y: 0, exact: 0 };
    for (let i = 0; i < xs.length; i++) {
      const value = exact[op](xs[i]!);
      const error = ulpError(ys[i]!, value);
      if (error > worst.error) worst = { error, x: xs[i]!, y: ys[i]!, exact: value };
    }
    expect(worst.error, JSON.stringify(worst)).toBeLessThanOrEqual(BOUNDS[op]);
  });

  test('does not depend on the neighbours of a number', async () => {
    const xs = evenly(...bends[op], 37);
    const together = await apply(op, xs);
    for (let i = 0; i < xs.length; i++)
      expect(await apply(op, xs.slice(i, i + 1))).toEqual(together.slice(i, i + 1));
  });
});

describe('to the bit', () => {
  const a = Float32Array.of(...everyFloat(400_009), ...EDGES);
  const shuffled = a.map((_, i) => a[(i * 7919 + 13) % a.length]!);
  const arithmetic: Record<string, (a: number, b: number) => number> = {
    Add: (a, b) => a + b,
    Sub: (a, b) => a - b,
    Mul: (a, b) => a * b,
    Div: (a, b) => a / b,
    Sqrt: (a) => Math.sqrt(a),
    Neg: (a) => -a,
    Abs: (a) => Math.abs(a),
  };
  test.each(Object.entries(arithmetic))('%s', async (op, fn) => {
    const inputs = fn.length === 1 ? [a] : [a, shuffled];
    // A double holds the product of two floats and more than their sum needs, so that it rounds to float32 as one
    // operation does (Figueroa 1995).
    expect(await apply(op, ...inputs)).toEqual(a.map((x, i) => fn(x, shuffled[i]!)));
  });
});
