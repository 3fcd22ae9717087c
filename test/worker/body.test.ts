// Bodies: what is wrong with one is said by field, rule and value; none is waited for, or held, without end.
import { gzipSync } from 'fflate';
import { afterEach, expect, test, vi } from 'vitest';
import { encodePng } from '../../core/image/png.ts';
import { createFixtureApp, engine } from './fixture.ts';

const app = createFixtureApp();
const PNG = encodePng({ width: 8, height: 8, channels: 1, pixels: new Uint8Array(64).fill(51) });
const post = (
  path: string,
  body: BodyInit | ReadableStream,
  type: string,
  headers: Record<string, string> = {},
) =>
  app.request(
    new Request(`http://localhost${path}`, {
      method: 'POST',
      body,
      headers: { 'Content-Type': type, ...headers },
      duplex: 'half',
    } as RequestInit),
  );
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test.each([
  ['/encode', '{', 'the body must be JSON in UTF-8', 'body', 'must be JSON in UTF-8'],
  ['/encode', '[1]', 'the body does not fit', 'body', 'must be an object'],
  [
    '/encode',
    '{"pixel":[1]}',
    'the body does not fit',
    'body.pixels',
    'must be an array of numbers from 0 to 1',
  ],
  [
    '/encode',
    '{"pixels":[0,"",""],"width":3,"height":1}',
    'the body does not fit',
    'body.pixels.1',
    'must be a number from 0 to 1',
  ],
  [
    '/encode',
    '{"pixels":[0],"width":1,"height":1,"__proto__":1}',
    'the body does not fit',
    'body.__proto__',
    'is not a parameter of this route',
  ],
])('POST %s of %s: %s', async (path, body, detail, parameter, rule) => {
  const response = await post(path, body, 'application/json');
  expect([response.status, await response.json()]).toMatchObject([
    400,
    { detail, errors: expect.arrayContaining([expect.objectContaining({ parameter, rule })]) },
  ]);
});

test('a hundred thousand faults are one', async () => {
  const body = `{"pixels":[${'"",'.repeat(80_000)}""],"width":1,"height":1}`;
  const { errors } = (await (await post('/encode', body, 'application/json')).json()) as {
    errors: unknown[];
  };
  expect(errors).toEqual([{ parameter: 'body.pixels.0', rule: 'must be a number from 0 to 1', value: '' }]);
});

test('a body may come packed, within the same limit', async () => {
  const plain = await (await post('/encode', PNG, 'image/png')).json();
  const gzip = { 'Content-Encoding': 'gzip' };
  expect(await (await post('/encode', gzipSync(PNG), 'image/png', gzip)).json()).toEqual(plain);
  const bomb = gzipSync(new Uint8Array(8 << 20));
  expect((await post('/encode', bomb, 'image/png', gzip)).status).toBe(413);
  const cut = await post('/encode', gzipSync(PNG).subarray(0, 40), 'image/png', gzip);
  expect([cut.status, ((await cut.json()) as { detail: string }).detail]).toEqual([
    400,
    'the body must be what Content-Encoding says, gzip',
  ]);
  const brotli = await post('/encode', PNG, 'image/png', { 'Content-Encoding': 'br' });
  expect([brotli.status, brotli.headers.get('Accept-Encoding')]).toEqual([415, 'gzip, deflate']);
});

const streamOf = (...parts: (Uint8Array | 'stall' | 'break')[]) =>
  new ReadableStream<Uint8Array>({
    async pull(controller) {
      const part = parts.shift();
      if (part === 'stall') await new Promise(() => {});
      else if (part === 'break') controller.error(new TypeError('Cannot read properties of undefined'));
      else if (part) controller.enqueue(part);
      else controller.close();
    },
  });

test('a body that breaks off is a bad request, and no error of ours', async () => {
  const logged = vi.spyOn(console, 'error').mockImplementation(() => {});
  const response = await post('/encode', streamOf(PNG.subarray(0, 20), 'break'), 'image/png');
  expect(response.status).toBe(400);
  expect(await response.text()).not.toContain('Cannot read');
  expect(logged).not.toHaveBeenCalled();
});

test('a body that stalls is given up', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  const answer = post('/encode', streamOf(PNG.subarray(0, 20), 'stall'), 'image/png');
  await vi.advanceTimersByTimeAsync(8_100);
  expect((await answer).status).toBe(408);
});

test('a hundred bodies that stall leave room for others', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  const stalled = Array.from({ length: 200 }, () =>
    post('/encode', streamOf(PNG.subarray(0, 1), 'stall'), 'image/png'),
  );
  await vi.advanceTimersByTimeAsync(10);
  expect((await post('/encode', PNG, 'image/png')).status).toBe(200);
  await vi.advanceTimersByTimeAsync(9_000);
  expect(new Set((await Promise.all(stalled)).map(({ status }) => status))).toEqual(new Set([408]));
});

