// Faces on the page: sliders move a random face or a picture of the visitor's, as POST /edit does, on the edge and here.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodePng } from '../../core/image/png.ts';
import { picture, startSite, until } from './start-site.ts';

const FACES = '/?model=faces-vae@2&seed=anna&scaling=pixels';

let site: Awaited<ReturnType<typeof startSite>>;
beforeAll(async () => {
  site = await startSite();
});
afterAll(() => site?.stop());

const caption = (page: Page) => page.locator('#face-moved-caption').textContent();

/** What the request of the caption answers, painted like the canvas. */
const asTheApiHasIt = async (page: Page) =>
  page.evaluate(
    async (path) => {
      const response = await fetch(path, { method: 'POST' });
      const bitmap = await createImageBitmap(await response.blob());
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [bitmap.width, bitmap.height];
      canvas.getContext('2d')!.drawImage(bitmap, 0, 0);
      return canvas.toDataURL();
    },
    (await caption(page))!.replace('POST ', ''),
  );

test('a face is moved by every slider, here as on the edge and as POST /edit says, and back', async () => {
  const { page, wrong } = await site.open({}, FACES);
  await page.waitForFunction(() => !document.querySelector('#face-moved.shimmer'));
  const face = await picture(page, 'face');
  // It opens on a change that one sees.
  expect(await caption(page)).toBe(
    'POST /edit?model=faces-vae@2&seed=sofia&temperature=0.7&direction=smile&strength=2',
  );
  const smiling = await picture(page, 'face-moved');
  expect(smiling).not.toBe(face);
  expect(await page.locator('#face').evaluate((c: HTMLCanvasElement) => [c.width, c.height])).toEqual([
    48, 48,
  ]);
  await page.locator('#face-directions').getByLabel('Smile').fill('-1.5');
  const serious = await until(() => picture(page, 'face-moved'), smiling);
  await page.locator('#face-directions').getByLabel('Sadness').fill('2');
  const sad = await until(() => picture(page, 'face-moved'), serious);
  expect(await caption(page)).toBe(
    'POST /edit?model=faces-vae@2&seed=sofia&temperature=0.7&direction=smile,sadness&strength=-1.5,2',
  );
  expect(await asTheApiHasIt(page)).toBe(sad);
  expect(await picture(page, 'face')).toBe(face);
  await page.click('text=this device');
  await page.waitForFunction(() => document.documentElement.dataset.runsOn === 'simd', null, {
    timeout: 30_000,
  });
  await page.click('#face-reset');
  expect(await until(() => picture(page, 'face-moved'), sad)).toBe(face);
  await page.click('#face-new');
  await until(() => picture(page, 'face'), face);
  await page.locator('#face-directions').getByLabel('Surprise').fill('2');
  await expect.poll(() => caption(page)).toContain('direction=surprise&strength=2');
  await expect
    .poll(async () => (await picture(page, 'face-moved')) === (await asTheApiHasIt(page)))
    .toBe(true);
  expect(wrong).toEqual([]);
  await page.context().close();
});

test('a generator without an encoder is pushed by its own sliders, as its class, and has no use for own pictures', async () => {
  const { page, wrong } = await site.open({}, '/?model=mnist-cgan@1&label=7&colormap=gray&scaling=pixels');
  await page.waitForFunction(() => !document.querySelector('#face-moved.shimmer'));
  expect(await page.textContent('#face-title')).toBe('Push a picture one way');
  expect(await page.isVisible('#face-own')).toBe(false);
  const upright = await picture(page, 'face-moved');
  await page.locator('#face-directions').getByLabel('Slant').fill('-3');
  const leaning = await until(() => picture(page, 'face-moved'), upright);
  expect(await caption(page)).toBe(
    'POST /edit?model=mnist-cgan@1&seed=sofia&temperature=0.7&label=7&direction=thickness,slant&strength=2,-3',
  );
  expect(await asTheApiHasIt(page)).toBe(leaning);
  // Another model brings its own sliders, and opens on a change of its own.
  await page.selectOption('#model', 'fashion-cgan@1');
  await expect.poll(() => caption(page)).toContain('model=fashion-cgan@1');
  expect(await caption(page)).toContain('&direction=brightness&strength=2');
  expect(await page.locator('#face-directions label').allInnerTexts()).toEqual([
    expect.stringContaining('Brightness'),
    expect.stringContaining('Width'),
  ]);
  expect(wrong).toEqual([]);
  await page.context().close();
});

test('a picture of the visitor’s is cut square and grey, and drawn again; another file is refused in words', async () => {
  const { page, wrong } = await site.open({}, FACES);
  await page.waitForFunction(() => !document.querySelector('#face-moved.shimmer'));
  const before = await picture(page, 'face');
  // Red, with a white square of 96×96 in the middle: the square is all that is taken.
  const [width, height] = [200, 96];
  const pixels = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++)
    pixels.set(i % width >= 52 && i % width < 148 ? [255, 255, 255] : [255, 0, 0], 3 * i);
  const buffer = Buffer.from(encodePng({ width, height, channels: 3, pixels }));
  await page.setInputFiles('#face-file', { name: 'own.png', mimeType: 'image/png', buffer });
  await until(() => picture(page, 'face'), before);
  const levels = await page.locator('#face').evaluate((c: HTMLCanvasElement) => {
    const { data } = c.getContext('2d')!.getImageData(0, 0, c.width, c.height);
    return [c.width, c.height, Math.min(...data), Math.max(...data)];
  });
  // Red is at 76; its edge shines through a little where the square was resized.
  expect(levels).toEqual([48, 48, expect.toSatisfy((least: number) => least > 230), 255]);
  expect(await caption(page)).toMatch(
    /^POST \/edit\?model=faces-vae@2&direction=.*, your picture as the body$/,
  );
  const rebuilt = await picture(page, 'face-moved');
  await page.locator('#face-directions').getByLabel('Smile').fill('3');
  await until(() => picture(page, 'face-moved'), rebuilt);
  const text = { name: 'own.txt', mimeType: 'text/plain', buffer: Buffer.from('not a picture') };
  await page.setInputFiles('#face-file', text);
  await expect
    .poll(() => page.locator('#toast').textContent())
    .toContain('that file is no picture that this browser can read');
  expect(wrong).toEqual([]);
  await page.context().close();
});
