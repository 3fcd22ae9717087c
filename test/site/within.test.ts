// The page where one request may take 6 ms, as on Cloudflare's free plan: it asks for less at once, and shows all of it.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { operationsIn } from '../../core/budget.ts';
import { startSite } from './start-site.ts';

let site: Awaited<ReturnType<typeof startSite>>;
beforeAll(async () => {
  site = await startSite('models', { maxOperations: operationsIn(6) });
});
afterAll(() => site?.stop());

test.each(['/', '/?model=faces-vae@2&colormap=ember', '/?model=mnist-rows@2'])(
  '%s shows everything',
  async (path) => {
    const { page, wrong } = await site.openAt(path);
    const refused: string[] = [];
    page.on('response', (response) => response.status() >= 400 && refused.push(response.url()));
    await page.waitForFunction(() => document.documentElement.dataset.runsOn === 'edge');
    await page.locator('#wall').scrollIntoViewIfNeeded();
    const shimmering = () => page.locator('canvas.shimmer:visible').count();
    await expect.poll(shimmering, { timeout: 30_000 }).toBe(0);
    expect(await page.locator('#wall canvas').count()).toBe(48);
    const addresses = [
      await page.locator('#download').getAttribute('href'),
      /src="([^"]*)"/
        .exec((await page.locator('#snippets pre').first().textContent())!)![1]!
        .replaceAll('&amp;', '&'),
      await page.locator('meta[property="og:image"]').getAttribute('content'),
    ];
    for (const address of addresses) {
      const response = await page.request.get(address!);
      expect([address, response.status()]).toEqual([address, 200]);
    }
    expect([refused, wrong]).toEqual([[], []]);
    await page.context().close();
  },
);

test.each(['/models', '/models/faces-vae@2', '/models/emoji-cgan@2'])(
  '%s shows every picture',
  async (path) => {
    const { page, wrong } = await site.openAt(path);
    const missing = () =>
      page
        .locator('img')
        .evaluateAll((all) =>
          (all as HTMLImageElement[])
            .filter((one) => !one.complete || one.naturalWidth === 0)
            .map((one) => one.src),
        );
    await expect.poll(missing, { timeout: 20_000 }).toEqual([]);
    expect(wrong).toEqual([]);
    await page.context().close();
  },
);
