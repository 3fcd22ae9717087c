// Encoded test images on a plane: what is under the pointer, its neighbours, the keyboard, the legend, and whose they are.
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ModelCard } from '../../models/card.ts';
import { type Cloud, cloudOf, nearest, SIDE, stepFrom, under } from '../../site/cloud.ts';
import { picture, startSite, until } from './start-site.ts';

let site: Awaited<ReturnType<typeof startSite>>;
beforeAll(async () => {
  site = await startSite();
});
afterAll(() => site?.stop());

const read = (name: string): Cloud => {
  const file = (one: string) => JSON.parse(readFileSync(`models/${name}/${one}`, 'utf8'));
  return cloudOf(file('model.json') as ModelCard as Cloud['card'], file('encoded.json'));
};

test('a cloud fills the picture with one scale, and knows who is near', () => {
  const codes = Buffer.from(Int8Array.of(0, 0, 100, 0, 0, 50, 0, 49)).toString('base64');
  const axes = [
    [1, 0],
    [0, 1],
  ] as [number[], number[]];
  const cloud = cloudOf(read('mnist-vae-2d@1').card, {
    split: '',
    shown: '',
    centre: [0, 0],
    step: [1, 1],
    codes,
    axes,
  });
  // 100 across are the 940 between the margins; up is up.
  expect(cloud.points).toEqual([
    [30, 735],
    [970, 735],
    [30, 265],
    [30, 274.4],
  ]);
  expect([nearest(cloud, 0, 2), under(cloud, 900, SIDE)]).toEqual([[3, 2], 1]);
  expect([stepFrom(cloud, 0, [0, -1]), stepFrom(cloud, 0, [1, 0]), stepFrom(cloud, 0, [-1, 0])]).toEqual([
    3, 1, 0,
  ]);
});

const label = (page: Page) => page.locator('#encoded-caption').textContent();

test('the picture under the pointer is that of its code, with the nearest beside it', async () => {
  const { page, wrong } = await site.open({}, '/?model=mnist-vae@1&scaling=pixels');
  const map = page.locator('#encoded-map');
  await expect.poll(() => map.locator('g circle').count(), { timeout: 20_000 }).toBe(1000);
  expect(await map.locator('g').count()).toBe(10);
  await expect.poll(() => label(page), { timeout: 10_000 }).toMatch(/^test image \d+: \d; nearest/);
  const cloud = read('mnist-vae@1');
  const box = (await map.boundingBox())!;
  const over = async (image: number) => {
    const [x, y] = cloud.points[image]!;
    await page.mouse.move(box.x + (x / SIDE) * box.width, box.y + (y / SIDE) * box.height);
  };
  await over(7);
  await over(3);
  const names = [3, ...nearest(cloud, 3)].map((n) => cloud.labels![n]);
  await expect
    .poll(() => label(page), { timeout: 10_000 })
    .toBe(`test image 3: ${names[0]}; nearest to it: ${names.slice(1).join(', ')}`);
  const decoded = await page.evaluate(async (latent) => {
    const address = '/decode?model=mnist-vae@1';
    const headers = { 'Content-Type': 'application/json', Accept: 'image/png' };
    const init = { method: 'POST', headers, body: JSON.stringify({ latents: [latent] }) };
    const image = await createImageBitmap(await (await fetch(address, init)).blob());
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [image.width, image.height];
    canvas.getContext('2d')!.drawImage(image, 0, 0);
    return canvas.toDataURL();
  }, Array.from(cloud.means[3]!));
  expect(await picture(page, 'encoded-picture')).toBe(decoded);
  // By keyboard to the next one.
  await map.focus();
  await page.keyboard.press('ArrowRight');
  const next = stepFrom(cloud, 3, [1, 0]);
  await expect.poll(() => label(page), { timeout: 10_000 }).toContain(`test image ${next}: `);
  await page.click('#encoded-classes button:has-text("7")');
  expect(await map.locator('g:not(.faded)').count()).toBe(1);
  await page.click('#encoded-classes button:has-text("7")');
  expect(await map.locator('g.faded').count()).toBe(0);
  expect(wrong).toEqual([]);
  await page.context().close();
});

test('a model that encodes nothing shows those of its data set; one that is told the class says so', async () => {
  const { page, wrong } = await site.open({}, '/?model=fashion-cgan@1&scaling=pixels');
  const whose = () => page.locator('#encoded-note a').textContent();
  await expect.poll(whose, { timeout: 20_000 }).toBe('fashion-vae@2');
  const before = await picture(page, 'encoded-picture');
  await page.selectOption('#model', { label: 'mnist-cvae@1' });
  await expect.poll(whose, { timeout: 20_000 }).toBe('mnist-cvae@1');
  await until(() => picture(page, 'encoded-picture'), before);
  expect(await page.locator('#encoded-note').textContent()).toContain('It is told the class of each');
  expect(wrong).toEqual([]);
  await page.context().close();
});
