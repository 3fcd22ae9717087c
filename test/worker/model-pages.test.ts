// The pages of models: who gets them, what they say, and that nothing in them is markup that was not meant.
import { expect, test } from 'vitest';
import type { ModelCard } from '../../models/card.ts';
import { createFixtureApp, fixtureCards, readFixture } from './fixture.ts';

/** The fixture with other words on its cards. */
const appWith = (change: (card: ModelCard) => ModelCard) =>
  createFixtureApp({
    async readFile(path) {
      if (path !== 'index.json') return readFixture(path);
      const cards = (await fixtureCards()).map(change);
      return new TextEncoder().encode(JSON.stringify(cards)).buffer as ArrayBuffer;
    },
  });
const metric = { unit: 'nats', split: 'test, 9 images', protocol: 'by hand' };
const app = appWith((card) => ({
  ...card,
  metrics: [
    { name: 'nll', value: -85.7375, standardError: 0.2178, ...metric },
    { name: 'accuracy', value: 98.31, interval: [98.05, 98.55], ...metric },
    { name: 'active-units', value: 28, ...metric },
  ],
}));
const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8';
const get = (path: string, Accept?: string) =>
  app.request(path, Accept === undefined ? {} : { headers: { Accept } });

test.each([
  [undefined, 'application/json'],
  ['*/*', 'application/json'],
  ['application/json', 'application/json'],
  ['text/html;q=0.3, application/json', 'application/json'],
  ['text/html;q=0, */*', 'application/json'],
  [BROWSER, 'text/html; charset=UTF-8'],
  ['text/*', 'text/html; charset=UTF-8'],
])('who accepts %s gets %s, and no cache mixes the two up', async (accept, type) => {
  for (const path of ['/models', '/models/tiny@1']) {
    const { headers } = await get(path, accept);
    expect([headers.get('Content-Type'), headers.get('Vary'), headers.get('Cache-Control')]).toEqual([
      type,
      'Accept',
      'private, max-age=60',
    ]);
  }
});

test('the format in the address is the format of the answer, whatever is accepted', async () => {
  const json = await get('/models/tiny@1?format=json', BROWSER);
  expect([
    json.headers.get('Content-Type'),
    json.headers.get('Vary'),
    json.headers.get('Cache-Control'),
  ]).toEqual(['application/json', null, 'public, max-age=3600']);
  expect(await json.json()).toMatchObject({ id: 'tiny', version: 1 });
  const page = await get('/models?format=html');
  expect(page.headers.get('Content-Security-Policy')).toContain("default-src 'none'; style-src 'self'");
  expect((await get('/models/nobody', BROWSER)).status).toBe(404);
});

test('a page says what its model can do, with requests that are answered, its terms and its figures', async () => {
  const html = await (await get('/models/tiny@1', BROWSER)).text();
  const { capabilities, dataset } = (await (await get('/models/tiny@1')).json()) as ModelCard;
  for (const one of capabilities) expect(html).toContain(`<dt>${one}</dt>`);
  for (const value of ['−85.74 ± 0.22', '98.31 (95 %: 98.05 to 98.55)', '28'])
    expect(html).toContain(`<b>${value}</b> nats`);
  expect(html).toContain(`of unknown terms</strong>: <code>npm run deploy</code> leaves it out`);
  expect(html).toContain(`${dataset.title}: ${dataset.terms}`);
  expect(html).toContain('<meta property="og:url" content="http://localhost/models/tiny@1">');
  // A shell shows no picture and no code: they go into files.
  for (const [path, answer] of [
    ['/reconstruct?model=tiny@1&amp;scale=4', ' -o answer.png'],
    ['/compress?model=tiny@1&amp;quality=5', ' -o answer.bin'],
    ['/anomaly?model=tiny@1&amp;rate=0.01', ''],
  ])
    expect(html).toContain(
      `curl -X POST &#39;http://localhost${path}&#39; -H &#39;Content-Type: image/png&#39; --data-binary @picture.png${answer}</code>`,
    );
  const links = [...html.matchAll(/<(?:a|img)[^>]* (?:href|src)="(\/[^"]*)"/g)].map(([, one]) =>
    one!.replaceAll('&amp;', '&'),
  );
  const own = links.filter((one) => /^\/(generate|interpolate|manifold|models)/.test(one));
  expect(own.length).toBeGreaterThan(6);
  for (const link of new Set(own)) expect([link, (await get(link)).status]).toEqual([link, 200]);
});

test('every model of the list has a page, of whichever family', async () => {
  const cards = (await (await get('/models')).json()) as ModelCard[];
  const list = await (await get('/models', BROWSER)).text();
  for (const { id, version } of cards) {
    expect(list).toContain(`<a href="/models/${id}@${version}">`);
    expect((await get(`/models/${id}@${version}`, BROWSER)).status).toBe(200);
  }
});

test('words of a card are words, not markup', async () => {
  const evil = appWith((card) => ({ ...card, title: '<script>1</script>', description: '"><img src=x>' }));
  const html = await (await evil.request('/models/tiny@1?format=html')).text();
  expect(html).not.toContain('<script');
  expect(html).not.toContain('"><img src=x>');
});
