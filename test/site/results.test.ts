// The page of results: what a reader reads from it, by pointer, by touch and by keyboard, is what the cells hold.
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { points, readCells } from '../../train/experiments/cells.ts';
import { startSite } from './start-site.ts';

let site: Awaited<ReturnType<typeof startSite>>;
beforeAll(async () => {
  site = await startSite();
});
afterAll(() => site?.stop());

const figure2 = readCells('results', 'aevb-figure-2');
const pointOf = (cell: string, column: string, samples: number) =>
  points(figure2.get(cell)!, column).find(([x]) => x === samples);
/** The value of a curve at `samples`, as the readout says it. */
const printedValue = (cell: string, column: string, samples: number): string =>
  pointOf(cell, column, samples)?.[1].toFixed(2).replace('-', '−') ?? '–';
/** The same with its error where the cell has errors all along, as table and speech have it. */
const printedWithError = (cell: string, column: string, samples: number): string => {
  const error = pointOf(cell, column, samples)?.[2];
  return printedValue(cell, column, samples) + (error === undefined ? '' : ` ±\u00a0${error.toFixed(2)}`);
};

const openResults = async (options?: Parameters<typeof site.openAt>[1]) => {
  const opened = await site.openAt('/results/', options);
  await opened.page.locator('#aevb-figure-2 svg').first().waitFor();
  return opened;
};
const panelOf = (page: Page, title: string) =>
  page.locator('#aevb-figure-2').getByRole('slider', { name: title, exact: true });
/** The samples of the readout, and its cells without errors. */
async function readoutOf(page: Page): Promise<{ samples: number; cells: string[] }> {
  const box = page.locator('#aevb-figure-2 .readout');
  const samples = Number((await box.locator('b').textContent())!.replace(/\D/g, ''));
  const cells = await box.locator('td').allTextContents();
  return { samples, cells: cells.map((cell) => cell.replace(/ ±.*/, '')) };
}

test('the first page fetches nothing of the results; their page fetches one file of values', async () => {
  const fetched = (page: Page) =>
    page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname));
  const first = await site.open();
  expect((await fetched(first.page)).filter((path) => path.startsWith('/results/'))).toEqual([]);
  await first.page.context().close();
  const { page, wrong } = await openResults();
  expect((await fetched(page)).filter((path) => /\.(json|csv)$/.test(path))).toEqual([
    '/results/sections.json',
  ]);
  expect(await page.locator('#contents li').count()).toBe(await page.locator('#sections section').count());
  expect(wrong).toEqual([]);
  await page.context().close();
});

test('a pointer over a panel reads every curve at the nearest sample', async () => {
  const { page } = await openResults();
  const panel = panelOf(page, 'MNIST, N_z = 10');
  await panel.scrollIntoViewIfNeeded();
  const box = (await panel.boundingBox())!;
  await page.mouse.move(box.x + 0.3 * box.width, box.y + 80);
  const { samples, cells } = await readoutOf(page);
  expect(samples).toBeGreaterThan(1e5);
  expect(cells).toEqual([
    printedValue('mnist-z10-aevb', 'train bound', samples),
    printedValue('mnist-z10-aevb', 'test bound', samples),
    printedValue('mnist-z10-wake-sleep', 'train bound', samples),
    printedValue('mnist-z10-wake-sleep', 'test bound', samples),
  ]);
  await page.mouse.move(box.x + 0.4 * box.width, box.y + 80);
  expect((await readoutOf(page)).samples).toBeGreaterThan(samples);
  await page.mouse.move(box.x, box.y - 300);
  expect(await page.locator('#aevb-figure-2 .readout').isVisible()).toBe(false);
  await page.context().close();
});

test('a curve that is switched off is neither drawn nor read', async () => {
  const { page } = await openResults();
  const panel = panelOf(page, 'Frey Face, N_z = 2');
  const curves = () => panel.locator('path[fill=none]').count();
  const button = page.locator('#aevb-figure-2').getByRole('button', { name: 'wake-sleep, train' });
  expect(await curves()).toBe(4);
  await button.click();
  expect(await button.getAttribute('aria-pressed')).toBe('false');
  expect(await curves()).toBe(3);
  await panel.hover();
  const { samples, cells } = await readoutOf(page);
  expect(cells).toEqual([
    printedValue('frey-z2-aevb', 'train bound', samples),
    printedValue('frey-z2-aevb', 'test bound', samples),
    '',
    printedValue('frey-z2-wake-sleep', 'test bound', samples),
  ]);
  await button.click();
  expect(await curves()).toBe(4);
  await page.context().close();
});