test('bodies of 16 MiB are held at most: more are asked to wait, and what is given up makes room again', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  const large = new Uint8Array(250 * 1024);
  const answers = Array.from({ length: 80 }, () => post('/encode', streamOf(large, 'stall'), 'image/png'));
  await vi.advanceTimersByTimeAsync(9_000);
  const found = await Promise.all(answers);
  const of = (status: number) => found.filter((one) => one.status === status);
  expect([of(408).length, of(503).length]).toEqual([65, 15]);
  expect(new Set(of(503).map(({ headers }) => headers.get('Retry-After')))).toEqual(new Set(['2']));
  expect((await post('/encode', PNG, 'image/png')).status).toBe(200);
});

test.each([
  ['/encode', 'image/png', 413],
  ['/encode', 'image/gif', 415],
  ['/encode?model=nobody', 'image/png', 404],
  ['/encode?strange=1', 'image/png', 400],
  ['/nowhere', 'image/png', 404],
])(
  'what is refused before its body is read, POST %s of %s, is read to its end all the same',
  async (path, type, status) => {
    let sent = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (sent === 40) controller.close();
        else controller.enqueue(new Uint8Array(25_000).fill(sent++));
      },
    });
    expect([(await post(path, body, type)).status, sent]).toEqual([status, 40]);
  },
);

test('a slow body that is refused is read to its end; one that stalls, for three seconds', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  const sending = async (parts: number) => {
    let sent = 0;
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        await new Promise((done) => setTimeout(done, sent === parts ? 60_000 : 2_000));
        sent += 1;
        if (sent === 8) controller.close();
        else controller.enqueue(PNG);
      },
    });
    const { status } = await post('/nowhere', body, 'image/png');
    return [status, sent, Date.now() - start];
  };
  const start = Date.now();
  const answers = Promise.all([sending(8), sending(2)]);
  await vi.advanceTimersByTimeAsync(30_000);
  expect(await answers).toEqual([
    [404, 8, 16_000],
    [404, 2, 7_000],
  ]);
});

test('a body that comes to a route that needs none is read to its end', async () => {
  let sent = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (sent++ === 40) controller.close();
      else controller.enqueue(new Uint8Array(25_000));
    },
  });
  const asked = new Request('http://localhost/encode', {
    method: 'OPTIONS',
    body,
    duplex: 'half',
  } as RequestInit);
  expect([(await app.request(asked)).status, sent]).toEqual([204, 41]);
});

test('a body without end is not read to its end', async () => {
  let sent = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent += 1;
      controller.enqueue(new Uint8Array(1 << 20));
    },
  });
  expect((await post('/nowhere', body, 'image/png')).status).toBe(404);
  expect(sent).toBeLessThan(20);
});

test('a picture of a kind that does not exist is a bad request', async () => {
  const bad = PNG.slice();
  // RGB with 2 bits; the header's checksum is made to fit in decode-png.test.ts.
  bad.set([2, 2], 24);
  for (const path of ['/encode', '/anomaly', '/compress?model=tiny@1', '/reconstruct'])
    expect([path, (await post(path, bad, 'image/png')).status]).toEqual([path, 400]);
});

test('a number that is none leaves no route', async () => {
  const broken = createFixtureApp({
    engine: {
      name: 'broken',
      async load(onnx) {
        const session = await engine.load(onnx);
        return {
          ...session,
          async run(feeds) {
            const results = await session.run(feeds);
            for (const { data } of Object.values(results)) data[data.length - 1] = Number.NaN;
            return results;
          },
        };
      },
    },
  });
  const image = { method: 'POST', body: PNG, headers: { 'Content-Type': 'image/png' } };
  const latents = {
    method: 'POST',
    body: '{"latents":[[0,0,0]]}',
    headers: { 'Content-Type': 'application/json' },
  };
  for (const [path, init] of [
    ['/generate/tiny@1.json?seed=a', {}],
    ['/interpolate/tiny@1.json?from=a&to=b', {}],
    ['/encode?model=tiny@1', image],
    ['/anomaly?model=tiny@1', image],
    ['/compress?model=tiny@1', image],
    ['/reconstruct?model=tiny@1', image],
    ['/decode?model=tiny@1', latents],
  ] as const) {
    const response = await broken.request(path, init);
    expect([path, response.status, ((await response.json()) as { detail: string }).detail]).toEqual([
      path,
      422,
      expect.stringMatching(/^the model has no finite answer to this: \w+\[\d+\] is NaN$/),
    ]);
  }
});
