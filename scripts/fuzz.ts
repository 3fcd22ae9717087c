// `npm run fuzz -- [--seconds=60] [--seed=N]`: each fuzzer for so long, with a seed that makes its cases again.
import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '60' }, seed: { type: 'string' } },
});
const seed = values.seed ?? String(randomInt(2 ** 31));
if (!/^\d{1,6}$/.test(values.seconds) || !/^\d{1,10}$/.test(seed)) {
  console.error(`fuzz: --seconds and --seed must be whole numbers, got ${values.seconds} and ${seed}`);
  process.exit(1);
}
console.log(`fuzz: seed ${seed}, ${values.seconds} s each; again with: npm run fuzz -- --seed=${seed}`);
const { status } = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', '--project', 'node', 'test/worker/fuzz'],
  { stdio: 'inherit', env: { ...process.env, FUZZ_SECONDS: values.seconds, FUZZ_SEED: seed } },
);
process.exit(status ?? 1);
