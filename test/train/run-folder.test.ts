// What kills, full disks and two trainings at once leave of a run folder.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

test('what was half-written goes at the next start, and nothing else', () => {
  mkdirSync(file('samples'));
  for (const name of [
    'last.safetensors.123.tmp',
    'samples/epoch-001.png.77.tmp',
    'last.safetensors',
    'notes.tmp',
  ])
    writeFileSync(file(name), 'x');
  lockRun(folder)();
  expect(
    ['last.safetensors.123.tmp', 'samples/epoch-001.png.77.tmp', 'last.safetensors', 'notes.tmp'].map(
      (name) => existsSync(file(name)),
    ),
  ).toEqual([false, false, true, true]);
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
