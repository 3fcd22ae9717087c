// Every operator on random shapes and attributes, against onnxruntime-web.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OPERATORS as IMPLEMENTED } from '../../../worker/engine/simd/operators/table.ts';
import { OPERATORS } from './cases/operators.ts';
import { expectAgreement } from './run-case.ts';

/** Cases of each operator. */
const RUNS = 200;
const SEED = 1;

test.each(Object.entries(OPERATORS))('%s', { timeout: 60_000 }, async (_, cases) => {
  await fc.assert(fc.asyncProperty(cases, expectAgreement), { numRuns: RUNS, seed: SEED });
});

test('every operator of the engine has cases', () => {
  expect(Object.keys(IMPLEMENTED).filter((name) => !Object.hasOwn(OPERATORS, name))).toEqual([]);
});
