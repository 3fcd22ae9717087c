// What a kill leaves of a package that is being written: the old one or the new one, at whichever step it falls.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Files, holdsSame, writePackage } from '../../export/folder.ts';
import { fileCards } from '../../export/package.ts';
import { readCards } from '../../export/publish.ts';
import type { ModelCard } from '../../models/card.ts';
import { nameOf } from '../../models/model-id.ts';

const root = mkdtempSync(join(tmpdir(), 'dreamlet-killed-'));
afterAll(() => rmSync(root, { recursive: true }));

/** Does `work` on files, and kills itself at call number `at` that changes one, with half of a file written. */
const script = (work: string) => `
  import fs, { readFileSync } from 'node:fs';
  import { syncBuiltinESMExports } from 'node:module';
  import { replaceFile, writePackage } from './export/folder.ts';
  const [, , folder, at] = process.argv;
  let calls = 0;
  for (const name of ['mkdirSync', 'writeFileSync', 'renameSync', 'rmSync']) {
    const real = fs[name];
    fs[name] = (path, ...rest) => {
      if (String(calls++) === at) {
        if (name === 'writeFileSync') real(path, rest[0].slice(0, rest[0].length / 2));
        process.kill(process.pid, 'SIGKILL');
        for (;;);
      }
      return real(path, ...rest);
    };
  }
  syncBuiltinESMExports();
  const { files, ...cards } = JSON.parse(readFileSync(folder + '.json', 'utf8'));
  const bytes = Object.fromEntries(Object.entries(files).map(([name, text]) => [name, Buffer.from(text, 'base64')]));
  ${work}
  console.log(calls);`;

async function bundle(name: string, work: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: script(work), resolveDir: process.cwd() },
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
  });
  writeFileSync(join(root, name), outputFiles[0]!.text);
  return join(root, name);
}

const SOURCE = 'models/glyphs-vae@1';
const source: ModelCard = JSON.parse(readFileSync(join(SOURCE, 'model.json'), 'utf8'));
const files: Files = Object.fromEntries(
  source.files.map(({ name }) => [name, readFileSync(join(SOURCE, name))] as const),
);
const toText = (some: Files) =>
  Object.fromEntries(
    Object.entries(some).map(([name, bytes]) => [name, Buffer.from(bytes).toString('base64')]),
  );

/** Runs `file` on `folder`, killed at each of its steps in turn, until it comes to its end. */
async function killedAtEach(
  file: string,
  folderOf: (at: number) => string,
  input: object,
  look: (at: number) => Promise<void>,
): Promise<number> {
  for (let at = 0; ; at++) {
    const folder = folderOf(at);
    writeFileSync(`${folder}.json`, JSON.stringify(input));
    const { signal, stdout, stderr } = spawnSync(process.execPath, [file, folder, String(at)]);
    if (signal === null) {
      expect([String(stderr), Number(stdout)]).toEqual(['', at]);
      return at;
    }
    expect(signal).toBe('SIGKILL');
    await look(at);
  }
}

let writer: string;
let replacer: string;
beforeAll(async () => {
  writer = await bundle('write.mjs', "writePackage(folder, 'glyphs-vae@2', bytes, cards.card);");
  replacer = await bundle(
    'replace.mjs',
    "replaceFile(folder, 'encoded.json', bytes['encoded.json'], cards);",
  );
});

test('of a new version beside an old one: all or nothing, and the next export clears up', async () => {
  const card = { ...source, version: 2 };
  const out = (at: number) => join(root, `out-${at}`);
  const makeOut = (at: number) => {
    mkdirSync(out(at));
    cpSync(SOURCE, join(out(at), 'glyphs-vae@1'), { recursive: true });
    return out(at);
  };
  let whole = 0;
  const steps = await killedAtEach(writer, makeOut, { files: toText(files), card }, async (at) => {
    const names = (await readCards(out(at))).map(nameOf);
    expect(names).toEqual(names.length === 1 ? ['glyphs-vae@1'] : ['glyphs-vae@1', 'glyphs-vae@2']);
    whole += names.length - 1;
    if (names.length === 1) writePackage(out(at), 'glyphs-vae@2', files, card);
    expect(readdirSync(out(at)).toSorted()).toEqual(['glyphs-vae@1', 'glyphs-vae@2']);
    expect(holdsSame(join(out(at), 'glyphs-vae@2'), files)).toBe(true);
  });
  // For each file a folder, the file and its name; before them the folder of all, after them the package's name.
  expect([steps, whole]).toEqual([2 + 3 * (Object.keys(files).length + 1), 0]);
});

test('of a file that a package is given anew: the package is served at each step', async () => {
  const other = Buffer.concat([files['encoded.json']!, Buffer.from('\n')]);
  const { encoded: _, ...rest } = source;
  const without = { ...rest, files: source.files.filter(({ name }) => name !== 'encoded.json') };
  const next = { ...source, files: fileCards({ ...files, 'encoded.json': other }) };
  const folder = (at: number) => join(root, `replace-${at}`, 'glyphs-vae@1');
  const makeFolder = (at: number) => {
    cpSync(SOURCE, folder(at), { recursive: true });
    return folder(at);
  };
  const seen: (number | undefined)[] = [];
  const input = { files: toText({ 'encoded.json': other }), without, next };
  await killedAtEach(replacer, makeFolder, input, async (at) => {
    rmSync(`${folder(at)}.json`);
    const [card] = await readCards(join(folder(at), '..'));
    seen.push(card!.encoded && card!.files.find(({ name }) => name === 'encoded.json')!.bytes);
  });
  const old = files['encoded.json']!.length;
  expect(seen).toEqual([old, old, old, ...Array(6).fill(undefined)]);
});
