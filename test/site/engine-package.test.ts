// The engine's package in a page without a bundler: a module script and the files as they are packed.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildEngine } from '../../scripts/engine-package.ts';
import { launchChromium } from '../chromium.ts';

const PAGE = `<!doctype html><script type="module">
  import { runUrl } from './engine.js';
  const { mean } = await runUrl('decoder.onnx', { z: { shape: [1, 2], data: new Float32Array(2) } });
  document.title = String(mean.shape);
</script>`;

test('a module script runs an ONNX file by its address', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'dreamlet-page-'));
  await buildEngine(folder);
  const server = createServer(({ url = '/' }, response) => {
    if (url === '/') return response.setHeader('Content-Type', 'text/html').end(PAGE);
    if (url === '/decoder.onnx') return response.end(readFileSync('models/mnist-vae-2d@1/decoder.onnx'));
    if (!/^\/(engine|core)\.js$/.test(url)) return response.writeHead(404).end();
    response.setHeader('Content-Type', 'text/javascript').end(readFileSync(join(folder, url)));
  }).listen(0);
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/`);
    await page.waitForFunction(() => document.title !== '', undefined, { timeout: 20_000 });
    expect(await page.title()).toBe('1,1,28,28');
  } finally {
    await browser.close();
    server.close();
    rmSync(folder, { recursive: true });
  }
});
