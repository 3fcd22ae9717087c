// The client: which requests its functions send, and what its one class of errors says.
import { expect, test } from 'vitest';
import { generateUrl, interpolateUrl, manifoldUrl } from '../../client/address.ts';
import { createClient, DreamletError, pixelsOf } from '../../client/index.ts';
import { encodePng } from '../../core/image/png.ts';
import { createNodeApp } from '../../worker/node.ts';

const ORIGIN = 'https://dreamlet.test';
const PIXELS = { pixels: [0, 1], width: 2, height: 1 };
const PNG = encodePng({ width: 1, height: 1, channels: 1, pixels: Uint8Array.of(7) });

/** A client, and the requests that it sends; `answer` answers them. */
function record(answer: () => Response = () => Response.json({})) {
  const sent: { address: string; method: string; type: string | null }[] = [];
  const client = createClient(ORIGIN, {
    async fetch(address, init) {
      const { method, headers } = new Request(address, init);
      sent.push({ address: address.replace(ORIGIN, ''), method, type: headers.get('Content-Type') });
      return answer();
    },
  });
  return { client, sent };
}

test('addresses are short, and those that caches keep by themselves', () => {
  expect([
    generateUrl(ORIGIN, { model: 'mnist-vae@1', seed: 'a b&c', n: 4, label: undefined }),
    generateUrl(ORIGIN, { seed: 'anna' }),
    generateUrl(`${ORIGIN}/results/`, { model: '../x', format: 'json' }),
    interpolateUrl(ORIGIN, { model: 'mnist-vae', from: 'a', to: 'b', loop: true, format: 'apng' }),
    manifoldUrl(ORIGIN, { model: 'mnist-vae-2d', size: 20 }),
  ]).toEqual([
    'https://dreamlet.test/generate/mnist-vae@1.png?seed=a+b%26c&n=4',
    'https://dreamlet.test/generate?seed=anna&format=png',
    'https://dreamlet.test/generate/..%2Fx.json',
    'https://dreamlet.test/interpolate/mnist-vae.apng?from=a&to=b&loop=true',
    'https://dreamlet.test/manifold/mnist-vae-2d.png?size=20',
  ]);
});

test('every function asks its route for JSON', async () => {
  const { client, sent } = record();
  await client.generate({ seed: 'anna' });
  await client.interpolate({ model: 'tiny', from: 'a', to: 'b' });
  await client.decode({ latents: [[0]] }, { model: 'tiny' });
  await client.encode(PIXELS, { model: 'tiny' });
  await client.reconstruct(PNG);
  await client.complete(new Blob([PNG]), { mask: 'left' });
  await client.classify(PNG.buffer);
  await client.anomaly(PNG);
  await client.compress(PNG);
  await client.decompress('AAAA', { scale: 2 });
  await client.edit({ direction: ['smile', 'age'], strength: [1, -2], seed: 'anna' });
  await client.models();
  await client.model('tiny@1');
  await client.health();
  const json = 'application/json';
  expect(sent.map(({ address, method, type }) => [method, address, type])).toEqual([
    ['GET', '/generate?seed=anna&format=json', null],
    ['GET', '/interpolate/tiny.json?from=a&to=b', null],
    ['POST', '/decode?model=tiny&format=json', json],
    ['POST', '/encode?model=tiny', json],
    ['POST', '/reconstruct?format=json', 'image/png'],
    ['POST', '/complete?mask=left&format=json', 'image/png'],
    ['POST', '/classify', 'image/png'],
    ['POST', '/anomaly', 'image/png'],
    ['POST', '/compress?format=json', 'image/png'],
    ['POST', '/decompress?scale=2&format=json', json],
    ['POST', '/edit?direction=smile%2Cage&strength=1%2C-2&seed=anna&format=json', null],
    ['GET', '/models', null],
    ['GET', '/models/tiny@1', null],
    ['GET', '/healthz', null],
  ]);
});

test.each([
  ['image/jpeg', [0xff, 0xd8, 0xff, 0xe0]],
  ['image/webp', [...'RIFF\n\0\0\0WEBPVP8L'].map((letter) => letter.charCodeAt(0))],
])('a file is %s by its first bytes, whatever it says', async (type, bytes) => {
  const { client, sent } = record();
  await client.encode(new Blob([Uint8Array.from(bytes)], { type: 'image/gif' }));
  expect(sent[0]!.type).toBe(type);
});

test('what is no picture is refused before it is sent', async () => {
  const { client, sent } = record();
  await expect(client.encode(new Blob(['GIF89a']))).rejects.toThrow('must be a PNG, JPEG or WebP file');
  expect(sent).toEqual([]);
});

test('a problem of the service is an error with its document', async () => {
  const app = createNodeApp('models');
  const client = createClient(ORIGIN, { fetch: async (address, init) => app.request(address, init) });
  const error = await client.generate({ n: 65 }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(DreamletError);
  expect(error).toMatchObject({
    name: 'DreamletError',
    message: 'n: must be a whole number from 1 to 64',
    status: 400,
    problem: { title: 'Bad request', errors: [{ parameter: 'n', value: '65' }] },
  });
});

test('other failures are the same class: busy, no document, no answer', async () => {
  const busy = record(() =>
    Response.json({ detail: 'no room' }, { status: 503, headers: { 'Retry-After': '2' } }),
  );
  await expect(busy.client.models()).rejects.toMatchObject({
    status: 503,
    message: 'no room',
    retryAfter: 2,
  });
  const bare = record(() => new Response('<h1>', { status: 502 }));
  await expect(bare.client.models()).rejects.toMatchObject({
    status: 502,
    message: 'the server answered 502',
    problem: undefined,
    retryAfter: undefined,
  });
  const cut = record(() => {
    throw new TypeError('fetch failed');
  });
  await expect(cut.client.models()).rejects.toMatchObject({
    name: 'DreamletError',
    status: 0,
    message: 'the server cannot be reached',
  });
});

test('a signal ends a request, and its reason is what is thrown', async () => {
  const client = createClient(ORIGIN, {
    fetch: async (_, { signal }) => {
      signal!.throwIfAborted();
      return Response.json({});
    },
  });
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(client.models({ signal })).rejects.toThrow('enough');
});

test('the pixels of an image are its bytes', () => {
  expect(pixelsOf({ pixels: 'AP8B' })).toEqual(Uint8Array.of(0, 255, 1));
});
