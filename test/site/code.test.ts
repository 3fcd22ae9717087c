// Codes on the page: those of the worker, on the edge and on this device; pasted, they are pictures again.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { picture, startSite, until } from './start-site.ts';

let site: Awaited<ReturnType<typeof startSite>>;
beforeAll(async () => {
  site = await startSite();
});
afterAll(() => site?.stop());

/** What the worker answers to the drawing on the pad. */
async function compressed(page: Awaited<ReturnType<typeof site.open>>['page'], query: string) {
  const png = await page.evaluate(async () => {
    const pad = document.getElementById('pad') as HTMLCanvasElement;
    const blob = await new Promise<Blob>((done) => pad.toBlob((b) => done(b!), 'image/png'));
    return Array.from(new Uint8Array(await blob.arrayBuffer()));
  });
  const response = await fetch(`${site.origin}/compress?format=json&${query}`, {
    method: 'POST',
    body: Uint8Array.from(png),
    headers: { 'Content-Type': 'image/png' },
  });
  return (await response.json()) as { code: string; bytes: number };
}

test('the code of a drawing is the one of the worker, there and on this device, and is a picture', async () => {
  const { page, wrong } = await site.open();
  const code = () => page.inputValue('#code');
  const note = () => page.locator('#code-note').textContent();
  await page.click('#clear');
  await page.click('#example');
  const { code: five, bytes } = await compressed(page, 'model=mnist-vae@1&quality=5');
  await expect.poll(code).toBe(five);
  expect(await note()).toMatch(
    new RegExp(`^${bytes} bytes say it; as a PNG your drawing has [123]\\d\\d bytes.$`),
  );
  await expect.poll(() => page.locator('#decoded-caption').textContent()).toBe(`from ${bytes} bytes`);
  const onEdge = await picture(page, 'decoded');
  await page.locator('#quality').fill('1');
  const one = await until(() => picture(page, 'decoded'), onEdge);
  expect(await code()).toBe((await compressed(page, 'model=mnist-vae@1&quality=1')).code);
  await page.click('text=this device');
  await page.waitForFunction(() => document.documentElement.dataset.runsOn === 'simd', null, {
    timeout: 30_000,
  });
  await page.locator('#quality').fill('5');
  expect(await until(() => picture(page, 'decoded'), one)).toBe(onEdge);
  expect(await code()).toBe(five);
  expect(wrong).toEqual([]);
  await page.context().close();
});

test('a code that is pasted is the picture of its model, and what is none is explained', async () => {
  const { page, wrong } = await site.open();
  const caption = page.locator('#decoded-caption');
  const note = page.locator('#code-note');
  await expect.poll(() => caption.textContent()).toMatch(/^from \d+ bytes$/);
  const own = await picture(page, 'decoded');
  const { code } = await compressed(page, 'model=mnist-cvae@1&quality=6&label=4');
  await page.fill('#code', code);
  const four = await until(() => picture(page, 'decoded'), own);
  await page.fill('#code', '?');
  await expect.poll(() => note.textContent()).toBe('No picture has this code: this is not base64.');
  await page.fill('#code', 'Ff//gA==');
  await expect
    .poll(() => note.textContent())
    .toBe('No picture has this code: no model here has the tag ffff.');
  expect(await picture(page, 'decoded')).toBe(four);
  await page.selectOption('#model', { label: 'fashion-vae@1' });
  await until(() => picture(page, 'decoded'), four);
  expect(wrong).toEqual([]);
  await page.context().close();
});
