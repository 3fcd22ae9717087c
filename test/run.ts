// `npm test`: types, lint, Chromium for the browser tests, then vitest. Arguments go to vitest: `npm test -- onnx`.
import { spawnSync } from 'node:child_process';
import { findChromium, installChromium } from './chromium.ts';

/** Runs the command line of an installed package, and ends this process when it fails. */
function run(script: string, ...args: string[]): void {
  const { status } = spawnSync(process.execPath, [`node_modules/${script}`, ...args], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

function haveChromium(): boolean {
  if (findChromium() !== null) return true;
  console.log('No Chromium on this machine: installing one for the browser tests.');
  try {
    installChromium();
  } catch (error) {
    console.log(`Installing Chromium failed: ${(error as Error).message.split('\n')[0]}`);
  }
  return findChromium() !== null;
}

run('typescript/bin/tsc', '--noEmit');
run('@biomejs/biome/bin/biome', 'check', '.');

const browser = haveChromium();
const projects = browser ? [] : ['--project', 'node', '--project', 'workerd'];
run('vitest/vitest.mjs', 'run', ...projects, ...process.argv.slice(2));

if (!browser) {
  const line = '!'.repeat(100);
  console.log(
    `${line}\nNOT RUN: the browser tests (test/site/). No Chromium was found and none could be installed.`,
  );
  console.log(`Install Chromium or Chrome, or name one: CHROMIUM=/path/to/chrome npm test\n${line}`);
}
