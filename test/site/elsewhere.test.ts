// Where the page does not run alone: on the visitor's device, and on pages of other origins.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../chromium.ts';
import { PLAIN, picture, startSite, until } from './start-site.ts';

let site: Awaited<ReturnType<typeof startSite>>;
beforeAll(async () => {
  site = await startSite();
});
afterAll(() => site?.stop());

test('this device makes the same pictures as the edge, and fetches the engine only when asked', async () => {
  const { page, wrong } = await site.open();
  const runtime: string[] = [];
  page.on('request', (request) => request.url().endsWith('.wasm') && runtime.push(request.url()));
  const onEdge = await picture(page, 'sample');
  expect(runtime).toEqual([]);
  await page.click('text=this device');
  await page.waitForFunction(() => document.documentElement.dataset.runsOn === 'simd', null, {
    timeout: 30_000,
  });
  expect(runtime).toEqual([expect.stringMatching(/\/kernels-[\w-]+\.wasm$/)]);
  await page.fill('#seed', 'otto');
  const otto = await until(() => picture(page, 'sample'), onEdge);
  await page.fill('#seed', 'anna');
  await until(() => picture(page, 'sample'), otto);
  expect(await picture(page, 'sample')).toBe(onEdge);
  expect(wrong).toEqual([]);
  await page.context().close();
});

test('?engine=ort runs the reference on this device, by WebGPU where there is one', async (context) => {
  const software = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader', '--enable-features=Vulkan'];
  const chromium = await launchChromium(...software, '--use-vulkan=swiftshader');
  try {
    const page = await chromium.newPage();
    await page.goto(`${site.origin}${PLAIN}&engine=ort`);
    await page.waitForFunction(() => !document.querySelector('#sample.shimmer'));
    const adapter = await page.evaluate(async () => {
      const { gpu } = navigator as { gpu?: { requestAdapter(): Promise<unknown> } };
      return 'Suspending' in WebAssembly && Boolean(await gpu?.requestAdapter());
    });
    context.skip(!adapter, 'this Chromium has no WebGPU, not even in software');
    const onEdge = await picture(page, 'sample');
    await page.click('text=this device');
    await page.waitForFunction(() => document.documentElement.dataset.runsOn === 'webgpu', null, {
      timeout: 50_000,
    });
    await page.fill('#seed', 'otto');
    const otto = await until(() => picture(page, 'sample'), onEdge);
    await page.fill('#seed', 'anna');
    await until(() => picture(page, 'sample'), otto);
    const difference = await page.evaluate(async (edge) => {
      const image = new Image();
      image.src = edge;
      await image.decode();
      const canvas = new OffscreenCanvas(28, 28).getContext('2d')!;
      canvas.drawImage(image, 0, 0);
      const own = (document.getElementById('sample') as HTMLCanvasElement).getContext('2d')!;
      const [a, b] = [canvas, own].map((c) => c.getImageData(0, 0, 28, 28).data);
      return Math.max(...a!.map((value, i) => Math.abs(value - b![i]!)));
    }, onEdge);
    // The last bit of a sum may fall the other way.
    expect(difference).toBeLessThanOrEqual(1);
  } finally {
    await chromium.close();
  }
});

test('widget, <img>, error picture and <iframe> show on a page of another origin', async () => {
  const html = `<script src="${site.origin}/widget.js"></script><dream-image model="mnist-vae" seed="anna"></dream-image>
    <img crossorigin src="${site.origin}/generate/mnist-vae@1.png?seed=anna&scale=4" alt="">
    <img src="${site.origin}/generate/nobody.png?seed=anna" alt="">
    <iframe src="${site.origin}/embed?model=mnist-vae&seed=anna&n=4"></iframe>`;
  const elsewhere = createServer((_, response) => response.setHeader('Content-Type', 'text/html').end(html));
  await new Promise<void>((done) => elsewhere.listen(0, '127.0.0.1', done));
  const context = await site.browser.newContext();
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`);
  const element = page.locator('dream-image[state=ready]');
  await element.waitFor();
  expect(await element.evaluate((e) => e.shadowRoot!.querySelector('img')!.naturalWidth)).toBe(224);
  const widths = (images: HTMLImageElement[]) => images.map(({ naturalWidth }) => naturalWidth);
  expect(await page.locator('img:not(dream-image img)').evaluateAll(widths)).toEqual([112, 456]);
  expect(await page.frameLocator('iframe').locator('img').evaluateAll(widths)).toEqual([448]);
  await context.close();
  elsewhere.close();
});
