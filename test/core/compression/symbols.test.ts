// Codes of symbols: they come back whatever the prior says, cost what it says, and are pinned.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HEADER_BYTES } from '../../../core/compression/code.ts';
import { exponential, frequencyTable } from '../../../core/compression/frequencies.ts';
import { chooseSymbols, readSymbols, writeSymbols } from '../../../core/compression/symbols.ts';
import { codesOfLogits, codesOfWeights, latentOfCodes } from '../../../core/latents/codes.ts';
import { evenPrior, type RunPrior } from '../../../core/latents/prior.ts';
import { createStream } from '../../../core/sampling/stream.ts';
import { Unreadable } from '../../../core/unreadable.ts';
import { type DiscreteSpec, latentSize } from '../../../models/latent.ts';

const SPEC = { prior: 'categorical', variables: 4, classes: 3 } as const;
const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
const bytesOf = (text: string) =>
  Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

/** A prior that looks at everything before, and at nothing after: logits by a stream of what it saw. */
const prior =
  (spec: DiscreteSpec, strength: number): RunPrior =>
  async (codes) =>
    codes.map((code) => {
      const width = spec.prior === 'bernoulli' ? 1 : spec.classes;
      const logits = new Float32Array(code.length);
      for (let at = 0; at < code.length; at += width) {
        const seen = createStream('prior', [...code.subarray(0, at)].join(''));
        for (let k = 0; k < width; k++) logits[at + k] = strength * (seen.uniform() - 0.5);
      }
      return logits;
    });

test('exp of what is not positive, to the last digits but one', () => {
  for (const x of [0, -1e-9, -0.3, -0.34657359, -0.35, -1, -Math.LN2, -7.5, -39.9])
    expect(Math.abs(exponential(x) / Math.exp(x) - 1)).toBeLessThan(4e-15);
  expect([exponential(-41), exponential(Number.NEGATIVE_INFINITY), exponential(Number.NaN)]).toEqual([
    0, 0, 0,
  ]);
});

test('frequencies are those of softmax, or of a bit, none is empty, and all are 65536', () => {
  const { starts } = frequencyTable(Float32Array.of(0, Math.log(2), Number.NEGATIVE_INFINITY, -60));
  expect([...starts]).toEqual([0, 21844, 65534, 65535, 65536]);
  expect([...frequencyTable(Float32Array.of(Math.log(3))).starts]).toEqual([0, 16384, 65536]);
  for (const of of [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
    expect(() => frequencyTable(Float32Array.of(of, of))).toThrow('the largest logit must be a number');
});

test.each([
  ['160c0297', [1, 2, 0, 1], 10],
  ['160c02e4', [2, 1, 0, 2], 3],
])('%s says the same for ever', async (expected, codes, strength) => {
  const logits = latentOfCodes(SPEC, codes);
  const run = prior(SPEC, strength);
  const { code } = await writeSymbols({ tag: '0c02', spec: SPEC }, { quality: 6, logits }, run);
  expect(hex(code)).toBe(expected);
  const said = await readSymbols(SPEC, code, run);
  expect([said.quality, codesOfWeights(SPEC, said.latent)]).toEqual([6, codes]);
});

const specs: fc.Arbitrary<DiscreteSpec> = fc.oneof(
  fc.record({
    prior: fc.constant('categorical' as const),
    variables: fc.integer({ min: 1, max: 8 }),
    classes: fc.integer({ min: 2, max: 9 }),
  }),
  fc.record({ prior: fc.constant('bernoulli' as const), dimensions: fc.integer({ min: 1, max: 9 }) }),
);
const cases = fc.record({
  spec: specs,
  seed: fc.nat(),
  strength: fc.constantFrom(0, 1, 10, 200),
  quality: fc.integer({ min: 1, max: 6 }),
});
const logitsOf = (spec: DiscreteSpec, seed: number) => {
  const stream = createStream('posterior', seed);
  return Float32Array.from({ length: latentSize(spec) }, () => 8 * (stream.uniform() - 0.5));
};

test('every code comes back; at the best quality it is the likeliest; its length is its information', async () => {
  await fc.assert(
    fc.asyncProperty(cases, async ({ spec, seed, strength, quality }) => {
      const logits = logitsOf(spec, seed);
      const run = prior(spec, strength);
      const { code, bits } = await writeSymbols({ tag: 'ffff', spec }, { quality, logits }, run);
      expect(code.length).toBeLessThan(HEADER_BYTES + bits / 8 + 1 + 1e-9);
      const said = await readSymbols(spec, code, run);
      const { latents } = await chooseSymbols(spec, [logits], quality, run);
      expect([said.quality, said.latent]).toEqual([quality, latents[0]]);
      if (quality === 6) expect(codesOfWeights(spec, said.latent)).toEqual(codesOfLogits(spec, logits));
    }),
  );
});

test('even symbols cost their number, and a lower quality never costs more where the prior looks at nothing', async () => {
  const logits = logitsOf(SPEC, 3);
  const coder = { tag: '0c02', spec: SPEC };
  const even = await writeSymbols(coder, { quality: 6, logits }, evenPrior);
  expect(even.bits).toBeCloseTo(4 * Math.log2(3), 3);
  const run: RunPrior = async (codes) => codes.map((code) => code.map((_, i) => 2 * ((i * 7) % 5)));
  const bits = await Promise.all(
    [1, 2, 3, 4, 5, 6].map(async (quality) => (await writeSymbols(coder, { quality, logits }, run)).bits),
  );
  expect(bits).toEqual(bits.toSorted((a, b) => a - b));
  expect(bits[5]! - bits[0]!).toBeGreaterThan(1);
});

test('a damaged code is refused, or is the code of another picture', async () => {
  const refused: string[] = [];
  for (let byte = 0; byte < 256; byte++) {
    try {
      await readSymbols(SPEC, bytesOf(`160c02${byte.toString(16).padStart(2, '0')}`), prior(SPEC, 4));
    } catch (error) {
      expect(error).toEqual(new Unreadable('the code is damaged: no picture has it'));
      refused.push(String(byte));
    }
  }
  expect(refused.length).toBeGreaterThan(150);
  for (const payload of ['a5'.repeat(340), '00', 'ffff00'])
    await expect(readSymbols(SPEC, bytesOf(`160c02${payload}`), prior(SPEC, 4))).rejects.toThrow('damaged');
  // Too long for four symbols: the prior is not even asked.
  const unasked: RunPrior = () => Promise.reject(new Error('asked'));
  await expect(readSymbols(SPEC, bytesOf(`160c02${'a5'.repeat(9)}`), unasked)).rejects.toThrow('damaged');
  await expect(readSymbols(SPEC, bytesOf(`160c02${'a5'.repeat(8)}`), unasked)).rejects.toThrow('asked');
});
