// Models that take a label, on the page: the picker, what follows it, what a drawing is taken for, and its sliders.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClient, pixelsOf } from '../../client/index.ts';
import { drawnClass } from '../../core/sampling/label.ts';
import { picture, startSite, until } from './start-site.ts';

let site: Awaited<ReturnType<typeof startSite>>;
beforeAll(async () => {
  site = await startSite();
});
afterAll(() => site?.stop());

test('the picker is there for models that take a label, and everything follows it', async () => {
  const { page, wrong } = await site.open();
  const picker = page.locator('#label-control');
  const caption = () => page.locator('#sample-caption').textContent();
  expect([await picker.isVisible(), await page.locator('#directions').isVisible()]).toEqual([false, false]);
  const unconditional = await picture(page, 'sample');
  await page.selectOption('#model', { label: 'mnist-cvae@1' });
  const drawn = await until(() => picture(page, 'sample'), unconditional);
  expect(await picker.isVisible()).toBe(true);
  const digit = drawnClass('anna', 0, 10);
  expect(await caption()).toBe(`mnist-cvae@1, seed “anna”, as ${digit}`);
  const other = String((digit + 1) % 10);
  await page.selectOption('#label', { label: other });
  const asked = await until(() => picture(page, 'sample'), drawn);
  expect(await caption()).toBe(`mnist-cvae@1, seed “anna”, as ${other}`);
  expect(await page.locator('#snippets pre').first().textContent()).toContain(`label=${other}`);
  // The digit that the seed draws, asked for, is the picture of the seed.
  await page.selectOption('#label', { label: String(digit) });
  expect(await until(() => picture(page, 'sample'), asked)).toBe(drawn);
  await page.locator('#path-position').focus();
  await page.keyboard.press('Home');
  await expect.poll(() => picture(page, 'path-picture')).toBe(drawn);
  await page.selectOption('#model', { label: 'mnist-vae@1' });
  expect(await until(() => picture(page, 'sample'), drawn)).toBe(unconditional);
  expect([await picker.isVisible(), wrong]).toEqual([false, []]);
  await page.context().close();
});

test('a drawing is taken for the digit it looks like, and edited; on this device as on the edge', async () => {
  const { page, wrong } = await site.open();
  await page.selectOption('#model', { label: 'mnist-cvae@1' });
  const caption = () => page.locator('#rebuilt-caption').textContent();
  await expect.poll(caption).toMatch(/^its own, as \d$/);
  const said = await caption();
  const onEdge = await picture(page, 'rebuilt');
  await page.click('text=this device');
  await page.waitForFunction(() => document.documentElement.dataset.runsOn === 'simd', null, {
    timeout: 30_000,
  });
  const slider = page.locator('#directions').getByLabel('Thickness');
  await slider.fill('2');
  const thick = await until(() => picture(page, 'rebuilt'), onEdge);
  await slider.fill('0');
  expect(await until(() => picture(page, 'rebuilt'), thick)).toBe(onEdge);
  expect(await caption()).toBe(said);
  await page.selectOption('#label', { label: '4' });
  await expect.poll(caption).toBe('its own, as 4');
  expect(wrong).toEqual([]);
  await page.context().close();
});

test('a generator stands beside a model that learned the same data otherwise, on the same seeds and classes', async () => {
  const { page, wrong } = await site.open({}, '/?model=mnist-cgan@1&seed=anna&label=7&scaling=pixels');
  await page.waitForSelector('#beside-other:not(.shimmer)');
  expect(await page.locator('#beside-note a').allTextContents()).toEqual([
    'mnist-cgan@1',
    'mnist-cvae@1',
    'the training images nearest to what they draw',
    'how their training went',
  ]);
  const [own, other] = [await picture(page, 'beside-own'), await picture(page, 'beside-other')];
  expect(own).not.toBe(other);
  // Its first picture is that of the address, in either model.
  const corner = (id: string) =>
    page.locator(id).evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, 28, 28);
      return Array.from(data.filter((_, i) => i % 4 === 0));
    });
  const client = createClient(site.origin);
  for (const [id, model] of [
    ['#beside-own', 'mnist-cgan@1'],
    ['#beside-other', 'mnist-cvae@1'],
  ] as const) {
    const { images } = await client.generate({ model, seed: 'anna', label: '7' });
    expect(await corner(id)).toEqual([...pixelsOf(images[0]!)]);
  }
  await page.selectOption('#beside', 'mnist-vae@2');
  await until(() => picture(page, 'beside-other'), other);
  expect(await page.locator('#beside-other-caption').textContent()).toBe('mnist-vae@2');
  expect(new URL(page.url()).searchParams.get('beside')).toBe('mnist-vae@2');
  await page.selectOption('#model', { label: 'frey-vae@1' });
  await page.locator('#beside-section').waitFor({ state: 'hidden' });
  expect(wrong).toEqual([]);
  await page.context().close();
});
