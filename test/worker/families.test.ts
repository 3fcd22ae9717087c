// Models of other families on the routes that they can serve: uniform latents, codes with and without a learned prior.
import { expect, test } from 'vitest';
import { decodePng } from '../../core/image/decode-png.ts';
import { latentOfCodes } from '../../core/latents/codes.ts';
import { drawLatent } from '../../core/latents/draw.ts';
import { modelCardSchema } from '../../models/card-schema.ts';
import { createFixtureApp, fixtureCards, readFixture } from './fixture.ts';

const app = createFixtureApp();
/** Answered without inference: the client says that it has everything. */
const KNOWN = { 'If-None-Match': '*' };
type Answer = {
  mean?: number[];
  codes?: number[];
  logits?: number[];
  detail?: string;
  errors?: unknown;
  images: { latent?: number[]; codes?: number[]; pixels: string }[];
};
const json = async (path: string) => (await (await app.request(path)).json()) as Answer;
const post = (path: string, body: unknown) =>
  app.request(path, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'Content-Type': 'application/json' },
  });
const posted = async (path: string, body: unknown) => (await (await post(path, body)).json()) as Answer;
const codesOf = ({ images }: Answer) => images.map(({ codes }) => codes?.join(''));

test('the cards of the fixture are valid', async () => {
  for (const card of await fixtureCards()) expect(modelCardSchema.parse(card)).toEqual(card);
});

test('a seed is a picture, for ever, whatever the prior', async () => {
  const drawn = async (model: string) => {
    const { images } = await json(`/generate/${model}.json?seed=anna&n=3`);
    return images.map(({ latent, codes, pixels }) => [
      codes?.join('') ?? latent!.map((value) => value.toFixed(3)).join(' '),
      pixels.slice(0, 8),
    ]);
  };
  expect(await drawn('uniform')).toMatchInlineSnapshot(`
    [
      [
        "-1.001 0.151 -0.366",
        "mnO8bJmD",
      ],
      [
        "-1.211 0.894 -0.989",
        "yEWVH26U",
      ],
      [
        "-1.311 0.274 0.397",
        "X6S8iM9i",
      ],
    ]
  `);
  expect(await drawn('bits')).toMatchInlineSnapshot(`
    [
      [
        "101000",
        "WTd8o0wz",
      ],
      [
        "101011",
        "kdzlrE4f",
      ],
      [
        "100000",
        "XUdqkoyC",
      ],
    ]
  `);
  expect(await drawn('codes')).toMatchInlineSnapshot(`
    [
      [
        "0120",
        "sxbeeJz2",
      ],
      [
        "2020",
        "YtIrh3/s",
      ],
      [
        "0120",
        "sxbeeJz2",
      ],
    ]
  `);
});

test.each(['uniform', 'bits', 'codes'])(
  '%s: image i is the same alone, in a batch and by the reference',
  async (model) => {
    const many = await json(`/generate/${model}.json?seed=otto&n=21`);
    const few = await json(`/generate/${model}.json?seed=otto&n=2`);
    expect(many.images.slice(0, 2)).toEqual(few.images);
    const reference = await json(`/generate/${model}.json?seed=otto&n=2&engine=ort`);
    expect(codesOf(reference)).toEqual(codesOf(few));
    expect(reference.images.map(({ latent }) => latent)).toEqual(few.images.map(({ latent }) => latent));
  },
);

test('another learned prior is another answer', async () => {
  const tagWith = async (sha256: string) => {
    const own = createFixtureApp({
      async readFile(file) {
        if (file !== 'index.json') return readFixture(file);
        const cards = (await fixtureCards()).map(({ files, ...card }) => ({
          ...card,
          files: files.map((one) => (one.name === 'prior.onnx' ? { ...one, sha256 } : one)),
        }));
        return new TextEncoder().encode(JSON.stringify(cards)).buffer as ArrayBuffer;
      },
    });
    const answers = await Promise.all(
      ['codes', 'bits'].map((model) => own.request(`/generate/${model}.png?seed=a`, { headers: KNOWN })),
    );
    return answers.map(({ headers }) => headers.get('ETag'));
  };
  const [codes, bits] = await tagWith('0'.repeat(64));
  const [others, same] = await tagWith('1'.repeat(64));
  expect([others === codes, same === bits]).toEqual([false, true]);
});

