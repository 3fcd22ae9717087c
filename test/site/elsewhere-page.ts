// Pages of others, of another site than the one that is tested, with the headers that they like.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname } from 'node:path';
import type { Browser, Page } from 'playwright-core';

type Elsewhere = {
  page: Page;
  /** What the console calls errors, and exceptions that nobody caught. */
  wrong: string[];
  /** Addresses that the page has asked for. */
  asked: string[];
  close(): Promise<void>;
};

const TYPES: Record<string, string> = { '.js': 'text/javascript', '.css': 'text/css' };

/** Opens a page of such markup; `files` are what it has beside it, by path. */
export async function openElsewhere(
  browser: Browser,
  html: string,
  headers: Record<string, string> = {},
  files: Record<string, string> = {},
): Promise<Elsewhere> {
  const server = createServer(({ url }, response) => {
    const file = files[url ?? ''];
    response.setHeader('Content-Type', file === undefined ? 'text/html' : TYPES[extname(url!)]!);
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    response.end(file ?? `<!doctype html><title>Elsewhere</title>${html}`);
  });
  await new Promise<void>((done) => server.listen(0, done));
  const context = await browser.newContext();
  const page = await context.newPage();
  const wrong: string[] = [];
  const asked: string[] = [];
  page.on('console', (message) => message.type() === 'error' && wrong.push(message.text()));
  page.on('pageerror', (error) => wrong.push(error.message));
  page.on('request', (request) => asked.push(request.url()));
  // Another name for this machine: the site under test is at 127.0.0.1.
  await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/`);
  return {
    page,
    wrong,
    asked,
    async close() {
      await context.close();
      server.close();
    },
  };
}
