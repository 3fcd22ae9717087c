// What the page keeps and says: its state in its address, what one does with a picture, a wall that rests, the engine.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { picture, startSite, until } from './start-site.ts';

/** Where the machine is busy. */
const SOON = { timeout: 10_000 };

let site: Awaited<ReturnType<typeof startSite>>;
beforeAll(async () => {
  site = await startSite();
});
afterAll(() => site?.stop());

test('the address says what the page shows; back and forward, and a shared link', async () => {
  const { page } = await site.open();
  const anna = await picture(page, 'sample');
  await page.fill('#seed', 'zebra & co');
  const zebra = await until(() => picture(page, 'sample'), anna);
  await page.selectOption('#model', { label: 'mnist-cvae@1' });
  await until(() => picture(page, 'sample'), zebra);
  await page.selectOption('#label', { label: '4' });
  await page.fill('#to', 'mia');
  const query = () => Object.fromEntries(new URL(page.url()).searchParams);
  const end = { model: 'mnist-cvae@1', seed: 'zebra & co', label: '4', scaling: 'pixels', to: 'mia' };
  await expect.poll(query, SOON).toEqual(end);
  for (let i = 0; i < 3; i++) await page.goBack();
  await expect.poll(() => picture(page, 'sample'), SOON).toBe(zebra);
  expect([await page.inputValue('#seed'), query().model]).toEqual(['zebra & co', 'mnist-vae@1']);
  await page.goBack();
  await expect.poll(() => picture(page, 'sample'), SOON).toBe(anna);
  for (let i = 0; i < 4; i++) await page.goForward();
  await expect.poll(query, SOON).toEqual(end);
  await expect
    .poll(() => page.locator('#sample-caption').textContent())
    .toBe('mnist-cvae@1, seed “zebra & co”, as 4');
  const four = await picture(page, 'sample');
  const { page: other, wrong } = await site.open({}, page.url().slice(site.origin.length));
  expect(await picture(other, 'sample')).toBe(four);
  expect([await other.inputValue('#seed'), await other.inputValue('#to'), wrong]).toEqual([
    'zebra & co',
    'mia',
    [],
  ]);
  await other.context().close();
  await page.context().close();
});

test('the page opens on the seed and the class that show the best there is', async () => {
  const { page, wrong } = await site.openAt('/');
  await expect
    .poll(() => page.locator('#sample-caption').textContent())
    .toBe('emoji-cgan@2, seed “dream”, as Smileys & Emotion');
  expect(await page.inputValue('#seed')).toBe('dream');
  expect(await page.locator('#label option:checked').textContent()).toBe('Smileys & Emotion');
  expect(wrong).toEqual([]);
  await page.context().close();
});

test('the engine that the address asks for stays in it', async () => {
  const { page } = await site.open({}, '/?model=mnist-vae@1&engine=ort');
  await page.fill('#seed', 'otto');
  await expect.poll(() => new URL(page.url()).search).toBe('?model=mnist-vae%401&seed=otto&engine=ort');
  await page.context().close();
});

test('an address of a model that is not here is said, and its nonsense passed over', async () => {
  const { page } = await site.open({}, '/?model=nobody&temperature=9&colormap=puce&utm_source=x#embed');
  expect(await page.locator('#toast').textContent()).toContain('there is no model ‘nobody’ here');
  expect(await page.locator('#temperature').inputValue()).not.toBe('9');
  await page.context().close();
});

test('what one does with the picture: copy its address, download it, share the page', async () => {
  const { page } = await site.open({ permissions: ['clipboard-read', 'clipboard-write'] });
  const address = `${site.origin}/generate/mnist-vae@1.png?seed=anna&scale=16`;
  const copied = () => page.evaluate(() => navigator.clipboard.readText());
  await page.click('#copy-address');
  await expect.poll(() => page.locator('#shared').textContent()).toBe('The address is copied.');
  expect(await copied()).toBe(address);
  expect(await page.locator('#download').getAttribute('href')).toBe(address);
  await page.evaluate(() => Object.defineProperty(navigator, 'share', { value: undefined }));
  await page.click('#share');
  await expect.poll(copied).toBe(page.url());
  await page.context().close();
});

test('a wall rests when it is told to, and with reduced motion until it is woken', async () => {
  const { page } = await site.open();
  const seeds = () =>
    page.locator('#wall button').evaluateAll((all) => all.map((b) => b.getAttribute('aria-label')).join());
  expect(await page.locator('#pause').textContent()).toBe('Let it drift');
  await page.click('#pause');
  await until(seeds, await seeds());
  await page.click('#pause');
  // A tile that was on its way may still arrive.
  await page.waitForTimeout(600);
  const still = await seeds();
  await page.waitForTimeout(2000);
  expect(await seeds()).toBe(still);
  await page.context().close();
});

test('the switch to this device says engine and time, and moves nothing', async () => {
  const { page } = await site.open({ viewport: { width: 1280, height: 800 } });
  const top = () => page.locator('#title').evaluate((title) => title.getBoundingClientRect().top + scrollY);
  const before = await top();
  await expect
    .poll(() => page.locator('#meter').textContent())
    .toMatch(/^edge, with the way: [\d.]+ ms a picture$/);
  await page.click('text=this device');
  await expect
    .poll(() => page.locator('#meter').textContent(), { timeout: 30_000 })
    .toMatch(/^here, by dreamlet’s engine: [\d.]+ ms a picture$/);
  expect(await top()).toBe(before);
  await page.context().close();
});