test('the panels are one tab stop; arrow keys read other samples and other panels, aloud', async () => {
  const { page } = await openResults();
  await page.locator('#aevb-figure-2').getByRole('button', { name: 'wake-sleep, test' }).focus();
  await page.keyboard.press('Tab');
  const label = () => page.locator(':focus').getAttribute('aria-label');
  const said = () => page.locator(':focus').getAttribute('aria-valuetext');
  expect(await label()).toBe('MNIST, N_z = 3');
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  const of = (z: number, samples: number) =>
    `${samples} samples: ${['aevb', 'wake-sleep']
      .flatMap((method) =>
        ['train', 'test'].map(
          (split) =>
            `${method.replace('aevb', 'AEVB')} ${split} ${printedWithError(`mnist-z${z}-${method}`, `${split} bound`, samples)}`,
        ),
      )
      .join(', ')}`;
  expect(await said()).toBe(of(3, 133_400));
  await page.keyboard.press('ArrowDown');
  expect([await label(), await said()]).toEqual(['MNIST, N_z = 5', of(5, 133_400)]);
  expect(await page.locator('#aevb-figure-2 .readout').isVisible()).toBe(true);
  await page.keyboard.press('Escape');
  expect(await page.locator('#aevb-figure-2 .readout').isVisible()).toBe(false);
  // The last point of a cell has its error.
  await page.keyboard.press('End');
  expect(await said()).toMatch(/AEVB test −\d+\.\d\d ±\s\d\.\d\d/);
  await page.keyboard.press('Tab');
  expect(await page.locator(':focus').textContent()).toBe('Table');
  await page.context().close();
});

test('the table and its file hold the values of the curves', async () => {
  const { page } = await openResults();
  const section = page.locator('#aevb-figure-2');
  const button = section.getByRole('button', { name: 'Table' });
  const table = section.getByRole('table', { name: 'every value' });
  expect(await table.isVisible()).toBe(false);
  await button.focus();
  await page.keyboard.press('Enter');
  expect(await button.getAttribute('aria-expanded')).toBe('true');
  const rows = table.locator('tbody', { hasText: 'Frey Face, Nz = 20' }).getByRole('row');
  expect(await rows.nth(1).locator('th,td').allTextContents()).toEqual([
    '100\u202f000',
    printedWithError('frey-z20-aevb', 'train bound', 100_000),
    printedWithError('frey-z20-aevb', 'test bound', 100_000),
    printedWithError('frey-z20-wake-sleep', 'train bound', 100_000),
    printedWithError('frey-z20-wake-sleep', 'test bound', 100_000),
  ]);
  const download = page.waitForEvent('download');
  await section.getByRole('link', { name: 'CSV' }).click();
  const csv = readFileSync(await (await download).path(), 'utf8');
  const [, train, error] = pointOf('frey-z20-aevb', 'train bound', 100_000)!;
  expect(csv).toContain(`\n"Frey Face, N_z = 20",100000,${train},${error},`);
  await page.context().close();
});

test('a table prints its numbers as the report does, and downloads them whole', async () => {
  const { page } = await openResults();
  const section = page.locator('#face-edits');
  expect(await section.locator('.length').textContent()).toMatch(/^No paper is followed\. /);
  const row = section.getByRole('row', { name: 'neutral to happiness' });
  const cells = row.locator('th,td');
  expect((await cells.allTextContents()).slice(2, 5)).toEqual(['930', '773', '85.3\u00a0% (82.6–87.6)']);
  expect(await cells.nth(4).getAttribute('class')).toBe('number');
  expect(await cells.first().getAttribute('class')).toBeNull();
  const download = page.waitForEvent('download');
  await section.getByRole('link', { name: 'CSV' }).click();
  const csv = readFileSync(await (await download).path(), 'utf8');
  expect(csv).toContain(`\nneutral to happiness,3,930,773,${659 / 773},659,773,`);
  await page.context().close();
});

