// Codes from learned priors: golden ones, the distribution they are of, and what shifts none of them.
import { expect, test } from 'vitest';
import { codesOfWeights } from '../../../core/latents/codes.ts';
import { drawFromPrior, type RunPrior } from '../../../core/latents/prior.ts';
import type { DiscreteSpec } from '../../../models/latent.ts';

const SPEC = { prior: 'categorical', variables: 4, classes: 3 } as const;

/** Logits that favour the class after the one before; of the first variable as they are given. */
const chain =
  (first: readonly number[], strength: number): RunPrior =>
  async (codes) =>
    codes.map((code) => {
      const logits = Float32Array.from(code, () => 0);
      logits.set(first);
      for (let v = 3; v < code.length; v += 3)
        for (let k = 0; k < 3; k++) logits[v + ((k + 1) % 3)] = strength * code[v - 3 + k]!;
      return logits;
    });

const places = (seed: string, count: number) =>
  Array.from({ length: count }, (_, index) => ({ seed, index }));
const codesOf = async (
  spec: DiscreteSpec,
  seed: string,
  count: number,
  temperature: number,
  run: RunPrior,
): Promise<string[]> =>
  (await drawFromPrior(spec, places(seed, count), temperature, run)).map((z) =>
    codesOfWeights(spec, z).join(''),
  );

test('seeds are codes, for ever, alone and with others', async () => {
  const run = chain([0, 1, 0.5], 1.5);
  const all = await codesOf(SPEC, 'anna', 6, 1, run);
  expect(all).toMatchInlineSnapshot(`
    [
      "1112",
      "2021",
      "0121",
      "1220",
      "1220",
      "1202",
    ]
  `);
  const [alone] = await drawFromPrior(SPEC, [{ seed: 'anna', index: 4 }], 1, run);
  expect(codesOfWeights(SPEC, alone!).join('')).toBe(all[4]);
  const bits = { prior: 'bernoulli', dimensions: 6 } as const;
  const own: RunPrior = async (codes) => codes.map(() => Float32Array.of(2, -2, 0, 0, 0, 0));
  expect(await codesOf(bits, 'anna', 5, 1, own)).toMatchInlineSnapshot(`
    [
      "100000",
      "001011",
      "100000",
      "100100",
      "100110",
    ]
  `);
});

test('one more variable shifts no other, and each is drawn once, knowing those before it', async () => {
  const run = chain([0, 0, 0], 2);
  const seen: string[] = [];
  const watched: RunPrior = (codes) => {
    seen.push([...codes[0]!].join(''));
    return run(codes);
  };
  const four = await codesOf(SPEC, 'a', 3, 1, watched);
  const five = await codesOf({ ...SPEC, variables: 5 }, 'a', 3, 1, run);
  expect(five.map((code) => code.slice(0, 4))).toEqual(four);
  expect(seen).toHaveLength(4);
  expect(seen[0]).toBe('000000000000');
  // What is drawn so far, and zeros for the rest.
  seen.forEach((codes, v) => {
    expect([...codes].map(Number).reduce((sum, x) => sum + x, 0)).toBe(v);
    expect(codes.slice(3 * v)).toMatch(/^0*$/);
  });
});

test('classes come as often as softmax(logits / temperature) says', async () => {
  const logits = [0, 1, -1];
  for (const temperature of [0.5, 1, 2]) {
    const drawn = await codesOf(
      { ...SPEC, variables: 1 },
      `t${temperature}`,
      4000,
      temperature,
      chain(logits, 0),
    );
    const weights = logits.map((logit) => Math.exp(logit / temperature));
    const sum = weights.reduce((total, w) => total + w, 0);
    weights.forEach((w, k) => {
      const expected = w / sum;
      const share = drawn.filter((code) => code === String(k)).length / 4000;
      expect(Math.abs(share - expected)).toBeLessThan(4 * Math.sqrt((expected * (1 - expected)) / 4000));
    });
  }
  const bits = { prior: 'bernoulli', dimensions: 1 } as const;
  const drawn = await codesOf(bits, 'bits', 4000, 0.5, async (codes) =>
    codes.map(() => Float32Array.of(0.5)),
  );
  const share = drawn.filter((code) => code === '1').length / 4000;
  expect(Math.abs(share - 1 / (1 + Math.exp(-1)))).toBeLessThan(4 * Math.sqrt(0.2 / 4000));
});

test('at temperature 0 the likeliest class is drawn, of alike ones the first', async () => {
  expect(new Set(await codesOf(SPEC, 'a', 20, 0, chain([1, 2, 2], 1)))).toEqual(new Set(['1201']));
});

test('logits that are no numbers are refused', async () => {
  const run: RunPrior = async (codes) => codes.map((code) => code.map(() => Number.NaN));
  await expect(codesOf(SPEC, 'a', 1, 1, run)).rejects.toThrow(
    'prior: the logits of variable 0 must be numbers, got NaN',
  );
});
