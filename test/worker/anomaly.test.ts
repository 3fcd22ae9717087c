// POST /anomaly: what it says of digits and of other pictures, and what it refuses.
import { expect, test } from 'vitest';
import type { Judgement } from '../../core/anomaly/judge.ts';
import { enlarge } from '../../core/image/compose.ts';
import type { Image } from '../../core/image/image.ts';
import { encodePng } from '../../core/image/png.ts';
import { createStream } from '../../core/sampling/stream.ts';
import { drawDigit } from '../../train/data/glyphs.ts';
import { createFixtureApp } from './fixture.ts';
import { createZooApp } from './zoo.ts';

const zoo = createZooApp();
const fixture = createFixtureApp();

const SIZE = { width: 28, height: 28, channels: 1 as const };
const digit = (i: number): Image => ({
  ...SIZE,
  pixels: drawDigit(i % 10, createStream('glyphs', 'test', i)),
});
const noise = (i: number): Image => {
  const stream = createStream('noise', i);
  return { ...SIZE, pixels: Uint8Array.from({ length: 784 }, () => 256 * stream.uniform()) };
};

type Answer = Judgement & { model: string; version: number; label?: string };

async function ask(image: Image, query = ''): Promise<Answer> {
  const response = await zoo.request(`/anomaly?model=glyphs-vae@1${query}`, {
    method: 'POST',
    body: encodePng(image) as BodyInit,
    headers: { 'Content-Type': 'image/png' },
  });
  expect([response.status, response.headers.get('X-Model')]).toEqual([200, 'glyphs-vae@1']);
  expect(response.headers.get('Cache-Control')).toBe('no-store');
  return (await response.json()) as Answer;
}

test('glyphs are usual; noise, inverted and turned pictures are not', async () => {
  const usual = await Promise.all(Array.from({ length: 100 }, (_, i) => ask(digit(i))));
  // One in a hundred of the validation images; these are of the test set.
  expect(usual.filter(({ verdict }) => verdict === 'unusual').length).toBeLessThanOrEqual(5);
  const percentiles = usual.map(({ percentile }) => percentile).toSorted((a, b) => a - b);
  expect(percentiles[50]).toBeGreaterThan(50);
  expect(percentiles[50]).toBeLessThan(85);
  const { pixels } = digit(3);
  const turned = pixels.map((_, i) => pixels[(27 - (i % 28)) * 28 + Math.floor(i / 28)]!);
  for (const strange of [noise(0).pixels, noise(1).pixels, pixels.map((value) => 255 - value), turned])
    expect(await ask({ ...SIZE, pixels: strange })).toMatchObject({ percentile: 100, verdict: 'unusual' });
});

test('what it says of an empty picture: well rebuilt, far from every latent that was seen', async () => {
  // A known limit of the bound: hardly anything to rebuild makes up for an unlikely latent.
  const { verdict, percentiles } = await ask({ ...SIZE, pixels: new Uint8Array(784) });
  expect([verdict, percentiles.reconstruction, percentiles.kl > 99.5]).toEqual(['usual', 0, true]);
});

test('the terms add up, JSON and PNG say the same, larger pictures are resized, engines agree', async () => {
  const one = await ask(digit(12));
  expect(one.score).toBeCloseTo(one.reconstruction + one.kl, 9);
  expect(one.excess).toBeLessThan(one.score);
  expect(one).toMatchObject({ model: 'glyphs-vae', version: 1, rate: 0.01 });
  const json = await zoo.request('/anomaly?model=glyphs-vae@1', {
    method: 'POST',
    body: JSON.stringify({ ...SIZE, pixels: Array.from(digit(12).pixels, (byte) => byte / 255) }),
    headers: { 'Content-Type': 'application/json' },
  });
  expect(await json.json()).toEqual(one);
  expect((await ask(enlarge(digit(12), 3))).score).toBeCloseTo(one.score, 3);
  expect((await ask(digit(12), '&engine=ort')).score).toBeCloseTo(one.score, 2);
});

test('a conditional model judges an image as its likeliest class, or as the one that it is told', async () => {
  const judged = async (query: string) => {
    const response = await fixture.request(`/anomaly?model=shapes${query}`, {
      method: 'POST',
      body: JSON.stringify({ width: 8, height: 8, pixels: Array.from({ length: 64 }, (_, i) => i / 64) }),
      headers: { 'Content-Type': 'application/json' },
    });
    return (await response.json()) as Answer;
  };
  const classes = await Promise.all(['circle', '0', 'square'].map((name) => judged(`&label=${name}`)));
  expect(classes.map(({ label }) => label)).toEqual(['circle', '0', 'square']);
  const scores = classes.map(({ score }) => score);
  expect(new Set(scores).size).toBe(3);
  expect(await judged('')).toEqual(classes[scores.indexOf(Math.min(...scores))]);
});

