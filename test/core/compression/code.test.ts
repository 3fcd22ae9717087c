// Codes: latents come back within their steps, whatever they are; what is no code is refused; the bytes are pinned.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Coder, HEADER_BYTES, readCode, readTag, writeCode } from '../../../core/compression/code.ts';
import { MAX_QUALITY, STEPS } from '../../../core/compression/quantise.ts';
import { Unreadable } from '../../../core/unreadable.ts';
import type { CompressionCard } from '../../../models/sections.ts';

const coder: Coder = {
  compression: {
    tag: '0a02',
    split: 'none',
    centres: [0.5, 0, 0, -2],
    deviations: [1, 0.9, 0.01, 3],
    steps: [0.1, 0.5, 1, 0.004],
  },
};
const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
const bytesOf = (text: string) =>
  Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

test.each([
  ['110a0280', undefined, [0.5, 0, 0, -2]],
  ['150a02c80233', undefined, [1.3, -0.5, 0, -2.5]],
  ['160a0202714120ec', undefined, [-1.9, 2, 0, 4]],
  ['150a02fffe015a00000181fffe7ff12001db17b2', undefined, [40, -100, 7, 4192.304]],
  ['150a02ed55ec', 2, [1.3, -0.5, 0, -2.5]],
])('%s says the same for ever, and is said by it', (code, label, values) => {
  const of = { ...coder, classes: label === undefined ? undefined : 3 };
  const said = readCode(of, bytesOf(code));
  expect(said).toEqual({
    quality: Number(code[1]),
    latent: Float32Array.from(values),
    ...(label === undefined ? {} : { label }),
  });
  expect(hex(writeCode(of, said).code)).toBe(code);
});

const positive = fc.double({ min: 1e-4, max: 1e3, noNaN: true });
const cases = fc.integer({ min: 1, max: 12 }).chain((J) => {
  const list = <T>(value: fc.Arbitrary<T>) => fc.array(value, { minLength: J, maxLength: J });
  return fc.record({
    compression: fc.record({
      tag: fc.constantFrom('0000', 'ffff', '0a02'),
      split: fc.constant('none'),
      centres: list(fc.double({ min: -5, max: 5, noNaN: true })),
      deviations: list(positive),
      steps: list(positive),
    }),
    latent: list(
      fc.oneof(
        fc.float({ min: -4, max: 4, noNaN: true }),
        fc.float({ noNaN: true }),
        fc.constantFrom(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
      ),
    ),
    quality: fc.integer({ min: 1, max: MAX_QUALITY }),
    classes: fc.option(fc.integer({ min: 1, max: 300 }), { nil: undefined }),
    label: fc.nat(299),
  });
});
type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never;
const write = ({ compression, latent, quality, classes, label }: Case) =>
  writeCode(
    { compression, classes },
    {
      quality,
      latent: Float32Array.from(latent),
      label: classes === undefined ? undefined : label % classes,
    },
  );
/** Half a step, and rounding to float32. */
const mostError = ({ steps }: CompressionCard, quality: number, j: number, value: number) =>
  0.501 * STEPS[quality - 1]! * steps[j]! + 1e-6 * Math.abs(value);

test('every latent has a code, which says quality and label, and each value to a step', () => {
  fc.assert(
    fc.property(cases, (given) => {
      const { code, bits } = write(given);
      expect(code.length).toBeLessThan(HEADER_BYTES + bits / 8 + 1 + 1e-9);
      expect(readTag(code)).toBe(given.compression.tag);
      const { quality, latent, label } = readCode(given, code);
      expect([quality, label]).toEqual([
        given.quality,
        given.classes === undefined ? undefined : given.label % given.classes,
      ]);
      given.latent.forEach((value, j) => {
        const error = mostError(given.compression, quality, j, value);
        // What is too many steps away to be said stops on the way.
        if (Math.abs(value - given.compression.centres[j]!) < error * 1e5)
          expect(Math.abs(latent[j]! - value)).toBeLessThan(error);
        else expect(Number.isFinite(latent[j]!)).toBe(true);
      });
    }),
  );
});

test('a damaged code is refused, or is the code of another picture', () => {
  const damage = fc.record({
    at: fc.nat(),
    byte: fc.nat(255),
    keep: fc.nat(60),
    more: fc.uint8Array({ maxLength: 5 }),
  });
  let refused = 0;
  fc.assert(
    fc.property(cases, damage, (given, { at, byte, keep, more }) => {
      const { code } = write(given);
      const payload = code.slice(HEADER_BYTES, HEADER_BYTES + keep);
      if (payload.length > 0) payload[at % payload.length] = byte;
      const bad = Uint8Array.from([...code.subarray(0, HEADER_BYTES), ...payload, ...more]);
      try {
        const { latent } = readCode(given, bad);
        expect(latent.every(Number.isFinite)).toBe(true);
      } catch (error) {
        refused += 1;
        expect(error).toEqual(new Unreadable('the code is damaged: no picture has it'));
      }
    }),
    { numRuns: 300 },
  );
  expect(refused).toBeGreaterThan(50);
});

test.each([
  ['', 'a code has at least 3 bytes, this one 0'],
  ['150a', 'a code has at least 3 bytes, this one 2'],
  ['250a02', 'codes of format 1 can be read, this one is of 2'],
  ['100a02', 'the quality of a code is 1 to 6, that of this one 0'],
  ['170a02', 'the quality of a code is 1 to 6, that of this one 7'],
])('%j has no tag: %s', (code, message) => {
  expect(() => readTag(bytesOf(code))).toThrow(message);
});

test.each([
  ['a zero at the end', '00'],
  ['the code of too large a number', 'ffffff0000'],
  ['a long code', 'a5'.repeat(340)],
  ['a quarter of a megabyte', '5a'.repeat(1 << 18)],
])('%s is refused at once', (_, payload) => {
  const began = performance.now();
  const valid = hex(writeCode(coder, { quality: 5, latent: Float32Array.of(1.3, -0.7, 0.02, -2.5) }).code);
  expect(() => readCode(coder, bytesOf(valid + payload))).toThrow('the code is damaged: no picture has it');
  expect(performance.now() - began).toBeLessThan(500);
});
