// Pages that are isolated (COEP), and who may frame what.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openElsewhere } from './elsewhere-page.ts';
import { startSite } from './start-site.ts';

let site: Awaited<ReturnType<typeof startSite>>;
beforeAll(async () => {
  site = await startSite();
});
afterAll(() => site?.stop());

const widths = (images: HTMLImageElement[]) => images.map(({ naturalWidth }) => naturalWidth);

test('an isolated page shows pictures, widget and frame, and may read a model', async () => {
  const html = `<img src="${site.origin}/generate/mnist-vae@1.png?seed=anna&scale=4" alt="">
    <img src="${site.origin}/generate/nobody.png?seed=anna" alt="">
    <script src="${site.origin}/widget.js"></script><dream-image seed="anna"></dream-image>
    <iframe src="${site.origin}/embed?model=mnist-vae&seed=anna"></iframe>`;
  const { page, wrong, close } = await openElsewhere(site.browser, html, {
    'Cross-Origin-Embedder-Policy': 'require-corp',
    'Cross-Origin-Opener-Policy': 'same-origin',
  });
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  await page.locator('dream-image[state=ready]').waitFor();
  expect(await page.locator('img:not(dream-image img)').evaluateAll(widths)).toEqual([112, 456]);
  expect(await page.frameLocator('iframe').locator('img').evaluateAll(widths)).toEqual([224]);
  const bytes = (address: string) =>
    page.evaluate(async (url) => (await (await fetch(url)).arrayBuffer()).byteLength, address);
  expect(await bytes(`${site.origin}/models/mnist-vae@1/decoder.onnx`)).toBeGreaterThan(1000);
  // The picture of an error has its status, which the console repeats.
  expect(wrong.filter((line) => !line.includes('404'))).toEqual([]);
  await close();
});

test('a frame of 224 pixels does not scroll', async () => {
  const html = `<iframe width="224" height="224" style="border:0" src="${site.origin}/embed?seed=anna"></iframe>`;
  const { page, close } = await openElsewhere(site.browser, html);
  const room = await page
    .frameLocator('iframe')
    .locator('html')
    .evaluate(({ scrollHeight, clientHeight, scrollWidth, clientWidth }) => [
      scrollHeight - clientHeight,
      scrollWidth - clientWidth,
    ]);
  expect(room).toEqual([0, 0]);
  await close();
});

test('nobody frames the pages of the site', async () => {
  const frames = ['/', '/results/', '/docs'].map((path) => `<iframe src="${site.origin}${path}"></iframe>`);
  const { page, close } = await openElsewhere(site.browser, frames.join(''));
  const shown = () => page.frames().map((frame) => frame.url());
  await expect.poll(() => shown().slice(1)).toEqual(Array(3).fill('chrome-error://chromewebdata/'));
  await close();
});
