// Commands for developers: what they do not know is answered in words, without a stack trace.
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

test.each([
  ['bench/cli.ts', '--jsn=1', '--jsn is not an option; did you mean --json?\n'],
  ['scripts/fuzz.ts', '--secnds=3', '--secnds is not an option; did you mean --seconds?\n'],
  ['scripts/fuzz.ts', '--seed=x', 'fuzz: --seconds and --seed must be whole numbers, got 60 and x\n'],
])('%s %s', (script, option, words) => {
  const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', script, option], {
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([1, words]);
});