test('uniform latents reach as far as temperature says', async () => {
  const spec = { prior: 'uniform', dimensions: 3, low: -Math.sqrt(3), high: Math.sqrt(3) } as const;
  const { images } = await json('/generate/uniform.json?seed=a&n=2&temperature=0.5');
  expect(images.map(({ latent }) => latent)).toEqual([0, 1].map((i) => [...drawLatent(spec, 'a', i, 0.5)]));
});

test('a learned prior is sharper when it is cold, and knows what came before', async () => {
  const follows = async (temperature: number) => {
    const codes = codesOf(await json(`/generate/codes.json?seed=a&n=64&temperature=${temperature}`));
    const pairs = codes.flatMap((code) =>
      [0, 1, 2].map((v) => (Number(code![v]) + 1) % 3 === Number(code![v + 1])),
    );
    return pairs.filter(Boolean).length / pairs.length;
  };
  // exp(3 / τ) / (exp(3 / τ) + 2): 1, 0.91, 0.69.
  expect(await follows(0)).toBe(1);
  expect(Math.abs((await follows(1)) - 0.909)).toBeLessThan(4 * Math.sqrt(0.083 / 192));
  expect(Math.abs((await follows(2)) - 0.691)).toBeLessThan(4 * Math.sqrt(0.214 / 192));
});

test('codes are decoded as they were drawn: as whole numbers, one-hot, or a blend', async () => {
  const { images } = await json('/generate/codes.json?seed=anna&n=2');
  const codes = images.map((image) => image.codes!);
  const pixels = images.map((image) => image.pixels);
  const spec = { prior: 'categorical', variables: 4, classes: 3 } as const;
  const oneHot = codes.map((code) => [...latentOfCodes(spec, code)]);
  const decoded = async (body: object) =>
    (await posted('/decode?model=codes&format=json', body)).images.map((image) => image.pixels);
  expect(await decoded({ codes })).toEqual(pixels);
  expect(await decoded({ latents: oneHot })).toEqual(pixels);
  const blend = oneHot[0]!.map((value, i) => (value + oneHot[1]![i]!) / 2);
  expect(pixels).not.toContain((await decoded({ latents: [blend] }))[0]);
});

test('a path between codes changes one after another and meets both ends; a straight one blends', async () => {
  const ends = await Promise.all(['a', 'b'].map((seed) => json(`/generate/codes.json?seed=${seed}`)));
  const { images } = await json('/interpolate/codes.json?from=a&to=b&steps=5');
  expect([images[0]!.pixels, images[4]!.pixels]).toEqual(ends.map((end) => end.images[0]!.pixels));
  const changes = images
    .slice(1)
    .map(({ codes }, i) => codes!.filter((c, v) => c !== images[i]!.codes![v]).length);
  expect(Math.max(...changes)).toBe(1);
  const blended = await json('/interpolate/codes.json?from=a&to=b&steps=3&path=lerp');
  expect(blended.images.map(({ codes, latent }) => [codes !== undefined, latent !== undefined])).toEqual([
    [true, false],
    [false, true],
    [true, false],
  ]);
  const straight = await json('/interpolate/uniform.json?from=a&to=b&steps=3');
  const [first, middle, last] = straight.images.map(({ latent }) => latent!);
  middle!.forEach((value, j) => {
    expect(value).toBeCloseTo((first![j]! + last![j]!) / 2, 5);
  });
});

test('an image is encoded as the likeliest code, with its logits, and comes back from that code', async () => {
  const image = { pixels: Array.from({ length: 64 }, (_, i) => (i % 7) / 6), width: 8, height: 8 };
  for (const [model, size] of [
    ['bits', 1],
    ['codes', 3],
  ] as const) {
    const { codes, logits } = await posted(`/encode?model=${model}`, image);
    expect(logits).toHaveLength(codes!.length * size);
    codes!.forEach((code, v) => {
      const own = logits!.slice(v * size, (v + 1) * size);
      expect(code).toBe(size === 1 ? Number(own[0]! > 0) : own.indexOf(Math.max(...own)));
    });
    const rebuilt = await posted(`/reconstruct?model=${model}&format=json`, image);
    const decoded = await posted(`/decode?model=${model}&format=json`, { codes: [codes] });
    expect(rebuilt).toEqual({ ...decoded, codes });
  }
});

