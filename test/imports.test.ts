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
  client: [],
  figures: [],
  models: [],
  worker: ['onnx', 'core', 'models'],
  train: ['onnx', 'core', 'figures', 'models'],
  export: ['onnx', 'core', 'train', 'models'],
  report: ['figures', 'export', 'train', 'models'],
  site: ['client', 'core', 'figures', 'worker/engine', 'models'],
};

/** Files that run in workerd or in the browser: no module of Node's, except where they say so by name. */
const PORTABLE = /^(client|core|worker|site|models|onnx|figures)\//;
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

/** The files of this repository that each of them imports. */
function graphOf(): Map<string, string[]> {
  const known = new Set(sources);
  return new Map(
    sources.map((file) => [
      file,
      importsOf(file, readFileSync(file, 'utf8'))
        .filter(({ target }) => target.startsWith('.'))
        .map(({ target }) => posix.join(posix.dirname(file), target).replace(/\?.*$/, ''))
        .filter((target) => known.has(target)),
    ]),
  );
}

/** The first way that leads back to where it began; nothing where there is none. */
function circleIn(graph: Map<string, string[]>): string[] | undefined {
  const done = new Set<string>();
  const walk = (file: string, way: string[]): string[] | undefined => {
    if (way.includes(file)) return [...way.slice(way.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const next of graph.get(file) ?? []) {
      const found = walk(next, [...way, file]);
      if (found) return found;
    }
    done.add(file);
    return undefined;
  };
  for (const file of graph.keys()) {
    const found = walk(file, []);
    if (found) return found;
  }
  return undefined;
}

test('no file leads back to itself, types included', () => {
  expect(
    circleIn(
      new Map([
        ['a', ['b']],
        ['b', ['c']],
        ['c', ['b']],
      ]),
    ),
  ).toEqual(['b', 'c', 'b']);
  expect(circleIn(graphOf())).toBeUndefined();
});

/** Folders of train/ from what all stand on to what stands on all: none imports one that comes after it. */
const LAYERS = [
  'io',
  'runner',
  'data',
  'layers',
  'networks',
  'latents',
  'estimators',
  'models',
  'adversarial',
  'methods',
  'evaluate',
  'families',
  'recipes',
  'run',
  'watch',
  'experiments',
];

test('the folders of train/ stand on each other in one order', () => {
  const layerOf = (file: string) => LAYERS.indexOf(/^train\/([\w-]+)\//.exec(file)?.[1] ?? '');
  const upwards = [...graphOf()].flatMap(([file, targets]) =>
    targets
      .filter((target) => layerOf(file) >= 0 && layerOf(target) > layerOf(file))
      .map((target) => `${file} imports ${target}`),
  );
  expect(upwards).toEqual([]);
});

test('CONTRIBUTING says of the rooms what is held here', () => {
  const rows = readFileSync('CONTRIBUTING.md', 'utf8').matchAll(/^\| `([\w-]+)\/` \|.*\| ([^|]+) \|$/gm);
  const said = [...rows].map(([, room, text]) => [
    room,
    // Of these the test knows by itself that types alone may be taken.
    [...text!.replace('types of `worker/`', '').matchAll(/`([\w./-]+?)\/?`/g)]
      .map(([, name]) => name!)
      .toSorted(),
  ]);
  const held = Object.entries(ALLOWED).map(([room, allowed]) => [room, allowed.toSorted()]);
  expect(Object.fromEntries(said)).toEqual(Object.fromEntries(held));
});

test('no file is too long to read', () => {
  expect(sources.filter((file) => statSync(file).size > 14_000)).toEqual([]);
});

test('all models together stay below 48 MB, and each below 4', () => {
  const sizes = new Map<string, number>();
  for (const file of files.filter((one) => within(one, 'models'))) {
    const folder = posix.dirname(file);
    sizes.set(folder, (sizes.get(folder) ?? 0) + statSync(file).size);
  }
  const packages = [...sizes].filter(([folder]) => folder.includes('@'));
  expect(packages.filter(([, size]) => size > 4e6)).toEqual([]);
  expect(packages.reduce((sum, [, size]) => sum + size, 0)).toBeLessThan(48e6);
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
