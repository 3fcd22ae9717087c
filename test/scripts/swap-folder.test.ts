import { spawn } from 'node:child_process';
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { swapFolder } from '../../scripts/swap-folder.ts';

const room = mkdtempSync(join(tmpdir(), 'dreamlet-swap-'));
afterAll(() => rmSync(room, { recursive: true }));

const make = (name: string, text: string) => {
  mkdirSync(join(room, name));
  writeFileSync(join(room, name, 'a.txt'), text);
  return join(room, name);
};

/** Reads `path` until it is told to stop, in a process of its own; gives how often, and what went wrong. */
const READER = `
  const { readFileSync } = require('node:fs');
  let reads = 0; const wrong = new Set();
  process.stdin.on('data', () => { console.log(JSON.stringify({ reads, wrong: [...wrong] })); process.exit(0); });
  console.log('ready');
  (function read() {
    for (let i = 0; i < 50; i++) { reads++; try { if (!readFileSync(process.argv[1], 'utf8')) wrong.add('empty'); } catch (error) { wrong.add(error.code); } }
    setImmediate(read);
  })();`;

test('who reads meanwhile never lacks a file, and all but the last of the old ones are gone', async () => {
  const folder = join(room, 'dist');
  // What it was at first is a folder, not a link.
  make('dist', 'zero');
  swapFolder(make('dist.1-0', '0'), folder);
  const reader = spawn(process.execPath, ['-e', READER, join(folder, 'a.txt')]);
  let said = '';
  reader.stdout.on('data', (part: Buffer) => {
    said += part;
  });
  while (!said.includes('ready')) await new Promise((done) => setTimeout(done, 5));
  for (let i = 1; i <= 40; i++) {
    swapFolder(make(`dist.1-${i}`, String(i)), folder);
    await new Promise((done) => setTimeout(done, 20));
  }
  reader.stdin.write('stop');
  await new Promise((done) => reader.on('close', done));
  const { reads, wrong } = JSON.parse(said.split('\n')[1]!);
  expect(reads).toBeGreaterThan(50);
  expect(wrong).toEqual([]);
  expect(readFileSync(join(folder, 'a.txt'), 'utf8')).toBe('40');
  expect(lstatSync(folder).isSymbolicLink()).toBe(true);
  expect(readdirSync(room).toSorted()).toEqual(['dist', 'dist.1-39', 'dist.1-40']);
});
