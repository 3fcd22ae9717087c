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

test.each(['mnist-vae@1', 'mnist-dvae@1'])(
  '%s: the code of a drawing is the one of the worker, there and on this device, and is a picture',
  async (model) => {
    const { page, wrong } = await site.open({}, `/?model=${model}&seed=anna&scaling=pixels`);
    const code = () => page.inputValue('#code');
    const note = () => page.locator('#code-note').textContent();
    await page.click('#clear');
    await page.click('#example');
    const { code: five, bytes } = await compressed(page, `model=${model}&quality=5`);
    await expect.poll(code).toBe(five);
    expect(await note()).toMatch(
      new RegExp(`^${bytes} bytes say it; as a PNG your drawing has [123]\\d\\d bytes.$`),
    );
    await expect.poll(() => page.locator('#decoded-caption').textContent()).toBe(`from ${bytes} bytes`);
    const onEdge = await picture(page, 'decoded');
    await page.locator('#quality').fill('1');
    const one = await until(() => picture(page, 'decoded'), onEdge);
    expect(await code()).toBe((await compressed(page, `model=${model}&quality=1`)).code);
    await page.click('text=this device');
    await page.waitForFunction(() => document.documentElement.dataset.runsOn === 'simd', null, {
      timeout: 30_000,
    });
    await page.locator('#quality').fill('5');
    expect(await until(() => picture(page, 'decoded'), one)).toBe(onEdge);
    expect(await code()).toBe(five);
    expect(wrong).toEqual([]);
    await page.context().close();
  },
);

test('the twenty symbols of mnist-dvae@1 take sixteen values each, and every one changes the picture', async () => {
  const { page, wrong } = await site.open({}, '/?model=mnist-dvae@1&seed=anna&scaling=pixels');
  await page.locator('#symbol-section').scrollIntoViewIfNeeded();
  const caption = async () => (await page.locator('#symbol-caption').textContent()) ?? '';
  const symbols = page.locator('#symbols input');
  await expect.poll(() => symbols.count()).toBe(20);
  await expect.poll(caption).toMatch(/^\d+( \d+){19}$/);
  const begun = await picture(page, 'symbol-picture');
  let codes = (await caption()).split(' ').map(Number);
  const first = codes.join(' ');
  for (const [v, code] of codes.entries()) {
    const slider = symbols.nth(v);
    expect([await slider.getAttribute('min'), await slider.getAttribute('max')]).toEqual(['0', '15']);
    const before = await picture(page, 'symbol-picture');
    await slider.focus();
    await page.keyboard.press(code === 15 ? 'ArrowLeft' : 'ArrowRight');
    codes = codes.with(v, code === 15 ? 14 : code + 1);
    await expect.poll(caption).toBe(codes.join(' '));
    expect(await picture(page, 'symbol-picture'), `symbol ${v + 1}`).not.toBe(before);
  }
  const seen = new Set<string>();
  await page.keyboard.press('Home');
  for (let value = 0; value < 16; value++) {
    await expect.poll(caption).toBe(codes.with(19, value).join(' '));
    seen.add(await picture(page, 'symbol-picture'));
    await page.keyboard.press('ArrowRight');
  }
  expect(seen.size).toBe(16);
  await page.click('#symbol-reset');
  await expect.poll(caption).toBe(first);
  expect(await picture(page, 'symbol-picture')).toBe(begun);
  expect(wrong).toEqual([]);
  await page.context().close();
});

test('a code of symbols that is pasted is its picture, beside any model', async () => {
  const { page, wrong } = await site.open();
  const caption = page.locator('#decoded-caption');
  await expect.poll(() => caption.textContent()).toMatch(/^from \d+ bytes$/);
  const own = await picture(page, 'decoded');
  const { code, bytes } = await compressed(page, 'model=mnist-dvae@1&quality=6');
  await page.fill('#code', code);
  const pasted = await until(() => picture(page, 'decoded'), own);
  expect(await caption.textContent()).toBe(`from ${bytes} bytes`);
  const served = await page.evaluate(async (body) => {
    const response = await fetch('/decompress', {
      method: 'POST',
      body,
      headers: { 'Content-Type': 'application/json' },
    });
    const image = await createImageBitmap(await response.blob());
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [image.width, image.height];
    canvas.getContext('2d')!.drawImage(image, 0, 0);
    return canvas.toDataURL();
  }, JSON.stringify({ code }));
  expect(pasted).toBe(served);
  // The same code with its last byte changed is that of no picture.
  const bits = Buffer.from(code, 'base64');
  await page.fill('#code', Buffer.from([...bits, 255, 255, 255]).toString('base64'));
  await expect.poll(() => page.locator('#code-note').textContent()).toMatch(/^No picture has this code: /);
  expect(wrong.filter((line) => !line.includes('400'))).toEqual([]);
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