test('a plane goes through three seeds of any continuous prior, and through no codes', async () => {
  const plane = 'origin=a&right=b&down=c&size=3';
  const response = await app.request(`/manifold/uniform.png?${plane}`);
  const { width, pixels } = decodePng(new Uint8Array(await response.arrayBuffer()), { maxPixels: 1e6 });
  const corner = await app.request('/generate/uniform.png?seed=a');
  const own = decodePng(new Uint8Array(await corner.arrayBuffer()), { maxPixels: 1e6 });
  expect([width, ...pixels.slice(0, 8)]).toEqual([24, ...own.pixels.slice(0, 8)]);
  expect((await app.request(`/manifold/codes.png?${plane}`)).status).toBe(422);
});

test.each([
  ['interpolate', 'uniform', 'slerp', 'path must be lerp for uniform latents'],
  ['interpolate', 'codes', 'slerp', 'path must be codes or lerp for categorical latents'],
  ['interpolate', 'tiny', 'codes', 'path must be slerp or lerp for gaussian latents'],
])('%s of %s has no path %s: %s', async (route, model, path, rule) => {
  const response = await app.request(`/${route}/${model}.json?from=a&to=b&path=${path}`);
  expect([response.status, ((await response.json()) as Answer).detail]).toEqual([
    422,
    expect.stringContaining(rule),
  ]);
});

test.each([
  ['codes', { codes: [[0, 1, 2]] }, 422, 'body.codes.0', 'must have 4 numbers', 3],
  [
    'codes',
    {
      codes: [
        [0, 1, 2, 0],
        [0, 1, 3, 0],
      ],
    },
    422,
    'body.codes.1.2',
    'must be from 0 to 2',
    3,
  ],
  ['bits', { codes: [[0, 1, 0, 1, 0, 2]] }, 422, 'body.codes.0.5', 'must be from 0 to 1', 2],
  [
    'codes',
    { latents: [Array(12).fill(0.5), [...Array(11).fill(0), 1.5]] },
    422,
    'body.latents.1.11',
    'must be from 0 to 1',
    1.5,
  ],
  ['codes', { latents: [[1]] }, 422, 'body.latents.0', 'must have 12 numbers', 1],
  ['tiny', { codes: [[0, 0, 0]] }, 422, 'body.codes', 'is for models with discrete latents', undefined],
  ['uniform', { codes: [[0, 0, 0]] }, 422, 'body.codes', 'is for models with discrete latents', undefined],
  ['codes', { codes: [[0, 1, 2, 0.5]] }, 400, 'body.codes.0.3', 'must be a whole number from 0 to 4096', 0.5],
  ['codes', { codes: [[-1, 1, 2, 0]] }, 400, 'body.codes.0.0', 'must be a whole number from 0 to 4096', -1],
  ['codes', {}, 400, 'body', 'must have latents, or else codes', undefined],
  ['codes', { codes: [[0]], latents: [[0]] }, 400, 'body', 'must have latents, or else codes', undefined],
])('/decode of %s refuses %j', async (model, body, status, parameter, rule, value) => {
  const response = await post(`/decode?model=${model}`, body);
  const { errors } = (await response.json()) as Answer;
  expect([response.status, errors]).toEqual([
    status,
    [{ parameter, rule, ...(value === undefined ? {} : { value }) }],
  ]);
});

test('what needs a posterior, or continuous latents, is refused by name', async () => {
  for (const [route, verb, ...models] of [
    ['anomaly', 'judge anomalies', 'uniform', 'bits', 'halves'],
    ['compress', 'compress', 'uniform', 'halves'],
    ['edit', 'edit', 'uniform', 'codes', 'halves'],
  ])
    for (const model of models) {
      const response = await post(`/${route}?model=${model}`, {});
      const { detail } = (await response.json()) as Answer;
      expect([response.status, detail]).toEqual([
        422,
        expect.stringContaining(`${model}@1 cannot ${verb}; models that can: `),
      ]);
    }
});

test('the work of a learned prior counts: four runs of it for each image', async () => {
  const own = createFixtureApp({ maxOperations: 12e6 });
  const largest = async (path: string) => {
    const response = await own.request(path);
    return ((await response.json()) as { errors: { rule: string }[] }).errors[0]!.rule;
  };
  expect(await largest('/generate/codes.json?seed=a&n=9')).toBe('must be at most 2 for this model');
  expect(await largest('/generate/bits.json?seed=a&n=13')).toBe('must be at most 12 for this model');
  expect(await largest('/interpolate/codes.json?from=a&to=b&steps=9')).toBe(
    'must be at most 4 for this model',
  );
});
