// What kills, full disks and two trainings at once leave of a run folder.
import { execFile, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeAtomically, writing } from '../../train/io/files.ts';
import { lockRun } from '../../train/run/lock.ts';
import { appendMetrics, createRun, isRun, type RunRecord, trimMetrics } from '../../train/run/run-folder.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dreamlet-run-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const file = (name: string) => join(folder, name);

test('a folder is one process’s at a time, and a killed one’s is free', () => {
  const unlock = lockRun(folder);
  writeFileSync(file('lock'), '1');
  expect(() => lockRun(folder)).toThrow(
    `${folder}: process 1 is training it; if it is not, delete ${file('lock')}`,
  );
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  writeFileSync(file('lock'), String(pid));
  lockRun(folder);
  expect(readFileSync(file('lock'), 'utf8')).toBe(String(process.pid));
  unlock();
  expect(existsSync(file('lock'))).toBe(false);
});

/** The lock as JavaScript that a process can run by itself. */
async function lockScript(): Promise<string> {
  const { outputFiles } = await build({
    stdin: {
      contents: `import { lockRun } from './train/run/lock.ts';
        const [folder, start] = process.argv.slice(2);
        while (Date.now() < Number(start));
        try { lockRun(folder); console.log('has it'); setTimeout(() => {}, 1000); }
        catch (error) { console.log(error.message); }`,
      resolveDir: process.cwd(),
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
  });
  writeFileSync(file('lock.mjs'), outputFiles[0]!.text);
  return file('lock.mjs');
}

test('of many that take what a killed one left, at once, one has it', async () => {
  const script = await lockScript();
  const run = file('run');
  mkdirSync(run);
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  writeFileSync(join(run, 'lock'), String(pid));
  const start = String(Date.now() + 700);
  const said = await Promise.all(
    Array.from(
      { length: 6 },
      () =>
        new Promise<string>((done) =>
          execFile(process.execPath, [script, run, start], (_, out) => done(out.trim())),
        ),
    ),
  );
  expect(said.filter((line) => line === 'has it')).toHaveLength(1);
  for (const line of said)
    expect(line).toMatch(/^has it$|: process \d+ is training it; if it is not, delete /);
});

test('a lock whose process is still being written is held', async () => {
  writeFileSync(file('lock'), '');
  const naming = spawn('sh', ['-c', 'sleep 0.05; printf 1 > "$0"', file('lock')]);
  expect(() => lockRun(folder)).toThrow('process 1 is training it');
  await new Promise((done) => naming.on('exit', done));
  // Killed before it was: nobody's.
  writeFileSync(file('lock'), '');
  lockRun(folder)();
});

test('who gives back takes no other’s lock away', () => {
  const unlock = lockRun(folder);
  writeFileSync(file('lock'), '1');
  unlock();
  expect(readFileSync(file('lock'), 'utf8')).toBe('1');
});

test('what was half-written goes at the next start, and nothing else', () => {
  mkdirSync(file('samples'));
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  const names = [
    `last.safetensors.${pid}.tmp`,
    `samples/epoch-001.png.${pid}.tmp`,
    'last.safetensors',
    'notes.tmp',
    // Of a process that lives, which may be about to rename it.
    'lock.1.tmp',
  ];
  for (const name of names) writeFileSync(file(name), 'x');
  lockRun(folder)();
  expect(names.map((name) => existsSync(file(name)))).toEqual([false, false, true, true, true]);
});

test('a folder that a kill left without its recipe can begin', () => {
  const run = file('run');
  mkdirSync(run);
  writeFileSync(join(run, 'recipe.json.9.tmp'), '{');
  expect(isRun(run)).toBe(false);
  createRun(run, { recipe: 'quick' } as RunRecord);
  expect(isRun(run)).toBe(true);
  expect(() => createRun(run, { recipe: 'quick' } as RunRecord)).toThrow(/exists; continue it with --resume/);
});

test('metrics have one line for each epoch of the checkpoint, wherever the kill came', () => {
  for (const epoch of [1, 2, 3]) appendMetrics(folder, { epoch });
  writeFileSync(file('metrics.jsonl'), '{"epoch":4,"tr', { flag: 'a' });
  trimMetrics(folder, 2);
  expect(readFileSync(file('metrics.jsonl'), 'utf8')).toBe('{"epoch":1}\n{"epoch":2}\n');
});

test('a disk that refuses is named with the file, and the old file stays', () => {
  // A folder in the place of the file: renaming onto it fails.
  mkdirSync(join(file('taken'), 'inside'), { recursive: true });
  expect(() => writeAtomically(file('taken'), 'new')).toThrow(`${file('taken')} cannot be written: `);
  expect(existsSync(`${file('taken')}.${process.pid}.tmp`)).toBe(false);
});

test('a full disk says so', () => {
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  const write = () => {
    throw full;
  };
  expect(() => writing(file('last.safetensors'), write)).toThrow(
    `${file('last.safetensors')} cannot be written: the disk is full`,
  );
});
