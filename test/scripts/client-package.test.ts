// The client as others get it: built, and tried in an empty project, with the snippets of its README, against the app.
import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { publishModels } from '../../export/publish.ts';
import { buildClient } from '../../scripts/client-package.ts';
import { appDocument, clientTypes } from '../../scripts/client-types.ts';
import { serve } from '../site/serve.ts';

const root = mkdtempSync(join(tmpdir(), 'dreamlet-client-'));
const installed = join(root, 'node_modules/dreamlet-client');
let service: Awaited<ReturnType<typeof serve>>;
/** The two snippets of the README, at the service under test and with a picture to ask about. */
let snippets: [string, string];

beforeAll(async () => {
  mkdirSync(join(root, 'dist'));
  await publishModels('models', join(root, 'dist/models'));
  writeFileSync(join(root, 'dist/_headers'), '');
  service = await serve(join(root, 'dist'));
  await buildClient(installed);
  writeFileSync(join(root, 'package.json'), '{ "type": "module" }');
  const readme = readFileSync(join(installed, 'README.md'), 'utf8');
  const [first, second] = [...readme.matchAll(/```js\n([\s\S]*?)```/g)].map(([, code]) => code!);
  const here = first!.replace('https://dreamlet.example.com', service.origin);
  snippets = [
    here.replace('// What', 'const file = new Blob([await (await fetch(address)).arrayBuffer()]);\n// What'),
    `${here.split('\n\n')[0]}\nconst dreamlet = createClient('${service.origin}');\n${second}`,
  ];
});
afterAll(() => {
  service?.server.close();
  rmSync(root, { recursive: true });
});

function write(name: string, text: string): string {
  const path = join(root, name);
  writeFileSync(path, text);
  return path;
}

/** What a script prints. Not synchronous: this process serves it. */
const run = (path: string) =>
  new Promise<string>((done, fail) => {
    execFile(process.execPath, [path], { cwd: root }, (error, out) => (error ? fail(error) : done(out)));
  });

test('its types are those of the app: npm run build:client writes them', async () => {
  for (const [name, text] of Object.entries(clientTypes(await appDocument())))
    expect(readFileSync(join('client', name), 'utf8'), name).toBe(text);
});

test('plain Node runs the snippets of the README', async () => {
  const said = await run(
    write('one.js', `${snippets[0]}\nconsole.log(address, mean.length, verdict, percentile > 0);`),
  );
  expect(said).toBe(`${service.origin}/generate/mnist-vae@1.png?seed=anna&scale=8 50 usual true\n`);
  const failed = await run(write('two.js', snippets[1]));
  expect(failed).toContain('400 n: must be a whole number from 1 to 64');
  expect(failed).toContain("parameter: 'n'");
});

test.each(['bundler', 'nodenext'])(
  'strict TypeScript under %s takes them, and no others',
  (moduleResolution) => {
    write('one.ts', `${snippets[0]}\nexport const all: [string, number[] | undefined] = [verdict, mean];`);
    write('two.ts', snippets[1]);
    write(
      'wrong.ts',
      `${snippets[0]}\n// @ts-expect-error: a colour map that there is not\ndreamlet.generateUrl({ colormap: 'red' });`,
    );
    const compilerOptions = {
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      target: 'es2022',
      lib: ['es2022', 'dom'],
      module: moduleResolution === 'bundler' ? 'esnext' : 'nodenext',
      moduleResolution,
      types: [],
      noEmit: true,
    };
    write('tsconfig.json', JSON.stringify({ compilerOptions, files: ['one.ts', 'two.ts', 'wrong.ts'] }));
    const tsc = resolve('node_modules/typescript/bin/tsc');
    expect(execFileSync(process.execPath, [tsc, '-p', root], { encoding: 'utf8' })).toBe('');
  },
);

test('npm packs all of it, below 15 kB, without dependencies', () => {
  const [packed] = JSON.parse(
    execFileSync('npm', ['pack', '--dry-run', '--json'], { cwd: installed, encoding: 'utf8', stdio: 'pipe' }),
  );
  const declared = ['address', 'error', 'index', 'picture', 'queries', 'routes', 'schemas'];
  expect(packed.files.map(({ path }: { path: string }) => path).toSorted()).toEqual(
    [
      'LICENSE',
      'README.md',
      'index.js',
      'package.json',
      ...declared.map((name) => `${name}.d.ts`),
    ].toSorted(),
  );
  expect(packed.size).toBeLessThan(15_000);
  const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  expect(manifest.dependencies).toBeUndefined();
  expect(readFileSync(join(installed, 'index.js'), 'utf8')).not.toMatch(/\bimport\b|\brequire\(/);
});
