// The page, by pointer, by touch and by keyboard.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { picture, startSite, until } from './start-site.ts';

let site: Awaited<ReturnType<typeof startSite>>;
beforeAll(async () => {
  site = await startSite();
});
afterAll(() => site?.stop());

test('the page wakes without an error and asks nobody else', async () => {
  const { page, wrong } = await site.open();
  expect(await page.locator('#wall button').count()).toBe(48);
  expect(await page.locator('#sample').evaluate((c: HTMLCanvasElement) => [c.width, c.height])).toEqual([
    28, 28,
  ]);
  expect(wrong).toEqual([]);
  await page.context().close();
});

test('a seed changes picture and snippets; a sample of the wall becomes the seed', async () => {
  const { page } = await site.open();
  const before = await picture(page, 'sample');
  await page.fill('#seed', 'zebra & co');
  const zebra = await until(() => picture(page, 'sample'), before);
  expect(await page.locator('#snippets pre').first().textContent()).toContain(
    'seed=zebra+%26+co&amp;scale=8',
  );
  await page.locator('#wall button').nth(5).click();
  await until(() => picture(page, 'sample'), zebra);
  expect(await page.inputValue('#seed')).toMatch(/^[a-z]+-\d+$/);
  await page.context().close();
});

test('the wall is one tab stop, whose arrow keys walk and whose Enter chooses', async () => {
  const { page } = await site.open();
  const focused = () =>
    page.evaluate(() => [...document.querySelectorAll('#wall button')].indexOf(document.activeElement!));
  await page.locator('#pause').focus();
  await page.keyboard.press('Tab');
  expect(await focused()).toBe(0);
  const columns = await page.evaluate(
    () => getComputedStyle(document.getElementById('wall')!).gridTemplateColumns.split(' ').length,
  );
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  expect(await focused()).toBe(columns + 1);
  await page.keyboard.press('Enter');
  expect(await page.locator('#wall [aria-pressed=true]').count()).toBe(1);
  expect(await page.locator(':focus').getAttribute('aria-label')).toBe(
    `Sample of seed ${await page.inputValue('#seed')}; make it mine`,
  );
  await page.keyboard.press('Tab');
  expect(await page.locator(':focus').getAttribute('href')).toBe('/models/mnist-vae@1');
  await page.context().close();
});

test('a drifting wall asks for many samples at once', async () => {
  const { page } = await site.open({ reducedMotion: 'no-preference' });
  await page.waitForFunction(() => !document.querySelector('#wall .shimmer'));
  const asked: number[] = [];
  page.on('request', (request) => {
    if (request.url().includes('/decode')) asked.push(request.postDataJSON().latents.length);
  });
  const words = () =>
    page.locator('#wall button').evaluateAll((all) => all.map((b) => b.getAttribute('aria-label')).join());
  await page.locator('#wall').scrollIntoViewIfNeeded();
  const first = await until(words, await words());
  await until(words, first);
  expect(asked.filter((latents) => latents < 48)).toEqual([]);
  await page.context().close();
});

