// The table of operators in the engine's README is the code's.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ENGINE_README, withOperatorTable } from '../../scripts/operator-table.ts';
import { DECLINED } from '../../worker/engine/simd/operators/declined.ts';
import { OPERATORS } from '../../worker/engine/simd/operators/table.ts';

test('the engine’s README has the operators that it runs', () => {
  const text = readFileSync(ENGINE_README, 'utf8');
  expect(withOperatorTable(text)).toBe(text);
  expect(text).toContain('| Upsample | 7–9 |  |');
  expect(text).toContain('| Attention | 23–27 |');
  expect(Object.keys(DECLINED).filter((name) => !Object.hasOwn(OPERATORS, name))).toEqual([]);
});
