// `npm run fuzz -- [--seconds=60] [--seed=N]`: each fuzzer for so long, with a seed that makes its cases again.
import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { parseArguments, requireKnown, runCommand } from '../train/io/arguments.ts';

const HELP = `npm run fuzz -- [--option=value …]

  --seconds=N       of each fuzzer; default 60
  --seed=N          makes the cases of that seed again; default: another one each time`;

async function main(): Promise<void> {
  const { positional, options } = parseArguments(process.argv.slice(2), []);
  if (options.help) return console.log(HELP);
  requireKnown(positional, options, 0, ['seconds', 'seed']);
  const { seconds = '60', seed = String(randomInt(2 ** 31)) } = options;
  if (!/^\d{1,6}$/.test(seconds) || !/^\d{1,10}$/.test(seed))
    throw new Error(`fuzz: --seconds and --seed must be whole numbers, got ${seconds} and ${seed}`);
  console.log(`fuzz: seed ${seed}, ${seconds} s each; again with: npm run fuzz -- --seed=${seed}`);
  const { status } = spawnSync(
    process.execPath,
    ['node_modules/vitest/vitest.mjs', 'run', '--project', 'node', 'test/worker/fuzz'],
    { stdio: 'inherit', env: { ...process.env, FUZZ_SECONDS: seconds, FUZZ_SEED: seed } },
  );
  process.exitCode = status ?? 1;
}

runCommand(main);