test('until there are pictures, their places shimmer; afterwards none does', async () => {
  const context = await site.browser.newContext({ viewport: { width: 1280, height: 10_000 } });
  const page = await context.newPage();
  let release = () => {};
  const held = new Promise<void>((done) => {
    release = done;
  });
  await page.route(/\/(decode|complete|generate)\b/, async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(site.origin);
  await page.locator('#wall button').first().waitFor();
  const shimmering = () => page.locator('canvas.shimmer:visible').count();
  // Seed, wall, path, strip, map and its point, an encoded image and its neighbours, a face and the same one moved, reconstruction,
  // completions.
  expect(await shimmering()).toBe(1 + 48 + 1 + 9 + 2 + (1 + 6) + 2 + 1 + 1);
  release();
  await expect.poll(shimmering, { timeout: 30_000 }).toBe(0);
  await context.close();
});

test('the path is walked by keyboard, from the first seed to the last', async () => {
  const { page } = await site.open();
  await page.locator('#path-position').focus();
  await page.keyboard.press('Home');
  const first = await picture(page, 'path-picture');
  expect(first).toBe(await picture(page, 'sample'));
  await page.keyboard.press('ArrowRight');
  await until(() => picture(page, 'path-picture'), first);
  expect(await page.locator('#path-position').getAttribute('aria-valuetext')).toBe(
    '3 per cent of the way from anna to otto',
  );
  const strip = (await page.locator('#strip').boundingBox())!;
  await page.mouse.move(strip.x + 1, strip.y + 5);
  await page.mouse.down();
  await page.mouse.move(strip.x + 0.75 * strip.width, strip.y + 5);
  await page.mouse.up();
  await page.mouse.move(strip.x + 1, strip.y + 5);
  expect(await page.locator('#path-position').inputValue()).toBe('24');
  await page.context().close();
});

test('a drawing is reconstructed, by pointer and by keyboard', async () => {
  const { page } = await site.open();
  await page.click('#clear');
  await expect
    .poll(() =>
      page.evaluate(
        () =>
          new Set(
            (document.getElementById('pad') as HTMLCanvasElement).getContext('2d')!.getImageData(0, 0, 28, 28)
              .data,
          ).size,
      ),
    )
    .toBe(2);
  const empty = await picture(page, 'rebuilt');
  const box = (await page.locator('#pad').boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height * 0.2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height * 0.8, { steps: 8 });
  await page.mouse.up();
  const one = await until(() => picture(page, 'rebuilt'), empty);
  await page.locator('#pad').focus();
  await page.keyboard.press('Space');
  for (let i = 0; i < 8; i++) await page.keyboard.press('ArrowRight');
  await until(() => picture(page, 'rebuilt'), one);
  await page.context().close();
});

test('the map decodes the point under the arrow keys', async () => {
  const { page } = await site.open();
  await page.locator('#map').focus();
  const before = await page.locator('#map-caption').textContent();
  for (let i = 0; i < 6; i++) await page.keyboard.press('ArrowLeft');
  await expect.poll(() => page.locator('#map-caption').textContent()).not.toBe(before);
  await page.context().close();
});

test('a tap on the map is enough', async () => {
  const { page } = await site.open(
    { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
    '/?model=mnist-vae-2d@1&scaling=pixels',
  );
  await page.locator('#map').scrollIntoViewIfNeeded();
  await page.locator('#map-canvas:not(.shimmer)').waitFor();
  const { width } = (await page.locator('#map').boundingBox())!;
  // A quarter of the way: the quartile of the normal distribution.
  await page.locator('#map').tap({ position: { x: width / 4, y: width / 4 } });
  await expect
    .poll(() => page.locator('#map-caption').textContent())
    .toMatch(/^z = \(-0\.6[5-9], 0\.6[5-9]\)$/);
  await page.context().close();
});

test('examples follow the model: strokes for digits, a sample for clothes, never over a drawing', async () => {
  const { page } = await site.open();
  const two = await picture(page, 'pad');
  await page.click('#example');
  const three = await until(() => picture(page, 'pad'), two);
  await page.selectOption('#model', { label: 'fashion-vae@1' });
  const clothes = await until(() => picture(page, 'pad'), three);
  await page.locator('#pad').focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowRight');
  await page.locator('#seed').focus();
  const drawn = await until(() => picture(page, 'pad'), clothes);
  const rebuilt = await picture(page, 'rebuilt');
  await page.selectOption('#model', { label: 'mnist-vae@1' });
  await until(() => picture(page, 'rebuilt'), rebuilt);
  expect(await picture(page, 'pad')).toBe(drawn);
  await page.context().close();
});

test('pictures that are no squares keep their shape everywhere', async () => {
  const { page, wrong } = await site.open();
  const before = await picture(page, 'rebuilt');
  await page.selectOption('#model', { label: 'frey-vae@1' });
  await until(() => picture(page, 'rebuilt'), before);
  // Width over height, as shown: the pad as well, or a drawing would come back narrower than it was drawn.
  for (const place of [
    '#sample',
    '#wall button >> nth=7',
    '#path-picture',
    '#map-picture',
    '#strip canvas >> nth=2',
    '#pad',
    '#rebuilt',
  ]) {
    const { width, height } = (await page.locator(place).boundingBox())!;
    expect([place, width / height]).toEqual([place, expect.closeTo(20 / 28, 1)]);
  }
  expect(wrong).toEqual([]);
  await page.context().close();
});

test('a server that fails gives a message and a way to try again', async () => {
  const { page } = await site.open();
  await page.route('**/decode*', (route) => route.abort());
  await page.fill('#seed', 'nobody');
  await page.locator('#toast').waitFor({ state: 'visible' });
  expect(await page.locator('#toast').textContent()).toBe(
    'That did not work: the server cannot be reached.Try again',
  );
  await page.unroute('**/decode*');
  const before = await picture(page, 'sample');
  await page.click('#toast button');
  await until(() => picture(page, 'sample'), before);
  await page.locator('#toast').waitFor({ state: 'hidden' });
  await page.context().close();
});

test.each([
  [320, 'light'],
  [390, 'dark'],
  [1280, 'light'],
] as const)('%d pixels wide, %s: nothing is cut off', async (width, colorScheme) => {
  const { page } = await site.open({ viewport: { width, height: 800 }, colorScheme });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
  for (const link of await page.locator('nav a').all()) expect(await link.isVisible()).toBe(true);
  await page.context().close();
});
