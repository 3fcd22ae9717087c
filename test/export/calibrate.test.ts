// What a package learns of usual images, and that the worker scores every kind of model alike.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createStream } from '../../core/sampling/stream.ts';
import { calibrate, type HeldOut } from '../../export/calibrate.ts';
import { addCompression } from '../../export/compression.ts';
import { exportRun } from '../../export/package.ts';
import { publishModels } from '../../export/publish.ts';
import { drawDigit } from '../../train/data/glyphs.ts';
import { readCard } from '../../train/evaluate/read-card.ts';
import type { Stated } from '../../train/recipes/resolve.ts';
import { createNodeApp } from '../../worker/node.ts';
import { CODES, image, ROWS, TWO_LAYERS, untrained } from './untrained.ts';

const root = mkdtempSync(join(tmpdir(), 'dreamlet-calibrate-'));
afterAll(() => rmSync(root, { recursive: true }));
const options = { title: 'Probe', description: 'For tests.', weights: 'float32' } as const;

/** Without a learned prior. */
const { priorHidden: _, ...EVEN_CODES } = CODES;

const digits = [3, 8].map((digit) => drawDigit(digit, createStream('calibrate', digit)));
const set = {
  ...image,
  count: digits.length,
  pixels: Uint8Array.from(digits.flatMap((digit) => [...digit])),
};
// Scores are convex in the pixels, so the mean of both images lies below the thresholds.
const between = digits[0]!.map((byte, i) => (byte + digits[1]![i]!) / 2);
const load = async (): Promise<HeldOut> => ({
  validation: set,
  test: { ...image, count: 1, pixels: between },
  testSplit: 'test, 1 images',
});

test.each<[string, Record<string, string>, string, Stated?]>([
  ['bernoulli', { variant: 'dynamic' }, 'Σ H(xᵢ)'],
  ['labels', { variant: 'dynamic', classes: '10' }, 'Σ H(xᵢ)'],
  ['gaussian', { variant: 'grey', likelihood: 'gaussian' }, 'Σ (xᵢ − meanᵢ)² / 2σᵢ²'],
  ['layers', { variant: 'grey', likelihood: 'gaussian' }, 'Σ (xᵢ − meanᵢ)² / 2σᵢ²', TWO_LAYERS],
  ['rows', {}, 'Σ H(xᵢ)', ROWS],
  ['codes', {}, '− log p(z) − H(q(z|x))', CODES],
  ['even-codes', { prior: 'uniform' }, '− log p(z) − H(q(z|x))', EVEN_CODES],
])(
  '%s: a calibrated package knows its training image when the worker sees it',
  async (id, overrides, words, stated) => {
    const out = join(root, id);
    const { folder } = await exportRun(untrained(overrides, 1, stated), {
      ...options,
      id,
      out,
    });
    // Of two images, one has the least score and the other the most.
    const { anomaly } = await calibrate(folder, load);
    expect([anomaly!.images, anomaly!.split]).toEqual([2, 'validation, first 2 images']);
    expect(anomaly!.estimator).toContain(words);
    await publishModels(out, join(root, `${id}-dist`));
    const response = await createNodeApp(join(root, `${id}-dist`), id).request('/anomaly', {
      method: 'POST',
      body: JSON.stringify({ width: 28, height: 28, pixels: Array.from(digits[0]!, (byte) => byte / 255) }),
      headers: { 'Content-Type': 'application/json' },
    });
    const answer = (await response.json()) as Record<string, number>;
    for (const [term, quantiles] of Object.entries(anomaly!.quantiles)) {
      const [least, most] = [quantiles[0]!, quantiles.at(-1)!];
      expect(most - least).toBeGreaterThan(0.003);
      expect(Math.min(...[least, most].map((value) => Math.abs(answer[term]! - value)))).toBeLessThan(0.001);
    }
  },
);

test('codes of symbols compress by their prior: the worker says them, and what they say, and never by another tag', async () => {
  const out = join(root, 'symbols');
  const { folder } = await exportRun(untrained({}, 1, CODES), { ...options, id: 'symbols', out });
  const { compression, capabilities } = await addCompression(folder);
  expect([Object.keys(compression!), capabilities.at(-1)]).toEqual([['tag'], 'compress']);
  await expect(addCompression(folder)).rejects.toThrow('compresses already');
  await publishModels(out, join(root, 'symbols-dist'));
  const app = createNodeApp(join(root, 'symbols-dist'), 'symbols');
  const post = async (path: string, body: object) =>
    (
      await app.request(path, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'Content-Type': 'application/json' },
      })
    ).json() as Promise<{ code: string; codes: number[] }>;
  const picture = { width: 28, height: 28, pixels: Array.from(digits[0]!, (byte) => byte / 255) };
  const { codes } = await post('/encode', picture);
  const { code } = await post('/compress?quality=6&format=json', picture);
  expect((await post('/decompress?format=json', { code })).codes).toEqual(codes);
});

test('an export keeps what its package has learnt; pixels that cannot be scored are refused', async () => {
  const out = join(root, 'again');
  const once = await exportRun(untrained({}), { ...options, id: 'again', out });
  expect(once.card.capabilities).not.toContain('anomaly');
  const { anomaly, ...calibrated } = await calibrate(once.folder, load);
  expect(calibrated).toEqual({ ...once.card, capabilities: [...once.card.capabilities, 'anomaly'] });
  const again = await exportRun(untrained({}), { ...options, id: 'again', out });
  expect([again.created, again.card.anomaly]).toEqual([false, anomaly]);
  const other = untrained({ variant: 'grey', likelihood: 'continuous-bernoulli' });
  const { folder } = await exportRun(other, { ...options, id: 'grey', out });
  await expect(calibrate(folder, load)).rejects.toThrow(
    'grey@1: continuous-Bernoulli pixels are not scored yet',
  );
});

test('a package whose verdict would cry wolf gets none', async () => {
  const { folder } = await exportRun(untrained({}), { ...options, id: 'wolf', out: join(root, 'wolf') });
  const noise = { ...set, pixels: set.pixels.map((_, i) => (i % 2) * 255) };
  await expect(
    calibrate(folder, async () => ({ validation: set, test: noise, testSplit: 'test, 2 images' })),
  ).rejects.toThrow(
    'wolf@1: a verdict would call 100 % of test, 2 images unusual where 1 % were asked for; at most 3 times as many are allowed',
  );
  expect(readCard(folder).anomaly).toBeUndefined();
});
