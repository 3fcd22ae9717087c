// Where one request may take little, the pages promise nothing that is refused: on Cloudflare's free plan, say.
import { expect, test } from 'vitest';
import { operationsIn } from '../../core/budget.ts';
import type { ModelCard } from '../../models/card.ts';
import { createWorker } from '../../worker/entry.ts';
import { createFixtureApp, readCosting, readLarge } from './fixture.ts';

/** The fixture with decoders that cost about as much as those of faces. */
const readDear = readCosting(14e6);

/** What one request may take of ten milliseconds, as docs/owners.md says it. */
const MILLISECONDS = 6;
const app = createFixtureApp({ readFile: readDear, maxOperations: operationsIn(MILLISECONDS) });
const textOf = async (path: string) => (await app.request(path)).text();
const plain = (text: string) => text.replaceAll('&amp;', '&').replaceAll('http://localhost', '');

/** Addresses of pictures that a page shows, links to, or tells others of. */
const picturesOf = (html: string): string[] => [
  ...new Set(
    [...plain(html).matchAll(/(?:src|href|content)="(\/(?:generate|interpolate|manifold)[^"]*)"/g)].map(
      ([, one]) => one!,
    ),
  ),
];

test('every picture on the pages of models fits', async () => {
  const cards = (await (await app.request('/models?format=json')).json()) as ModelCard[];
  const pages = [
    '/models?format=html',
    ...cards.map(({ id, version }) => `/models/${id}@${version}?format=html`),
  ];
  let asked = 0;
  for (const page of pages)
    for (const address of picturesOf(await textOf(page))) {
      expect([page, address, (await app.request(address)).status]).toEqual([page, address, 200]);
      asked++;
    }
  expect(asked).toBeGreaterThan(20);
  // Of images of 14 million operations four fit into 57.6 million, in a row.
  expect(plain(await textOf('/models/tiny@1?format=html'))).toContain(
    'src="/generate/tiny@1.png?seed=anna&n=4&columns=4&scale=4&colormap=ember" width="128" height="32"',
  );
});

test('every example of the reference fits', async () => {
  const { paths } = (await (await app.request('/openapi.json')).json()) as {
    paths: Record<string, Record<string, unknown>>;
  };
  const html = plain(await textOf('/docs'));
  const commands = [...html.matchAll(/curl &#39;(\/[^<]*?)&#39;/g)].map(([, address]) => address!);
  expect(commands.length).toBeGreaterThan(Object.keys(paths).length / 2);
  for (const address of commands)
    expect([address, (await app.request(address)).status]).toEqual([address, 200]);
});

test('the picture of a card of links is as large as may be', async () => {
  const assets = {
    async fetch(asked: URL | Request) {
      const { pathname } = new URL(asked instanceof Request ? asked.url : asked);
      if (pathname === '/') return new Response('<head></head>');
      const bytes = await readDear(pathname.replace('/models/', ''));
      return bytes ? new Response(bytes) : new Response(null, { status: 404 });
    },
  };
  const picture = async (bindings: { MAX_CPU_MS?: number }) => {
    const worker = createWorker({ ASSETS: assets, DEFAULT_MODEL: 'tiny', ...bindings });
    const get = (path: string) =>
      worker.fetch(new Request(new URL(path, 'http://localhost')), undefined, { waitUntil() {} });
    const html = plain(await (await get('/?model=tiny&seed=a&colormap=ember')).text());
    const [, address] = /og:image" content="([^"]*)"/.exec(html) ?? [];
    const [, width] = /og:image:width" content="([^"]*)"/.exec(html) ?? [];
    return [address, width, address && (await get(address)).status];
  };
  expect(await picture({})).toEqual(['/generate/tiny@2/600x600.png?seed=a&colormap=ember', '600', 200]);
  expect(await picture({ MAX_CPU_MS: MILLISECONDS })).toEqual([
    '/generate/tiny@2.png?seed=a&colormap=ember&scale=16',
    '128',
    200,
  ]);
  // Where there is no room for one picture no page promises one.
  expect(await picture({ MAX_CPU_MS: 1 })).toEqual([undefined, undefined, undefined]);
});

test('what is embedded fits: frames, and addresses of oEmbed', async () => {
  const large = createFixtureApp({ readFile: readLarge });
  // 64² pixels × 64 places × scale² ≤ 8 MiB.
  const frame = plain(await (await large.request('/embed?model=tiny&seed=a&n=64')).text());
  expect(frame).toContain('<img src="/generate/tiny@2.png?seed=a&n=64&scale=5"');
  const url = encodeURIComponent('http://localhost/generate/tiny.png?seed=a&n=64');
  const about = await large.request(`/oembed?url=${url}&maxwidth=9999&maxheight=9999`);
  expect(await about.json()).toMatchObject({
    url: 'http://localhost/generate/tiny@2.png?seed=a&n=64&scale=5',
    width: 2560,
  });
  const refused = (of: string) =>
    app.request(`/oembed?url=${encodeURIComponent(`http://localhost/generate/${of}`)}`);
  expect(await (await refused('tiny.png?seed=a&n=5')).json()).toMatchObject({
    status: 422,
    errors: [{ parameter: 'url n', rule: 'must be at most 4 for this model' }],
  });
  expect((await refused('tiny.png?seed=a&label=square')).status).toBe(422);
});
