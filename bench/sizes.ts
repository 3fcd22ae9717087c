// What a deployment weighs, beside what Cloudflare's plans take: both workers as wrangler bundles them, the largest static
// file, the largest file of a model.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { PlainRow } from '../figures/table.ts';
import { build } from '../scripts/build.ts';
import { wrangler } from '../scripts/wrangler.ts';
import type { Report } from './report.ts';

/** developers.cloudflare.com/workers/platform/limits, November 2026: of a worker, compressed, MB. */
const WORKER_LIMITS = { 'free plan, MB': 3, 'paid plan, MB': 10 };
/** Of a static file: 25 MiB on either. */
const FILE_LIMITS = { 'free plan, MB': 26.2, 'paid plan, MB': 26.2 };

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => join(folder, file))
    .filter((file) => statSync(file).isFile());

/** Of what wrangler would upload: its modules, without the maps, which do not count. @throws Error when it bundles none. */
function workerSize(config: string): { bytes: number; packed: number } {
  const folder = mkdtempSync(join(tmpdir(), 'dreamlet-sizes-'));
  try {
    if (!wrangler('deploy', '--dry-run', '--outdir', folder, '-c', config))
      throw new Error(`sizes: wrangler does not bundle ${config}`);
    const modules = filesIn(folder).filter((file) => /\.(js|wasm|bin|txt)$/.test(file));
    const upload = Buffer.concat(modules.map((file) => readFileSync(file)));
    return { bytes: upload.length, packed: gzipSync(upload).length };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function largestFile(folder: string, wanted: (file: string) => boolean): number {
  return Math.max(
    ...filesIn(folder)
      .filter(wanted)
      .map((file) => statSync(file).size),
  );
}

export async function sizes(): Promise<Report> {
  await build();
  const isModel = (file: string) => file.endsWith('.onnx');
  const worker = workerSize('wrangler.toml');
  const reference = workerSize('worker/reference/wrangler.toml');
  const rows: PlainRow[] = [
    {
      what: 'the worker, compressed',
      MB: worker.packed / 1e6,
      'unpacked, MB': worker.bytes / 1e6,
      ...WORKER_LIMITS,
    },
    {
      what: 'the reference worker, compressed',
      MB: reference.packed / 1e6,
      'unpacked, MB': reference.bytes / 1e6,
      ...WORKER_LIMITS,
    },
    {
      what: 'the largest static file',
      MB: largestFile('dist', (file) => !isModel(file)) / 1e6,
      ...FILE_LIMITS,
    },
    { what: 'the largest file of a model', MB: largestFile('dist', isModel) / 1e6, ...FILE_LIMITS },
  ];
  return {
    title: 'What a deployment weighs',
    protocol:
      'Bundles of `wrangler deploy --dry-run`, all modules of one packed together by gzip; files of a build with every model that is here.',
    seed: 'none',
    packages: ['wrangler'],
    rows,
  };
}
