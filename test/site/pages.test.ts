// The pages that the worker makes, in a browser: the reference sends what its forms say, models have pages, nothing is
// refused by its own policy.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSite } from './start-site.ts';

let site: Awaited<ReturnType<typeof startSite>>;
beforeAll(async () => {
  site = await startSite();
});
afterAll(() => site?.stop());

test('the reference tries a picture, and a picture that is posted, and shows what a fault is', async () => {
  const { page, wrong } = await site.openAt('/docs', { viewport: { width: 1280, height: 900 } });
  const form = (path: string) => page.locator(`form[data-path="${path}"]`);
  await form('/generate').locator('input[name="seed"]').fill('a & b');
  await form('/generate').locator('button').click();
  const picture = form('/generate').locator('.answer img');
  await picture.waitFor();
  await expect
    .poll(() => picture.evaluate((image: HTMLImageElement) => [image.naturalWidth, image.naturalHeight]))
    .toEqual([224, 224]);
  expect(await form('/generate').locator('output').textContent()).toMatch(
    /^GET \/generate\?seed=a\+%26\+b&n=16&columns=4&scale=2&model=mnist-vae@\d+: 200, \d+ ms$/,
  );
  await form('/encode').locator('button').click();
  await expect.poll(() => form('/encode').locator('.answer').textContent()).toContain('"model": "mnist-vae"');
  await form('/decode').locator('button').click();
  await form('/decode').locator('.answer img').waitFor();
  expect(wrong).toEqual([]);
  await form('/anomaly').locator('input[name="rate"]').fill('7');
  await form('/anomaly').locator('button').click();
  await expect
    .poll(() => form('/anomaly').locator('.answer').textContent())
    .toContain('must be a number from 0 to 0.5');
  // The contents lead to where they say.
  await page.click('nav[aria-label="Contents"] >> text=/manifold');
  const top = await page.locator('#get-manifold-file').evaluate((one) => one.getBoundingClientRect().top);
  expect(top).toBeGreaterThan(0);
  expect(top).toBeLessThan(200);
  await page.context().close();
});

test.each([
  [1280, 'light'],
  [390, 'dark'],
] as const)('pages of models fit %s pixels, in the dress of the site', async (width, colorScheme) => {
  const { page, wrong } = await site.openAt('/models', { viewport: { width, height: 900 }, colorScheme });
  await page.click('text=mnist-cvae@1');
  expect(await page.locator('h1').textContent()).toBe('MNIST handwritten digits, conditional VAE');
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  expect(await page.locator('body').evaluate((body) => getComputedStyle(body).backgroundColor)).toBe(
    colorScheme === 'light' ? 'rgb(250, 247, 241)' : 'rgb(18, 18, 26)',
  );
  const broken = () =>
    page
      .locator('img:not([loading])')
      .evaluateAll((all) => (all as HTMLImageElement[]).filter((one) => one.naturalWidth === 0).length);
  await expect.poll(broken).toBe(0);
  await page.click('text=Play with it');
  await expect.poll(() => page.locator('#model-page').textContent()).toBe('mnist-cvae@1');
  await page.click('#model-page a');
  expect(new URL(page.url()).pathname).toBe('/models/mnist-cvae@1');
  expect(await page.locator('h2').allTextContents()).toContain('Figures');
  for (const path of ['/docs', '/models']) {
    await page.goto(`${site.origin}${path}`);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  }
  expect(wrong).toEqual([]);
  await page.context().close();
});