test('codes: pictures of their own are usual, noise is not, and the KL is what the code costs', async () => {
  const of = (path: string, body: BodyInit, type: string) =>
    zoo.request(`${path}model=mnist-dvae@1`, { method: 'POST', body, headers: { 'Content-Type': type } });
  const judged = async (body: BodyInit, type = 'image/png', query = '?') =>
    (await (await of(`/anomaly${query}`, body, type)).json()) as Answer;
  const own = await Promise.all(
    ['a', 'b', 'c', 'd'].map(async (seed) =>
      (await zoo.request(`/generate/mnist-dvae@1.png?seed=${seed}`)).arrayBuffer(),
    ),
  );
  for (const png of own) expect(await judged(png)).toMatchObject({ model: 'mnist-dvae', verdict: 'usual' });
  const inverted = digit(3).pixels.map((value) => 255 - value);
  for (const pixels of [noise(0).pixels, inverted])
    expect(await judged(encodePng({ ...SIZE, pixels }) as BodyInit)).toMatchObject({
      percentile: 100,
      verdict: 'unusual',
    });
  const png = encodePng(digit(12)) as BodyInit;
  const one = await judged(png);
  expect(one.score).toBeCloseTo(one.reconstruction + one.kl, 9);
  expect((await judged(png, 'image/png', '?engine=ort&')).score).toBeCloseTo(one.score, 2);
  // −log p(z) of the likeliest code z is KL + H(q(z|x)), and the information that an arithmetic code of it has.
  const { logits } = (await (await of('/encode?', png, 'image/png')).json()) as { logits: number[] };
  let entropy = 0;
  for (let v = 0; v < 20; v++) {
    const weights = logits.slice(16 * v, 16 * (v + 1)).map(Math.exp);
    const total = weights.reduce((a, b) => a + b);
    for (const weight of weights) if (weight > 0) entropy -= (weight / total) * Math.log(weight / total);
  }
  expect(entropy).toBeGreaterThan(1);
  const code = await of('/compress?quality=6&format=json&', png, 'image/png');
  const { bits } = (await code.json()) as { bits: number };
  expect(Math.abs(one.kl + entropy - bits * Math.LN2)).toBeLessThan(0.05);
});

test('a higher rate is a lower threshold', async () => {
  const card = (await (await zoo.request('/models/glyphs-vae@1')).json()) as {
    anomaly: { levels: number[]; quantiles: { score: number[] } };
  };
  for (const [rate, level] of [
    [0.2, 0.9],
    [0.01, 0.995],
    [0, 1],
  ] as const) {
    const { thresholds } = await ask(digit(1), `&rate=${rate}`);
    expect(thresholds.score).toBeCloseTo(
      card.anomaly.quantiles.score[card.anomaly.levels.indexOf(level)]!,
      9,
    );
  }
});

const PNG = encodePng(digit(0));

test.each([
  ['', PNG.subarray(0, 60), 'image/png', 400, 'png: '],
  ['', PNG.with(50, PNG[50]! ^ 255), 'image/png', 400, 'png: '],
  ['', 'hello', 'text/plain', 415, "not 'text/plain'"],
  ['', '{"pixels":[2],"width":1,"height":1}', 'application/json', 400, 'the body does not fit'],
  ['', '{"pixels":[1,1],"width":1,"height":1}', 'application/json', 400, 'the body does not fit'],
  ['', new Uint8Array(300_000), 'image/png', 413, '262144 are allowed'],
  ['?rate=0.6', PNG, 'image/png', 400, 'rate: must be a number from 0 to 0.5'],
  ['?rate=', PNG, 'image/png', 400, 'rate: must be a number from 0 to 0.5'],
  ['?scale=2', PNG, 'image/png', 400, 'scale: is not a parameter of this route'],
  ['?label=0', PNG, 'image/png', 422, 'tiny@2 takes no label; models that do: shapes@1'],
  ['?model=shapes&label=cross', PNG, 'image/png', 422, "shapes@1 has no label 'cross'; label must be one of"],
  ['?model=nobody', PNG, 'image/png', 404, "there is no model 'nobody'"],
  [
    '?model=decoder-only',
    PNG,
    'image/png',
    422,
    'decoder-only@1 cannot judge anomalies; models that can: tiny@1, tiny@2, shapes@1, codes@1',
  ],
])('POST /anomaly%s is refused (%#)', async (query, body, type, status, detail) => {
  const response = await fixture.request(`/anomaly${query}`, {
    method: 'POST',
    body: body as BodyInit,
    headers: { 'Content-Type': type },
  });
  expect([response.status, response.headers.get('Content-Type')]).toEqual([
    status,
    'application/problem+json',
  ]);
  expect(((await response.json()) as { detail: string }).detail).toContain(detail);
});
