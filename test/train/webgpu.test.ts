// The webgpu runner against the cpu one, on the software Vulkan driver that Debian's Chromium brings.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';

const CHROMIUM = '/usr/lib/chromium';
const driver = `${CHROMIUM}/vk_swiftshader_icd.json`;
const present = existsSync(driver);
if (!present) console.warn('not run: the webgpu runner, which needs the Vulkan driver of Debian’s chromium');

function parametersAfterSteps(backend: string): [string, ...number[]][] {
  const printed = execFileSync(
    process.execPath,
    ['node_modules/tsx/dist/cli.mjs', 'test/train/steps.ts', backend],
    {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, NODE_OPTIONS: '', LD_LIBRARY_PATH: CHROMIUM, VK_ICD_FILENAMES: driver },
    },
  );
  return JSON.parse(printed.trim().split('\n').at(-1)!);
}

test.runIf(present)('three steps on webgpu end where three steps on the cpu do', { timeout: 120_000 }, () => {
  const [there, here] = [parametersAfterSteps('webgpu'), parametersAfterSteps('cpu')];
  expect(there.map(([name]) => name)).toEqual(here.map(([name]) => name));
  expect(here.length).toBeGreaterThan(10);
  const differences = here.flatMap(([, ...values], i) =>
    values.map((value, j) => Math.abs(value - (there[i]![j + 1] as number))),
  );
  expect(Math.max(...differences)).toBeLessThan(1e-5);
});
