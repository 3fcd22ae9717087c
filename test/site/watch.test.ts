// The page of `npm run watch` in a browser: curves, two runs side by side, and epochs as they come.
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodePng } from '../../core/image/png.ts';
import { createWatchServer } from '../../train/watch/server.ts';
import { launchChromium } from '../chromium.ts';
import { beginGlyphsRun } from '../train/glyphs-run.ts';

const SOON = { timeout: 15_000 };
const root = mkdtempSync(join(tmpdir(), 'dreamlet-watch-page-'));
let browser: Browser;
let server: Server;
let origin: string;

/** An epoch as training writes it: its line, and a sheet of one grey. */
function addEpoch(name: string, epoch: number): void {
  const sheet = encodePng({ width: 8, height: 8, channels: 1, pixels: new Uint8Array(64).fill(20 * epoch) });
  writeFileSync(join(root, name, `samples/epoch-00${epoch}.png`), sheet);
  const line = { epoch, train: { loss: 10 - epoch }, validation: { elbo: epoch - 9.5 } };
  appendFileSync(join(root, name, 'metrics.jsonl'), `${JSON.stringify(line)}\n`);
}

beforeAll(async () => {
  for (const name of ['one', 'two']) {
    beginGlyphsRun(join(root, name));
    for (const epoch of [1, 2]) addEpoch(name, epoch);
  }
  server = createWatchServer(root);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  server?.close();
  rmSync(root, { recursive: true });
});

test('curves and samples of two runs stand side by side, and a new epoch comes by itself', async () => {
  const page = await browser.newPage();
  const wrong: string[] = [];
  page.on('console', (message) => message.type() === 'error' && wrong.push(message.text()));
  page.on('pageerror', (error) => wrong.push(error.message));
  await page.goto(`${origin}/?run=one`);
  const curves = page.locator('#curves');
  const curvesWidth = () => curves.evaluate((image: HTMLImageElement) => image.naturalWidth);
  await expect.poll(curvesWidth, SOON).toBeGreaterThan(300);
  expect(await page.locator('#shown h2').allTextContents()).toEqual(['one']);
  const alone = await curvesWidth();
  await page.getByLabel('Run beside it').selectOption('two');
  expect(await page.locator('#shown h2').allTextContents()).toEqual(['one', 'two']);
  expect(new URL(page.url()).search).toBe('?run=one&run=two');
  await expect.poll(() => curves.getAttribute('src'), SOON).toContain('run=one&run=two');
  expect(await curvesWidth()).toBeGreaterThanOrEqual(alone);

  // Who looks at an epoch goes on looking at it; the other run goes on to its newest.
  const said = (run: number) => page.locator('#shown .said').nth(run).textContent();
  const sheet = (run: number) => page.locator('#shown .sheet').nth(run);
  await page.locator('#shown input').nth(1).fill('1');
  addEpoch('one', 3);
  addEpoch('two', 3);
  await expect.poll(() => said(0), SOON).toContain('elbo -6.50');
  expect(await sheet(0).getAttribute('alt')).toBe('samples after epoch 3');
  await expect.poll(() => sheet(0).evaluate((image: HTMLImageElement) => image.naturalWidth), SOON).toBe(8);
  await expect.poll(() => said(1), SOON).toContain('elbo -6.50');
  expect(await sheet(1).getAttribute('alt')).toBe('samples after epoch 1');
  expect(wrong).toEqual([]);

  await new Promise((done) => server.close(done).closeAllConnections());
  await expect.poll(() => page.locator('#state').textContent(), SOON).toContain('does not answer any more');
});
