// The page with models of other families beside a Gaussian one: each is offered what it can do, and breaks nothing.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ModelCard } from '../../models/card.ts';
import { familyCards, familyFiles } from '../worker/families.ts';
import { listFiles } from '../worker/graphs.ts';
import { picture, startSite, until } from './start-site.ts';

let site: Awaited<ReturnType<typeof startSite>>;
let models: string;
beforeAll(async () => {
  models = mkdtempSync(join(tmpdir(), 'dreamlet-families-'));
  cpSync('models/glyphs-vae@1', join(models, 'glyphs-vae@1'), { recursive: true });
  const shipped = JSON.parse(readFileSync('models/glyphs-vae@1/model.json', 'utf8')) as ModelCard;
  const {
    latent: _l,
    likelihood: _p,
    graphs: _g,
    anomaly: _a,
    compression: _c,
    encoded: _e,
    labels: _n,
    ...base
  } = shipped;
  const files = await listFiles(familyFiles);
  const image = { width: 8, height: 8, channels: 1 as const };
  for (const card of familyCards({ ...base, image, files }, shipped.anomaly)) {
    const folder = join(models, `${card.id}@${card.version}`);
    mkdirSync(folder);
    for (const [name, bytes] of Object.entries(familyFiles)) writeFileSync(join(folder, name), bytes);
    writeFileSync(join(folder, 'model.json'), JSON.stringify(card));
  }
  site = await startSite(models);
});
afterAll(async () => {
  await site?.stop();
  rmSync(models, { recursive: true });
});

const shown = (page: Page, id: string) => page.locator(`#${id}`).isVisible();

async function choose(page: Page, label: string): Promise<void> {
  const before = await picture(page, 'sample');
  await page.selectOption('#model', { label });
  await until(() => picture(page, 'sample'), before);
}

test('models that generate can be chosen, each with what it can do', async () => {
  const { page, wrong } = await site.open({}, '/?model=glyphs-vae@1&scaling=pixels');
  expect(await page.locator('#model option').allTextContents()).toEqual([
    'bits@1',
    'codes@1',
    'glyphs-vae@1',
    'uniform@1',
  ]);
  const parts = [
    'temperature-control',
    'draw-section',
    'verdict',
    'compression',
    'symbol-section',
    'complete-section',
  ];
  for (const [model, offered] of [
    ['codes@1', [true, true, true, true, true, true]],
    ['glyphs-vae@1', [true, true, true, true, false, true]],
    // What it draws is understood, and kept, by another.
    ['uniform@1', [true, true, false, true, false, true]],
    ['bits@1', [false, true, false, true, true, true]],
  ] as const) {
    await choose(page, model);
    // What a model cannot do, another is asked for.
    await expect
      .poll(() => page.locator('#draw-model').textContent())
      .toBe(model === 'uniform@1' ? 'bits@1' : model);
    await expect.poll(() => Promise.all(parts.map((id) => shown(page, id)))).toEqual(offered);
  }
  expect(await shown(page, 'toast')).toBe(false);
  expect(wrong).toEqual([]);
  await page.context().close();
});

test('a code is changed symbol by symbol, by keyboard, and goes back to what the seed says', async () => {
  const { page, wrong } = await site.open({}, '/?model=codes@1&seed=anna&scaling=pixels');
  await page.locator('#symbol-section').scrollIntoViewIfNeeded();
  const caption = () => page.locator('#symbol-caption').textContent();
  await expect.poll(caption).toBe('0 1 2 0');
  const before = await picture(page, 'symbol-picture');
  expect(before).toBe(await picture(page, 'sample'));
  expect(await page.locator('#symbols input').count()).toBe(4);
  await page.locator('#symbols input').nth(2).focus();
  await page.keyboard.press('ArrowLeft');
  await expect.poll(caption).toBe('0 1 1 0');
  expect(await picture(page, 'symbol-picture')).not.toBe(before);
  await page.click('#symbol-reset');
  await expect.poll(caption).toBe('0 1 2 0');
  expect(await picture(page, 'symbol-picture')).toBe(before);
  expect(wrong).toEqual([]);
  await page.context().close();
});

