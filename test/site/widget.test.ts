// <dream-image> on pages of others: however its script is loaded, and whatever the page forbids.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openElsewhere } from './elsewhere-page.ts';
import { startSite } from './start-site.ts';

let site: Awaited<ReturnType<typeof startSite>>;
let widget: string;
beforeAll(async () => {
  site = await startSite();
  widget = `${site.origin}/widget.js`;
});
afterAll(() => site?.stop());

const ELEMENT = '<dream-image model="mnist-vae@1" seed="anna"></dream-image>';
const READY = 'dream-image[state=ready]';
const ADDRESS = '/generate/mnist-vae@1.png?scale=8&seed=anna&errors=document';

test.each([
  ['classic', (from: string) => `${ELEMENT}<script src="${from}"></script>`],
  ['async', (from: string) => `<script async src="${from}"></script>${ELEMENT}`],
  ['a module', (from: string) => `<script type="module" src="${from}"></script>${ELEMENT}`],
  ['imported', (from: string) => `${ELEMENT}<script type="module">import '${from}';</script>`],
  ['imported later', (from: string) => `${ELEMENT}<script>setTimeout(() => import('${from}'));</script>`],
  [
    'put into the page, beside a widget.js of somebody else',
    (from: string) => `<script src="/widget.js"></script>${ELEMENT}<script>
      document.head.append(Object.assign(document.createElement('script'), { src: '${from}' }));</script>`,
  ],
])('%s, the script knows where it came from', async (_, html) => {
  const files = { '/widget.js': 'document.title = "of somebody else";' };
  const { page, wrong, asked, close } = await openElsewhere(site.browser, html(widget), {}, files);
  await page.locator(READY).waitFor();
  expect(asked.filter((address) => address.includes('/generate'))).toEqual([site.origin + ADDRESS]);
  expect(wrong).toEqual([]);
  await close();
});

test('a page that allows neither markup nor styles of others shows it in the size that it says', async () => {
  const { page, wrong, close } = await openElsewhere(
    site.browser,
    `<link rel="stylesheet" href="/own.css"><script src="${widget}"></script>${ELEMENT}`,
    {
      'Content-Security-Policy': `default-src 'none'; script-src ${site.origin}; img-src ${site.origin}; style-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'`,
    },
    { '/own.css': 'dream-image { width: 100px; border-radius: 50% }' },
  );
  const element = page.locator(READY);
  await element.waitFor();
  const box = await element.locator('img').boundingBox();
  expect([box?.width, box?.height]).toEqual([100, 100]);
  const rendering = element.locator('img').evaluate((img) => getComputedStyle(img).imageRendering);
  expect(await rendering).toBe('pixelated');
  expect(wrong).toEqual([]);
  await close();
});

test('its attributes are watched together; its events and its state say how it went', async () => {
  const html = `<script src="${widget}"></script><dream-image seed="anna"></dream-image>`;
  const { page, asked, close } = await openElsewhere(site.browser, html);
  await page.locator(READY).waitFor();
  const pictures = () => asked.filter((address) => address.includes('/generate'));
  expect(pictures()).toEqual([`${site.origin}/generate?scale=8&seed=anna&errors=document&format=png`]);

  /** Sets attributes, and waits for an event of the element. */
  const change = (attributes: Record<string, string>) =>
    page.evaluate((values) => {
      const element = document.querySelector('dream-image')!;
      const ended = new Promise<string>((done) => {
        for (const type of ['load', 'error'])
          element.addEventListener(type, () => done(type), { once: true });
      });
      for (const [name, value] of Object.entries(values)) element.setAttribute(name, value);
      return ended;
    }, attributes);
  const image = page.locator('dream-image img');
  const before = pictures().length;
  expect(await change({ model: 'mnist-vae@1', seed: 'otto', n: '4', scale: '2' })).toBe('load');
  expect(pictures().slice(before)).toEqual([
    `${site.origin}/generate/mnist-vae@1.png?scale=2&seed=otto&n=4&errors=document`,
  ]);
  await page.evaluate(() => document.querySelector('dream-image')!.setAttribute('alt', 'four digits'));
  await expect.poll(() => image.getAttribute('alt')).toBe('four digits');
  expect(pictures()).toHaveLength(before + 1);

  expect(await change({ model: 'nobody' })).toBe('error');
  await page.locator('dream-image[state=error]').waitFor();
  // The words of the service, as a picture.
  await expect.poll(() => image.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(456);
  expect(await page.locator('dream-image').getAttribute('state')).toBe('error');
  expect(await change({ model: 'mnist-vae' })).toBe('load');
  expect(await page.locator('dream-image').getAttribute('state')).toBe('ready');
  await close();
});

test('with loading=lazy it is fetched when it comes into view', async () => {
  const html = `<script src="${widget}"></script><p style="height: 9000px"></p><dream-image loading="lazy" seed="anna"></dream-image>`;
  const { page, asked, close } = await openElsewhere(site.browser, html);
  const pictures = () => asked.filter((address) => address.includes('/generate'));
  await page.locator('dream-image[state=loading]').waitFor({ state: 'attached' });
  await page.waitForLoadState('networkidle');
  expect(pictures()).toEqual([]);
  await page.locator('dream-image').scrollIntoViewIfNeeded();
  await page.locator(READY).waitFor();
  expect(pictures()).toHaveLength(1);
  await close();
});
