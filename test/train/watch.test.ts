// The page of runs as they learn, and the pictures of their curves.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { curvePanels, curvesSvg } from '../../train/run/curves.ts';
import { curvesPicture } from '../../train/run/curves-picture.ts';
import { answer, createWatchServer } from '../../train/watch/server.ts';
import { beginGlyphsRun } from './glyphs-run.ts';

const root = mkdtempSync(join(tmpdir(), 'dreamlet-watch-'));
afterAll(() => rmSync(root, { recursive: true }));

const metrics = [1, 2, 3].map((epoch) => ({
  epoch,
  train: { loss: 10 - epoch, elbo: epoch - 10 },
  validation: { elbo: epoch - 9.5 },
}));

function begin(name: string): void {
  beginGlyphsRun(join(root, name));
  writeFileSync(join(root, name, 'samples/epoch-003.png'), 'a picture');
  // The last line is being written.
  const lines = metrics.map((one) => `${JSON.stringify(one)}\n`).join('');
  writeFileSync(join(root, name, 'metrics.jsonl'), `${lines}{"epoch":4,"tr`);
}
begin('one');
begin('two');
mkdirSync(join(root, 'empty'));
writeFileSync(join(root, 'secret.png'), 'not for the page');

const get = (address: string) => answer(address, root);

test('a figure has one panel, with training and validation in it', () => {
  const panels = curvePanels([{ name: 'one', metrics }]);
  expect(panels.map(({ title, series }) => [title, series.map(({ split }) => split)])).toEqual([
    ['loss', ['train']],
    ['elbo', ['train', 'validation']],
  ]);
  expect(panels[1]!.series[1]!.points).toEqual([
    [1, -8.5],
    [2, -7.5],
    [3, -6.5],
  ]);
  const both = curvePanels([
    { name: 'one', metrics },
    { name: 'two', metrics },
  ]);
  expect(both[0]!.series.map(({ subject, colour }) => [subject, colour])).toEqual([
    ['one', 0],
    ['two', 1],
  ]);
});

test('the curve is where its axes say, in the picture as in the SVG', () => {
  const runs = [{ name: 'one', metrics }];
  expect(curvesSvg(runs)).toContain(
    '<text x="52" y="14" font-weight="600" fill="#1f2328"><tspan>loss</tspan>',
  );
  const { width, height, channels, pixels } = curvesPicture(runs);
  expect([width, height, channels]).toEqual([864, 248, 3]);
  const at = (x: number, y: number) => [...pixels.subarray(3 * (y * width + x), 3 * (y * width + x) + 3)];
  // loss 9 at epoch 1: below the top by the margin above 9, of 12 in 128 parts of the range 2 · 1.28.
  const y = 40 + 26 + Math.round((196 - 26 - 28) * (0.12 / 1.28));
  expect(at(12 + 52, y)).toEqual([0x0b, 0x63, 0xc5]);
  expect(at(12 + 52, y + 40)).toEqual([255, 255, 255]);
});

test('runs are listed with where they stand', () => {
  const runs = JSON.parse(String(get('/runs')!.body)) as { name: string }[];
  expect(runs.find(({ name }) => name === 'one')).toEqual({
    name: 'one',
    recipe: 'glyphs-vae',
    dataset: 'glyphs',
    epochs: 30,
    epoch: 3,
    finished: false,
    validation: { elbo: -6.5 },
    sheets: { samples: ['epoch-003.png'] },
  });
  expect(runs.map(({ name }) => name).toSorted()).toEqual(['one', 'two']);
});

test('sheets and curves are there, of two runs at once too, and nothing else is', () => {
  expect(String(get('/')!.body)).toContain('<title>Runs as they learn</title>');
  expect(String(get('/sheets/one/samples/epoch-003.png')!.body)).toBe('a picture');
  expect(get('/curves.svg?run=one&run=two')!.body).toContain('one and two, by epoch');
  for (const address of [
    '/curves.svg?run=nobody',
    '/curves.svg',
    '/sheets/one/samples/epoch-004.png',
    '/sheets/one/samples/..%2f..%2fsecret.png',
    '/sheets/../samples/epoch-003.png',
    '/sheets/%2e%2e/samples/epoch-003.png',
    '/recipe.json',
  ])
    expect(get(address), address).toBeUndefined();
});

test('only who names this machine is answered', async () => {
  const server = createWatchServer(root);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const statusFor = (host: string) =>
    new Promise<number>((done) =>
      request({ port, host: '127.0.0.1', path: '/runs', headers: { Host: host } }, (response) => {
        response.resume();
        done(response.statusCode!);
      }).end(),
    );
  expect(await statusFor(`localhost:${port}`)).toBe(200);
  expect(await statusFor('elsewhere.example')).toBe(404);
  await new Promise((done) => server.close(done));
});
