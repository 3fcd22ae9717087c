// The rooms of the repository and what each may import; and what may not be in it at all.
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import { expect, test } from 'vitest';

/** Room → folders and files it may import besides itself; a room that is not named here may import everything. */
const ALLOWED: Record<string, string[]> = {
  onnx: [],
  core: ['models'],
  figures: [],
  models: [],
  worker: ['onnx', 'core', 'models'],
  train: ['onnx', 'core', 'figures', 'models'],
  export: ['onnx', 'core', 'train', 'models'],
  report: ['figures', 'export', 'train', 'models'],
  site: ['core', 'figures', 'worker/engine', 'models'],
};

/** Files that run in workerd or in the browser: no module of Node's, except where they say so by name. */
const PORTABLE = /^(core|worker|site|models|onnx|figures)\//;
const NODE_ONLY = /^(worker\/node\.ts|site\/vite\.config\.ts)$/;

const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'])
  .toString()
  .split('\0')
  .filter((file) => file !== '' && statSync(file, { throwIfNoEntry: false })?.isFile());
const sources = files.filter((file) => /\.(ts|tsx|mts|js|mjs|css)$/.test(file));

const within = (path: string, folder: string) => path === folder || path.startsWith(`${folder}/`);
const roomOf = (file: string) => Object.keys(ALLOWED).find((room) => within(file, room));

type Import = { file: string; target: string; typeOnly: boolean };

function importsOf(file: string, text: string): Import[] {
  const found: Import[] = [];
  const statement = /^\s*(?:import|export)\s+(type\s)?(?:[\w*{}\s,$]+?\sfrom\s)?\s*'([^']+)'/gm;
  for (const [, type, target] of text.matchAll(statement)) {
    found.push({ file, target: target!, typeOnly: type !== undefined });
  }
  for (const [, target] of text.matchAll(/\bimport\(\s*'([^']+)'/g)) {
    found.push({ file, target: target!, typeOnly: false });
  }
  return found;
}

function problem({ file, target, typeOnly }: Import): string | undefined {
  const room = roomOf(file);
  if (room === undefined) return;
  if (!target.startsWith('.')) {
    if (PORTABLE.test(file) && !NODE_ONLY.test(file) && isBuiltin(target)) return 'is not for Node alone';
    if (within(file, 'worker') && target.startsWith('@tensorflow/')) return 'is served, not trained';
    return;
  }
  const path = posix.join(posix.dirname(file), target).replace(/\?.*$/, '');
  if (within(path, room) || path === 'package.json') return;
  if (room === 'site' && typeOnly && within(path, 'worker')) return;
  if (room === 'worker' && within(path, 'onnx/trace')) return 'may use the reader of onnx/ only';
  if (!ALLOWED[room]!.some((allowed) => within(path, allowed))) return `is in ${room}/`;
}

test.each([
  ["import { a } from '../onnx/model.ts'", 'worker/a.ts', undefined],
  ["import { a } from '../onnx/trace/trace.ts'", 'worker/a.ts', 'may use the reader of onnx/ only'],
  ["import {\n  a,\n} from '../train/a.ts'", 'worker/a.ts', 'is in worker/'],
  ["export * from '../../worker/app.ts'", 'core/image/a.ts', 'is in core/'],
  ["await import('../../worker/app.ts')", 'site/lib/a.ts', 'is in site/'],
  ["import type { App } from '../../worker/app.ts'", 'site/lib/a.ts', undefined],
  ["import 'node:fs'", 'worker/a.ts', 'is not for Node alone'],
])('%s in %s', (text, file, expected) => {
  expect(importsOf(file, text).map(problem)).toEqual([expected]);
});

test('every room imports only what it may', () => {
  const imports = sources.flatMap((file) => importsOf(file, readFileSync(file, 'utf8')));
  expect(imports.length).toBeGreaterThan(50);
  const broken = imports.flatMap((one) => {
    const why = problem(one);
    return why === undefined ? [] : [`${one.file} ${why}, but imports ${one.target}`];
  });
  expect(broken).toEqual([]);
});

test('no file is too long to read', () => {
  expect(sources.filter((file) => statSync(file).size > 14_000)).toEqual([]);
});

test('all models together stay below 48 MB', () => {
  const sizes = files.filter((file) => within(file, 'models')).map((file) => statSync(file).size);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(48e6);
});

test('no data set, no run and no path of somebody’s machine is in the repository', () => {
  expect(files.filter((file) => /ubyte|\.(safetensors|gz|br|amat|mat|npz|pkl)$/.test(file))).toEqual([]);
  const machine = /(^|[\s'"`(=:])\/(home|Users|root|work|workspace)\/[\w.]/m;
  const texts = files.filter((file) => !/\.(onnx|png|ico|woff2)$/.test(file));
  expect(texts.filter((file) => machine.test(readFileSync(file, 'utf8')))).toEqual([]);
});

test('the lock file names no download address', () => {
  expect(readFileSync('package-lock.json', 'utf8')).not.toMatch(/"resolved": "http/);
});
