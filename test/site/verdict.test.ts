// Whether the model has seen such a drawing: what the page says of it, on the edge and on the device.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ModelCard } from '../../models/card.ts';
import { startSite } from './start-site.ts';

let site: Awaited<ReturnType<typeof startSite>>;
beforeAll(async () => {
  site = await startSite();
});
afterAll(() => site?.stop());

const PATIENT = { timeout: 10_000 };

/** All of the panel as one text. */
const said = async (page: Page) => (await page.locator('#verdict p').allTextContents()).join(' ');

/** A stroke to and fro over all of the pad. */
async function scribble(page: Page): Promise<void> {
  await page.locator('#verdict').scrollIntoViewIfNeeded();
  const { x, y, width, height } = (await page.locator('#pad').boundingBox())!;
  await page.mouse.move(x + 10, y + 10);
  await page.mouse.down();
  for (let i = 1; i < 6; i++)
    await page.mouse.move(x + (i % 2 ? width - 12 : 12), y + (height * i) / 6, { steps: 5 });
  await page.mouse.up();
}

const FIGURES = /score -?[\d.]+ nats, usual up to [\d.]+; excess [\d.]+, up to [\d.]+$/;

test('a digit is usual and a scribble is not, while one draws; on this device the same', async () => {
  const { page, wrong } = await site.open();
  await expect
    .poll(() => said(page), PATIENT)
    .toMatch(/^An ordinary picture, to this model\. \d\d? in 100 real ones are stranger\. score/);
  const digit = await said(page);
  expect(digit).toMatch(FIGURES);
  const mark = page.locator('#verdict-mark');
  const stranger = Number(/(\d+) in 100/.exec(digit)![1]);
  expect(Number.parseFloat((await mark.getAttribute('style'))!.split(':')[1]!)).toBeCloseTo(
    100 - stranger,
    -0.4,
  );
  expect(await page.locator('#verdict.unusual').count()).toBe(0);

  await page.click('text=this device');
  await page.waitForFunction(() => document.documentElement.dataset.runsOn === 'simd', null, {
    timeout: 30_000,
  });
  const edge: string[] = [];
  page.on('request', (request) => request.url().includes('/anomaly') && edge.push(request.url()));
  await scribble(page);
  const STRANGE = /^A strange picture, to this model\. None of 2000 real ones is as strange\. score/;
  await expect.poll(() => said(page), PATIENT).toMatch(STRANGE);
  expect(await page.locator('#verdict.unusual').count()).toBe(1);
  expect(await mark.getAttribute('style')).toBe('left: 100%;');
  expect(edge).toEqual([]);
  const onDevice = await said(page);
  expect(onDevice).toMatch(FIGURES);

  await page
    .locator('#where-edge')
    .or(page.getByText('edge', { exact: true }))
    .first()
    .click();
  await page.waitForFunction(() => document.documentElement.dataset.runsOn === 'edge');
  await expect.poll(() => edge.length, PATIENT).toBeGreaterThan(0);
  await page.waitForLoadState('networkidle');
  expect(await said(page)).toBe(onDevice);
  expect(wrong).toEqual([]);
  await page.context().close();
});

test('a drawing is judged as the class that it is taken for, and by every model anew', async () => {
  const { page } = await site.open();
  await expect.poll(() => said(page), PATIENT).toMatch(FIGURES);
  const first = await said(page);
  const asked: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes('/anomaly')) asked.push(new URL(request.url()).search);
  });
  await page.selectOption('#model', { label: 'mnist-cvae@1' });
  await expect.poll(() => said(page), PATIENT).not.toBe(first);
  const taken = /as (\d)$/.exec((await page.locator('#rebuilt-caption').textContent())!)![1];
  expect(asked.at(-1)).toBe(`?model=mnist-cvae%401&label=${taken}`);
  await page.context().close();
});

test('a model that cannot judge has no panel', async () => {
  const context = await site.browser.newContext({
    reducedMotion: 'reduce',
    viewport: { width: 1280, height: 7000 },
  });
  const page = await context.newPage();
  await page.route('**/models', async (route) => {
    const cards = (await (await route.fetch()).json()) as ModelCard[];
    const json = cards.map(({ anomaly: _, ...card }) => ({
      ...card,
      capabilities: card.capabilities.filter((capability) => capability !== 'anomaly'),
    }));
    await route.fulfill({ json });
  });
  const asked: string[] = [];
  page.on('request', (request) => request.url().includes('/anomaly') && asked.push(request.url()));
  await page.goto(site.origin);
  await page.locator('#rebuilt:not(.shimmer)').waitFor();
  expect([await page.locator('#verdict').isVisible(), asked]).toEqual([false, []]);
  await context.close();
});
