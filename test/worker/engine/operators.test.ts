// Every operator on random shapes and attributes, against onnxruntime-web.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SCHEMAS } from '../../../worker/engine/simd/operators/schema.ts';
import { OPERATORS as IMPLEMENTED } from '../../../worker/engine/simd/operators/table.ts';
import { OLD_FORMS } from './cases/old-opsets.ts';
import { OPERATORS } from './cases/operators.ts';
import { repetitions } from './repetitions.ts';
import { expectAgreement } from './run-case.ts';

/** Cases of each operator. */
const RUNS = repetitions(100);
const SEED = 1;

test.each(Object.entries(OPERATORS))('%s', { timeout: 60_000 }, async (_, cases) => {
  await fc.assert(fc.asyncProperty(cases, expectAgreement), { numRuns: RUNS, seed: SEED });
});

test.each(Object.entries(OLD_FORMS))(
  '%s as opsets 7 to 12 have it',
  { timeout: 60_000 },
  async (_, cases) => {
    await fc.assert(fc.asyncProperty(cases, expectAgreement), { numRuns: RUNS, seed: SEED });
  },
);

test('every operator of the engine has cases, and a schema', () => {
  const without = Object.keys(IMPLEMENTED).filter((name) => !Object.hasOwn(OPERATORS, name));
  // The reference has no implementation of it: values.test.ts compares it with its definition.
  expect(without).toEqual(['Swish']);
  expect(Object.keys(SCHEMAS).sort()).toEqual(Object.keys(IMPLEMENTED).sort());
});
