// A disk that is full amid a file: every writer names the file and says so, what was there stays, and nothing half-written.
import fs, { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writePackage } from '../../export/folder.ts';
import { publishModels } from '../../export/publish.ts';
import { writeCell } from '../../train/experiments/cells.ts';
import { writeJson } from '../../train/io/files.ts';
import { writeSafetensors } from '../../train/io/safetensors.ts';
import { lockRun } from '../../train/run/lock.ts';
import { appendMetrics } from '../../train/run/run-folder.ts';

const real = { writeFileSync: fs.writeFileSync, appendFileSync: fs.appendFileSync };
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dreamlet-full-'));
});
afterEach(() => {
  Object.assign(fs, real);
  syncBuiltinESMExports();
  rmSync(folder, { recursive: true });
});

/** From here on half of a file fits. */
function fill(): void {
  const half =
    (write: (path: string, data: Uint8Array | string) => void) =>
    (path: string, data: Uint8Array | string) => {
      write(path, data.slice(0, data.length >> 1));
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    };
  Object.assign(fs, { writeFileSync: half(real.writeFileSync), appendFileSync: half(real.appendFileSync) });
  syncBuiltinESMExports();
}

const tensors = { w: { shape: [4], data: Float32Array.of(1, 2, 3, 4) } };
const WRITERS: [string, string, () => unknown][] = [
  ['a checkpoint', 'last.safetensors', () => writeSafetensors(join(folder, 'last.safetensors'), tensors, {})],
  ['a record of a run', 'run.json', () => writeJson(join(folder, 'run.json'), { epoch: 1 })],
  ['a cell of results', 'cell.json', () => writeCell(join(folder, 'cell.json'), { cell: 'a' })],
  ['the list of models', 'index.json', () => publishModels([], folder)],
];
test.each(WRITERS)('%s', async (_, name, write) => {
  writeFileSync(join(folder, name), 'old');
  fill();
  await expect((async () => write())()).rejects.toThrow(
    `${join(folder, name)} cannot be written: the disk is full`,
  );
  expect(readdirSync(folder)).toEqual([name]);
  expect(readFileSync(join(folder, name), 'utf8')).toBe('old');
});

test('a package', () => {
  mkdirSync(join(folder, 'old@1'));
  fill();
  expect(() => writePackage(folder, 'new@1', { 'decoder.onnx': Uint8Array.of(1, 2) }, {})).toThrow(
    /decoder\.onnx cannot be written: the disk is full$/,
  );
  expect(readdirSync(folder)).toEqual(['old@1']);
});

test('the metrics of an epoch, and the lock of a run', () => {
  fill();
  expect(() => appendMetrics(folder, { epoch: 1 })).toThrow(
    'metrics.jsonl cannot be written: the disk is full',
  );
  expect(() => lockRun(join(folder, 'run'))).toThrow('lock cannot be written: the disk is full');
});
