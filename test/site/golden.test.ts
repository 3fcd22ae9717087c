// A seed is a picture in the browser too: the golden pictures of the worker's tests, made in Chromium.
import { readFileSync } from 'node:fs';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { KERNELS } from '../../scripts/kernels.ts';
import completed from '../worker/completions.golden.json' with { type: 'json' };
import { completions, generated } from '../worker/golden-request.ts';
import golden from '../worker/zoo.golden.json' with { type: 'json' };
import { startSite } from './start-site.ts';

let site: Awaited<ReturnType<typeof startSite>>;
beforeAll(async () => {
  site = await startSite();
});
afterAll(() => site.stop());

test('every model that ships gives the same bytes in Chromium as in Node and in workerd', async () => {
  const { outputFiles } = await build({
    entryPoints: ['test/site/golden-page.ts'],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2023',
  });
  const wanted = (
    [
      [golden, generated],
      [completed, completions],
    ] as const
  ).flatMap(([file, ask]) =>
    Object.entries<Record<string, string>>(file).flatMap(([name, seeds]) =>
      Object.entries(seeds).map(([seed, hash]) => ({ request: ask(name, seed), hash })),
    ),
  );
  const page = await site.browser.newPage();
  await page.goto(`${site.origin}/models?format=json`);
  await page.addScriptTag({ content: outputFiles[0]!.text });
  const made = await page.evaluate(
    ({ kernels, requests }) => {
      const { golden: run } = globalThis as unknown as {
        golden(kernels: Uint8Array, requests: unknown[]): Promise<string[]>;
      };
      return run(Uint8Array.from(kernels), requests);
    },
    { kernels: [...readFileSync(KERNELS)], requests: wanted.map(({ request }) => request) },
  );
  expect(made).toEqual(wanted.map(({ hash }) => hash));
  await page.close();
});