test('half a drawing is finished sixteen times, otherwise when asked, and only by its half', async () => {
  const { page, wrong } = await site.open({}, '/?model=glyphs-vae@1&scaling=pixels');
  await page.locator('#complete-section').scrollIntoViewIfNeeded();
  await page.waitForSelector('#completions:not(.shimmer)');
  const size = await page
    .locator('#completions')
    .evaluate((canvas: HTMLCanvasElement) => [canvas.width, canvas.height]);
  expect(size).toEqual([4 * 8, 4 * 8]);
  const first = await picture(page, 'completions');
  await page.click('#complete-again');
  await until(() => picture(page, 'completions'), first);
  const others = await picture(page, 'completions');
  // A stroke in the upper half, by pointer.
  const box = (await page.locator('#half-pad').boundingBox())!;
  await page.mouse.move(box.x + 4, box.y + 4);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width - 4, box.y + 8);
  await page.mouse.up();
  await until(() => picture(page, 'completions'), others);
  expect(wrong).toEqual([]);
  await page.context().close();
});

/** A finger goes from point to point, in pixels of the screen. */
async function stroke(page: Page, points: readonly { x: number; y: number }[]): Promise<void> {
  const browser = await page.context().newCDPSession(page);
  const send = (type: 'touchStart' | 'touchMove' | 'touchEnd', touchPoints: { x: number; y: number }[]) =>
    browser.send('Input.dispatchTouchEvent', { type, touchPoints });
  await send('touchStart', [points[0]!]);
  for (const point of points.slice(1)) await send('touchMove', [point]);
  await send('touchEnd', []);
}

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

test('half a drawing is finished by touch, which does not scroll, and by keyboard', async () => {
  const { page, wrong } = await site.open(PHONE, '/?model=glyphs-vae@1&scaling=pixels');
  await page.locator('#half-pad').scrollIntoViewIfNeeded();
  await page.waitForSelector('#completions:not(.shimmer)');
  const example = await picture(page, 'completions');
  await page.locator('#half-clear').tap();
  const empty = await until(() => picture(page, 'completions'), example);
  await page.locator('#half-pad').scrollIntoViewIfNeeded();
  const box = (await page.locator('#half-pad').boundingBox())!;
  const scrolled = await page.evaluate(() => scrollY);
  const [left, top] = [box.x + box.width / 4, box.y + box.height / 8];
  await stroke(page, [
    { x: left, y: top },
    { x: left + box.width / 4, y: top + box.height / 8 },
    { x: left + box.width / 2, y: top + box.height / 4 },
  ]);
  const byTouch = await until(() => picture(page, 'completions'), empty);
  expect(await page.evaluate(() => scrollY)).toBe(scrolled);
  expect(await page.locator('#completions-caption').textContent()).toBe('16 ways to finish it');
  await page.locator('#half-pad').focus();
  for (const key of ['Space', ...Array<string>(6).fill('ArrowUp')]) await page.keyboard.press(key);
  await until(() => picture(page, 'completions'), byTouch);
  expect(wrong).toEqual([]);
  await page.context().close();
});

