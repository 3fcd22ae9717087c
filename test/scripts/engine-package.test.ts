// The engine as others get it: built, and tried in an empty project of each kind, with the snippets of its README.
import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { Miniflare } from 'miniflare';
import { build as viteBuild } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildEngine } from '../../scripts/engine-package.ts';

const root = mkdtempSync(join(tmpdir(), 'dreamlet-engine-'));
const installed = join(root, 'node_modules/dreamlet-engine');
const model = readFileSync('models/mnist-vae-2d@1/decoder.onnx');
let server: Server;
let url: string;
let snippets: [string, string];

beforeAll(async () => {
  mkdirSync(installed, { recursive: true });
  await buildEngine(installed);
  writeFileSync(join(root, 'package.json'), '{ "type": "module" }');
  server = createServer((_, response) => response.end(model)).listen(0);
  url = `http://localhost:${(server.address() as AddressInfo).port}/decoder.onnx`;
  const readme = readFileSync(join(installed, 'README.md'), 'utf8');
  const [bytes, address] = [...readme.matchAll(/```js\n([\s\S]*?)```/g)].map(([, code]) => code!);
  snippets = [
    `const onnx = new Uint8Array(await (await fetch('${url}')).arrayBuffer());\n${bytes}`,
    `const url = '${url}';\n${address}`,
  ];
});
afterAll(() => {
  server.close();
  rmSync(root, { recursive: true });
});

function write(name: string, text: string): string {
  const path = join(root, name);
  writeFileSync(path, text);
  return path;
}

/** What a script prints: the shape of a picture, and its pixels. Not synchronous: this process serves the file. */
function run(path: string): Promise<string> {
  return new Promise((done, fail) => {
    execFile(process.execPath, [path], { cwd: root }, (error, out) => (error ? fail(error) : done(out)));
  });
}
const PICTURE = /^\[ 1, 1, 28, 28 \] Float32Array\(784\)/;

test('plain Node runs the snippets of the README', async () => {
  for (const [i, snippet] of snippets.entries())
    expect(await run(write(`snippet-${i}.js`, snippet))).toMatch(PICTURE);
});

test.each(['bundler', 'nodenext'])('strict TypeScript under %s takes them', (moduleResolution) => {
  const typed = snippets.map((snippet) => `${snippet.replaceAll('{ mean }', '{ mean = raise() }')}`);
  const raise = "function raise(): never { throw new Error('no mean'); }\n";
  typed.forEach((text, i) => {
    write(`snippet-${i}.ts`, `${text}\n${raise}`);
  });
  const compilerOptions = {
    strict: true,
    noUncheckedIndexedAccess: true,
    target: 'es2022',
    lib: ['es2022', 'dom'],
    module: moduleResolution === 'bundler' ? 'esnext' : 'nodenext',
    moduleResolution,
    types: [],
    noEmit: true,
  };
  write('tsconfig.json', JSON.stringify({ compilerOptions, files: ['snippet-0.ts', 'snippet-1.ts'] }));
  const tsc = resolve('node_modules/typescript/bin/tsc');
  expect(execFileSync(process.execPath, [tsc, '-p', root], { encoding: 'utf8' })).toBe('');
});

test('esbuild and Vite bundle it', async () => {
  const entry = write('bundled.js', snippets[0]);
  const outfile = join(root, 'esbuild.js');
  await build({ entryPoints: [entry], bundle: true, format: 'esm', outfile, logLevel: 'error' });
  expect(await run(outfile)).toMatch(PICTURE);
  await viteBuild({
    root,
    configFile: false,
    logLevel: 'error',
    build: {
      outDir: 'vite',
      target: 'es2022',
      minify: false,
      lib: { entry, formats: ['es'], fileName: 'out' },
    },
  });
  expect(await run(join(root, 'vite/out.js'))).toMatch(PICTURE);
});

test('workerd takes its kernels as a module', async () => {
  const source = `import { createEngine } from 'dreamlet-engine';
    const engine = await createEngine();
    export default { async fetch(request) {
      const session = await engine.load(new Uint8Array(await request.arrayBuffer()));
      const { mean } = await session.run({ z: { shape: [1, 2], data: new Float32Array(2) } });
      return Response.json(mean.shape);
    } };`;
  const outfile = join(root, 'worker/worker.js');
  await build({
    entryPoints: [write('worker.js', source)],
    bundle: true,
    format: 'esm',
    outfile,
    conditions: ['workerd'],
    external: ['*.wasm'],
    logLevel: 'error',
  });
  const miniflare = new Miniflare({
    compatibilityDate: '2026-01-01',
    modules: [
      { type: 'ESModule', path: 'worker.js', contents: readFileSync(outfile, 'utf8') },
      { type: 'CompiledWasm', path: 'kernels.wasm', contents: readFileSync(join(installed, 'kernels.wasm')) },
    ],
  });
  try {
    const answer = await miniflare.dispatchFetch('http://worker/', { method: 'POST', body: model });
    expect(await answer.json()).toEqual([1, 1, 28, 28]);
  } finally {
    await miniflare.dispose();
  }
});

test('a page can import it: no file of it names a module that a browser has not', () => {
  for (const file of ['engine.js', 'core.js']) {
    const text = readFileSync(join(installed, file), 'utf8');
    for (const [, target] of text.matchAll(/\bfrom\s*["']([^"']+)["']/g)) expect(target).toMatch(/^\.\//);
    expect(text).not.toMatch(/\bprocess\.|\brequire\(/);
  }
});

test('npm packs all of it, below 54 kB, without dependencies', () => {
  const [packed] = JSON.parse(
    execFileSync('npm', ['pack', '--dry-run', '--json'], { cwd: installed, encoding: 'utf8', stdio: 'pipe' }),
  );
  const files = packed.files.map(({ path }: { path: string }) => path).sort();
  expect(files).toEqual(
    [
      'LICENSE',
      'README.md',
      'core.js',
      'engine.d.ts',
      'engine.js',
      'kernels.wasm',
      'package.json',
      'workerd.js',
    ].sort(),
  );
  expect(packed.size).toBeLessThan(54_000);
});
