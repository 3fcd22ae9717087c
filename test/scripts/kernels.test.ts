import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { compileKernels, KERNELS } from '../../scripts/kernels.ts';

test('the committed module is what its source compiles to; npm run kernels makes it again', async () => {
  const committed = readFileSync(KERNELS);
  expect(Buffer.from(await compileKernels()).equals(committed)).toBe(true);
});