test.each([
  ['keyboard', {}],
  ['touch', PHONE],
] as const)(
  'the bars of classes move with a drawing by %s, as far as the worker says',
  async (by, options) => {
    const { page, wrong } = await site.open(options, '/?model=glyphs-vae@1&scaling=pixels');
    await page.locator('#pad').scrollIntoViewIfNeeded();
    const bars = () => page.locator('#classes-bars output').allTextContents();
    const shown = async () => [await page.locator('#classes-word').textContent(), ...(await bars())];
    /** What the worker says of the drawing on the pad. */
    const asked = async () => {
      const png = await page.evaluate(async () => {
        const pad = document.getElementById('pad') as HTMLCanvasElement;
        const blob = await new Promise<Blob>((done) => pad.toBlob((b) => done(b!), 'image/png'));
        return Array.from(new Uint8Array(await blob.arrayBuffer()));
      });
      const response = await fetch(`${site.origin}/classify?model=classes@1`, {
        method: 'POST',
        body: Uint8Array.from(png),
        headers: { 'Content-Type': 'image/png' },
      });
      const { label, probabilities } = (await response.json()) as {
        label: string;
        probabilities: Record<string, number>;
      };
      const percent = (p: number) => `${(100 * p).toFixed(p > 0.995 || p < 0.005 ? 1 : 0)} %`;
      return [
        `${label}, ${percent(probabilities[label]!)}`,
        ...['circle', '0', 'square'].map((name) => percent(probabilities[name]!)),
      ];
    };
    await expect.poll(async () => (await bars()).length).toBe(3);
    const example = await shown();
    expect(example).toEqual(await asked());
    await page.locator('#clear').click();
    await expect.poll(shown).not.toEqual(example);
    const empty = await shown();
    await page.locator('#pad').scrollIntoViewIfNeeded();
    if (by === 'keyboard') {
      await page.locator('#pad').focus();
      for (const key of ['Space', ...Array<string>(8).fill('ArrowUp')]) await page.keyboard.press(key);
    } else {
      const { x, y, width, height } = (await page.locator('#pad').boundingBox())!;
      const at = (across: number, down: number) => ({ x: x + across * width, y: y + down * height });
      await stroke(page, [at(0.2, 0.2), at(0.5, 0.3), at(0.7, 0.8)]);
    }
    await expect.poll(shown).not.toEqual(empty);
    await expect.poll(async () => (await shown()).join()).toBe((await asked()).join());
    const likeliest = await page.locator('#classes-bars .likeliest span').textContent();
    expect((await shown())[0]).toMatch(new RegExp(`^${likeliest}, `));
    const widths = await page
      .locator('#classes-bars i')
      .evaluateAll((all) => all.map((bar) => Number((bar as HTMLElement).style.getPropertyValue('--share'))));
    expect(widths.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
    expect(wrong).toEqual([]);
    await page.context().close();
  },
);

test('a code is changed by touch', async () => {
  const { page, wrong } = await site.open(PHONE, '/?model=codes@1&seed=anna&scaling=pixels');
  await page.locator('#symbol-section').scrollIntoViewIfNeeded();
  const caption = () => page.locator('#symbol-caption').textContent();
  await expect.poll(caption).toBe('0 1 2 0');
  const before = await picture(page, 'symbol-picture');
  const slider = page.locator('#symbols input').first();
  const { width, height } = (await slider.boundingBox())!;
  await slider.tap({ position: { x: width - 2, y: height / 2 } });
  await expect.poll(caption).toBe('2 1 2 0');
  expect(await picture(page, 'symbol-picture')).not.toBe(before);
  expect(wrong).toEqual([]);
  await page.context().close();
});

test('a code from a learned prior is the same picture at the edge, on the page and on the device', async () => {
  const { page, wrong } = await site.open({}, '/?model=glyphs-vae@1&scaling=pixels');
  await choose(page, 'codes@1');
  const edge = await picture(page, 'sample');
  const address = '/generate/codes@1.png?seed=anna';
  const served = await page.evaluate(async (url) => {
    const image = await createImageBitmap(await (await fetch(url)).blob());
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [image.width, image.height];
    canvas.getContext('2d')!.drawImage(image, 0, 0);
    return canvas.toDataURL();
  }, address);
  expect(edge).toBe(served);
  await page.locator('#path-position').focus();
  await page.keyboard.press('Home');
  expect(await picture(page, 'path-picture')).toBe(edge);
  await page.locator('input[value="device"]').check({ force: true });
  await page.waitForFunction(() => document.documentElement.dataset.runsOn === 'simd');
  await page.fill('#seed', 'eva');
  await until(() => picture(page, 'sample'), edge);
  const eva = await picture(page, 'sample');
  await page.fill('#seed', 'anna');
  await until(() => picture(page, 'sample'), eva);
  expect(await picture(page, 'sample')).toBe(edge);
  expect(wrong).toEqual([]);
  await page.context().close();
});
