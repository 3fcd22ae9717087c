// The built site in a real Chromium: what the tests of the page share.
import { rmSync } from 'node:fs';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { expect, inject } from 'vitest';
import { launchChromium } from '../chromium.ts';
import { buildSite } from './build-site.ts';
import { serve } from './serve.ts';

/** A screen that shows all of the page at once: sections work when they are seen. */
const ALL_OF_IT = { width: 1280, height: 7000 };

/** One model and seed, as they are, whatever the page opens with. */
export const PLAIN = '/?model=mnist-vae@1&seed=anna&scaling=pixels';

/**
 * Serves the site with the models of a folder, and starts a browser; `stop` ends all of it. `maxOperations`: of
 * one request of the API.
 */
export async function startSite(models = 'models', options: { maxOperations?: number } = {}) {
  const own = models === 'models' ? undefined : await buildSite(models);
  const { origin, server } = await serve(own ?? inject('site'), options);
  const browser = await launchChromium();

  /** A page that is at `path`, and what went wrong on it: errors in the console, and requests to anywhere else. */
  async function openAt(
    path: string,
    options: BrowserContextOptions = {},
  ): Promise<{ page: Page; wrong: string[] }> {
    const context = await browser.newContext({ reducedMotion: 'reduce', viewport: ALL_OF_IT, ...options });
    const page = await context.newPage();
    const wrong: string[] = [];
    page.on('console', (message) => message.type() === 'error' && wrong.push(message.text()));
    page.on('pageerror', (error) => wrong.push(error.message));
    page.on('request', (request) => {
      const url = new URL(request.url());
      if (!['data:', 'blob:'].includes(url.protocol) && url.origin !== origin) wrong.push(request.url());
    });
    await page.goto(`${origin}${path}`);
    return { page, wrong };
  }

  /** The first page, awake and with its pictures, pixel by pixel: what it opens with changes with the models. */
  async function open(
    options: BrowserContextOptions = {},
    path = PLAIN,
  ): Promise<{ page: Page; wrong: string[] }> {
    const { page, wrong } = await openAt(path, options);
    await page.waitForFunction(() => document.documentElement.dataset.runsOn === 'edge');
    // A wall that is below the screen has not begun.
    await page.locator('#wall').scrollIntoViewIfNeeded();
    await page.waitForFunction(() => document.querySelectorAll('#wall .shimmer').length === 0);
    return { page, wrong };
  }

  async function stop(): Promise<void> {
    await browser.close();
    server.close();
    if (own) rmSync(own, { recursive: true });
  }
  return { origin, browser, open, openAt, stop };
}

/** The pixels of a canvas, as a data address. */
export const picture = (page: Page, id: string) =>
  page.evaluate((name) => (document.getElementById(name) as HTMLCanvasElement).toDataURL(), id);

export async function until(read: () => Promise<string>, before: string): Promise<string> {
  await expect.poll(read, { timeout: 10_000 }).not.toBe(before);
  return read();
}
