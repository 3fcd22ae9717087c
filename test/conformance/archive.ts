// The ONNX project's node tests, as far as they are at hand: an archive beside the data sets, no part of the repository.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One test: a model, and the TensorProto files of its inputs and outputs, in the order of the graph's. */
export type NodeTest = { name: string; model: Uint8Array; inputs: Uint8Array[]; outputs: Uint8Array[] };

/** Why there are none, or the archive's path. */
export function findArchive(): { missing: string } | { path: string } {
  const data = process.env.DREAMLET_DATA;
  if (!data) return { missing: 'DREAMLET_DATA is not set' };
  const path = join(data, '..', 'cases', 'onnx-node.tar.xz');
  if (!existsSync(path)) return { missing: `there is no ${path}` };
  try {
    execFileSync('xz', ['--version'], { stdio: 'ignore' });
  } catch {
    return { missing: 'the program xz, which tar unpacks it with, is not installed' };
  }
  return { path };
}

/** Every first data set of every test of the archive. */
export function readArchive(path: string): NodeTest[] {
  const folder = mkdtempSync(join(tmpdir(), 'dreamlet-onnx-node-'));
  try {
    execFileSync('tar', ['-xJf', path, '-C', folder]);
    return readdirSync(folder)
      .sort()
      .map((name) => {
        const set = join(folder, name, 'test_data_set_0');
        const files = (kind: string) => {
          const count = existsSync(set) ? readdirSync(set).filter((file) => file.startsWith(kind)).length : 0;
          return Array.from({ length: count }, (_, i) => readFileSync(join(set, `${kind}_${i}.pb`)));
        };
        const model = readFileSync(join(folder, name, 'model.onnx'));
        return { name, model, inputs: files('input'), outputs: files('output') };
      });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