test('a tap reads a panel; a tap elsewhere puts the readout away', async () => {
  const { page } = await openResults({
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  });
  const readout = page.locator('#aevb-figure-2 .readout');
  await panelOf(page, 'MNIST, N_z = 20').tap();
  const { samples, cells } = await readoutOf(page);
  expect(cells[1]).toBe(printedValue('mnist-z20-aevb', 'test bound', samples));
  await page.locator('#aevb-figure-2-title').tap();
  await expect.poll(() => readout.isVisible()).toBe(false);
  // The widest readout, with an error beside every value, stays on the screen.
  await page.locator('#aevb-figure-3').getByRole('slider').last().tap();
  const box = (await page.locator('#aevb-figure-3 .readout').boundingBox())!;
  expect(box.x).toBeGreaterThanOrEqual(0);
  expect(box.x + box.width).toBeLessThanOrEqual(390);
  await page.context().close();
});

test.each([
  [320, 'light'],
  [390, 'dark'],
  [1280, 'light'],
] as const)(
  '%d pixels wide, %s: nothing is cut off, and the pictures are there',
  async (width, colorScheme) => {
    const { page, wrong } = await openResults({ viewport: { width, height: 800 }, colorScheme });
    for (const button of await page.getByRole('button', { name: 'Table' }).all()) await button.click();
    const picture = page.locator('.pictures img').first();
    await picture.scrollIntoViewIfNeeded();
    await expect.poll(() => picture.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(0);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    expect(wrong).toEqual([]);
    await page.context().close();
  },
);

test('the game is fetched when it is near, moves, and stands still when it is told to or the system asks for it', async () => {
  for (const reducedMotion of ['no-preference', 'reduce'] as const) {
    const { page, wrong } = await openResults({ reducedMotion });
    const game = page.locator('#gan-theory .game');
    await game.scrollIntoViewIfNeeded();
    await expect.poll(() => game.locator('svg').count()).toBe(1);
    const moving = () => game.locator('animate').count();
    const expected = reducedMotion === 'reduce' ? 0 : 1;
    expect(Math.min(1, await moving())).toBe(expected);
    await page.locator('#gan-theory button', { hasText: expected === 1 ? 'Stop' : 'Play' }).click();
    await expect.poll(async () => Math.min(1, await moving())).toBe(1 - expected);
    expect(wrong).toEqual([]);
    await page.context().close();
  }
});

test.each([
  ['by keyboard', {}],
  ['by touch', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }],
] as const)('a relaxed variable cools and warms %s', async (_, options) => {
  const { page, wrong } = await openResults(options);
  const figure = page.locator('#gumbel-figure-1 .relaxed');
  const slider = figure.getByRole('slider', { name: 'Temperature' });
  await slider.scrollIntoViewIfNeeded();
  const weights = async (caption: string) =>
    (await figure.locator(`[role=img][aria-label^="${caption}:"]`).getAttribute('aria-label'))!
      .replace(/^.*: /, '')
      .split(', ')
      .map(Number);
  const go = async (end: 'Home' | 'End') => {
    if (!('hasTouch' in options)) return slider.press(end);
    const { width, height } = (await slider.boundingBox())!;
    await slider.tap({ position: { x: end === 'Home' ? 2 : width - 2, y: height / 2 } });
  };
  await go('Home');
  expect(await figure.locator('output').textContent()).toBe('τ = 0.10');
  const own = await weights('probabilities');
  (await weights('expectation')).forEach((mean, k) => {
    expect(Math.abs(mean - own[k]!)).toBeLessThan(0.05);
  });
  expect(Math.max(...(await weights('sample 1')))).toBeGreaterThan(0.9);
  await go('End');
  expect(await slider.getAttribute('aria-valuetext')).toBe('10.0');
  for (const weight of await weights('sample 1')) expect(weight).toBeCloseTo(1 / own.length, 1);
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  expect(wrong).toEqual([]);
  await page.context().close();
});
