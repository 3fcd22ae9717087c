// Pictures of results that are looked at part by part, by keyboard and by touch.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readCells } from '../../train/experiments/cells.ts';
import { startSite } from './start-site.ts';

let site: Awaited<ReturnType<typeof startSite>>;
beforeAll(async () => {
  site = await startSite();
});
afterAll(() => site?.stop());

test('a training is wound back by keyboard, and its distance to real images said', async () => {
  const { page, wrong } = await site.openAt('/results/');
  const figure = page.locator('#gan-training figure.moments', { hasText: 'mnist-cgan' });
  const slider = figure.getByRole('slider', { name: 'Training' });
  await slider.scrollIntoViewIfNeeded();
  const position = () =>
    figure.locator('.window').evaluate((element) => getComputedStyle(element).backgroundPosition);
  const { curve, settings } = readCells('results', 'gan-training').get('mnist-cgan')!;
  const wordsOf = (at: number) => {
    const epoch = (settings.shown as number[]).at(at)!;
    const [, distance] = curve!.rows.find(([one]) => one === epoch)!;
    return `epoch ${epoch} of 10, Fréchet distance ${distance!.toFixed(1)}`;
  };
  expect([await figure.locator('output').textContent(), await position()]).toEqual([wordsOf(-1), '0% 100%']);
  await slider.press('Home');
  expect([await figure.locator('output').textContent(), await position()]).toEqual([wordsOf(0), '0% 0%']);
  await slider.press('ArrowRight');
  expect(await slider.getAttribute('aria-valuetext')).toBe(wordsOf(1));
  expect(await figure.getByRole('img').getAttribute('aria-label')).toContain(wordsOf(1));
  // The picture has come, and is as large as it says it is.
  await expect
    .poll(() => figure.locator('.window').evaluate((element) => getComputedStyle(element).backgroundImage))
    .toMatch(/\/results\/gan-training\/mnist-cgan\.png/);
  expect(wrong).toEqual([]);
  await page.context().close();
});

test.each([
  ['by keyboard', {}],
  ['by touch', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }],
] as const)('the training images nearest to an image are shown when it is chosen %s', async (_, options) => {
  const { page, wrong } = await site.openAt('/results/', options);
  const figure = page.locator('#gan-figure-2 figure.neighbours', { hasText: 'emoji-cgan@2' });
  const group = figure.getByRole('radiogroup', { name: 'Images of emoji-cgan@2' });
  await group.scrollIntoViewIfNeeded();
  const cell = readCells('results', 'gan-figure-2').get('emoji-cgan@2')!;
  const captions = () => figure.locator('.three figcaption').allTextContents();
  const wordsOf = (image: number) => {
    const [, pixels, features] = cell.curve!.rows[image]!.map((share) => (100 * share).toFixed(1));
    return [
      `drawn, image ${image + 1}`,
      `nearest by pixels; ${pixels}\u00a0% of test images have a nearer one`,
      `nearest by features; ${features}\u00a0% of test images have a nearer one`,
    ];
  };
  expect(await captions()).toEqual(wordsOf(0));
  const columns = Number(cell.settings.columns);
  if ('hasTouch' in options)
    await group
      .locator('label')
      .nth(columns + 1)
      .tap();
  else {
    await group.getByRole('radio', { name: 'image 1', exact: true }).focus();
    for (let i = 0; i <= columns; i++) await page.keyboard.press('ArrowRight');
  }
  expect(await captions()).toEqual(wordsOf(columns + 1));
  // The second column of the second line of three rows, each row below the one before.
  const places = await figure
    .locator('.three .window')
    .evaluateAll((all) =>
      all.map((element) => getComputedStyle(element).backgroundPosition.split(' ').map(parseFloat)),
    );
  const rows = 3 * (cell.curve!.rows.length / columns);
  expect(places).toEqual(
    [3, 4, 5].map((row) => [
      expect.closeTo(100 / (columns - 1), 2),
      expect.closeTo((100 * row) / (rows - 1), 2),
    ]),
  );
  expect(wrong).toEqual([]);
  await page.context().close();
});
