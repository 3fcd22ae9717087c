// Own packages in strange states: what cannot be served is left out with a word, and is in the way of nobody.
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { publishModels } from '../../export/publish.ts';
import { OWN } from '../../models/folders.ts';
import { createNodeApp } from '../../worker/node.ts';

const SOURCE = join(process.cwd(), 'models/glyphs-vae@1');
const home = process.cwd();
const root = mkdtempSync(join(tmpdir(), 'dreamlet-own-'));
const own = (name: string, ...rest: string[]) => join(root, OWN, name, ...rest);

let made = 0;
/** A package of that name, changed. */
function make(id: string, change: (card: Record<string, unknown>) => unknown = (card) => card): void {
  cpSync(SOURCE, own(`${id}@1`), { recursive: true });
  const card = JSON.parse(readFileSync(join(SOURCE, 'model.json'), 'utf8'));
  // No two have one tag.
  card.compression.tag = (0xf000 + made++).toString(16);
  writeFileSync(own(`${id}@1`, 'model.json'), JSON.stringify(change({ ...card, id })));
}

const said: string[] = [];
let names: string[];

beforeAll(async () => {
  make('whole');
  mkdirSync(own('empty@1'), { recursive: true });
  make('cut');
  writeFileSync(own('cut@1', 'decoder.onnx'), readFileSync(join(SOURCE, 'decoder.onnx')).subarray(0, 1000));
  make('shapeless', () => [1]);
  make('future', (card) => ({ ...card, schema: 9 }));
  make('other', (card) => ({ ...card, id: 'another' }));
  make('blind');
  rmSync(own('blind@1', 'preview.png'));
  make('halved');
  writeFileSync(own('halved@1', 'model.json'), '{"schema":1,');
  make('linked');
  renameSync(own('linked@1'), join(root, 'elsewhere'));
  symlinkSync(join(root, 'elsewhere'), own('linked@1'));
  symlinkSync(join(root, 'nowhere'), own('lost@1'));
  writeFileSync(own('notes@1'), 'a file');
  process.chdir(root);
  vi.spyOn(console, 'warn').mockImplementation((line: string) => void said.push(line));
  names = (await publishModels([OWN], 'dist')).map(({ id }) => id);
}, 60_000);
afterAll(() => {
  process.chdir(home);
  vi.restoreAllMocks();
  rmSync(root, { recursive: true });
});

test('what is whole is published, by a link as well', () => {
  expect(names).toEqual(['linked', 'whole']);
});

test.each([
  ['empty', /^left out: models\/own\/empty@1\/model\.json: /],
  ['cut', /^left out: models\/own\/cut@1\/decoder\.onnx: has 1000 bytes, its card says \d+$/],
  ['shapeless', /^left out: models\/own\/shapeless@1\/model\.json: /],
  ['future', /^left out: models\/own\/future@1\/model\.json: schema: /],
  ['other', /^left out: models\/own\/other@1\/model\.json: describes another@1, not other@1$/],
  ['blind', /^left out: models\/own\/blind@1\/preview\.png: is not there$/],
  ['halved', /^left out: models\/own\/halved@1\/model\.json: .*: truncated or damaged$/],
  ['lost', /^left out: models\/own\/lost@1\/model\.json: /],
])('%s is left out with a word', (name, line) => {
  expect(said.filter((one) => one.includes(`/${name}@1`))).toEqual([expect.stringMatching(line)]);
});

test('a file that goes, or changes, while it is served is 503', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  const app = createNodeApp('dist', 'whole');
  writeFileSync('dist/whole@1/decoder.onnx', 'no graph');
  for (const path of ['/generate/whole.png?seed=a', '/models/whole@1/decoder.onnx']) {
    const { status, headers } = await app.request(path);
    expect([path, status, headers.get('Retry-After')]).toEqual([path, 503, '2']);
  }
  rmSync('dist/whole@1', { recursive: true });
  for (const path of ['/generate/whole.png?seed=a', '/models/whole@1/preview.png']) {
    const { status, headers } = await app.request(path);
    expect([path, status, headers.get('Retry-After')]).toEqual([path, 503, '2']);
  }
  expect((await app.request('/models/whole')).status).toBe(200);
  expect((await app.request('/generate/linked.png?seed=a')).status).toBe(200);
});
