// What owners run: the order of an upload, a deployment without its neighbour, notices and audits.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readCards } from '../../export/publish.ts';
import { judge } from '../../scripts/audit.ts';
import { withoutReference } from '../../scripts/deploy.ts';
import { noticesText, readNotices } from '../../scripts/notices.ts';
import { keysOf } from '../../scripts/upload.ts';

test('the list of models goes up after everything that it lists', async () => {
  const cards = await readCards('models');
  const keys = keysOf(cards);
  const [{ id, version, files }] = cards as [(typeof cards)[number]];
  expect(keys.slice(0, files.length + 1)).toEqual(
    [...files.map(({ name }) => name), 'model.json'].map((name) => `${id}@${version}/${name}`),
  );
  expect(keys.indexOf('index.json')).toBe(keys.length - 1);
});

test('the worker can be deployed without the reference engine, and with everything else', () => {
  const toml = readFileSync('wrangler.toml', 'utf8');
  const alone = withoutReference(toml);
  expect(alone).not.toContain('binding = "REFERENCE"');
  expect(alone).not.toContain('dreamlet-reference');
  for (const kept of [
    '[assets]',
    '\n[[ratelimits]]\nname = "RATE_LIMIT"\n',
    '[observability]',
    'main = "worker/index.ts"',
  ])
    expect(alone).toContain(kept);
  expect(() => withoutReference(alone)).toThrow('wrangler.toml: no [[services]] with binding = "REFERENCE"');
});

test('notices name what a deployment stands on, with its licence, and nothing that is for developing', () => {
  const notices = readNotices();
  const names = notices.map(({ name }) => name);
  const { dependencies, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
  for (const name of Object.keys(dependencies)) expect(names).toContain(name);
  for (const name of ['vitest', 'wrangler'].filter((one) => one in devDependencies))
    expect(names).not.toContain(name);
  const text = noticesText(notices);
  expect(text).toMatch(/^hono \d+\.\d+\.\d+ \(MIT\)$/m);
  expect(text).toContain('Yusuke Wada');
  expect(noticesText([{ name: 'a', version: '1.0.0', licence: 'MIT' }])).toContain(
    'a 1.0.0 (MIT)\n\nMIT; the package holds no text of it.',
  );
});

test.each([
  ['{"message":"405"}', 'audit: NOT DONE', false],
  ['', 'audit: NOT DONE', false],
  ['{"metadata":{"vulnerabilities":{"low":2,"total":2}}}', 'audit: 2 known weaknesses', false],
  ['{"metadata":{"vulnerabilities":{"high":1,"critical":1,"total":3}}}', '2 of them high or critical', true],
])('an audit that answers %s', (answer, line, bad) => {
  expect(judge(answer)).toEqual({ line: expect.stringContaining(line), bad });
});
