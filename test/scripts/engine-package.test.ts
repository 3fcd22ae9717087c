// The engine as others get it: built, packed, installed elsewhere, and run by plain Node.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildEngine } from '../../scripts/engine-package.ts';

const SCRIPT = `
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createSimdEngine } from 'dreamlet/engine';

const kernels = readFileSync(fileURLToPath(import.meta.resolve('dreamlet/engine/kernels.wasm')));
const engine = createSimdEngine(new WebAssembly.Module(kernels));
const session = await engine.load(readFileSync(process.argv[2]));
const { mean } = await session.run({ z: { shape: [1, 2], data: Float32Array.of(0, 0) } });
console.log(JSON.stringify(mean.shape));`;

test('dreamlet/engine runs a generator in plain Node, from its package alone', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'dreamlet-engine-'));
  try {
    const installed = join(folder, 'node_modules/dreamlet');
    mkdirSync(installed, { recursive: true });
    await buildEngine(join(installed, 'build/engine'));
    writeFileSync(join(installed, 'package.json'), readFileSync('package.json'));
    writeFileSync(join(folder, 'run.mjs'), SCRIPT);
    const model = join(process.cwd(), 'models/mnist-vae-2d@1/decoder.onnx');
    const printed = execFileSync(process.execPath, [join(folder, 'run.mjs'), model], { cwd: folder });
    expect(JSON.parse(printed.toString())).toEqual([1, 1, 28, 28]);
    const bytes = (file: string) => statSync(join(installed, 'build/engine', file)).size;
    expect(bytes('kernels.wasm')).toBeLessThan(64 * 1024);
    expect(bytes('engine.js')).toBeLessThan(96 * 1024);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
