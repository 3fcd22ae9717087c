// Models by way of R2: wrangler puts a package into a bucket of this machine, and the worker serves it from there alone.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Miniflare } from 'miniflare';
import { afterAll, expect, test } from 'vitest';
import { publishModels } from '../../export/publish.ts';
import { keysOf, upload } from '../../scripts/upload.ts';
import { type Bindings, createWorker } from '../../worker/entry.ts';
import { createNodeApp } from '../../worker/node.ts';

/** What is asked of a bucket here. */
type Bucket = NonNullable<Bindings['MODELS']> & {
  head(key: string): Promise<{ httpMetadata?: { contentType?: string } } | null>;
  put(key: string, value: string): Promise<unknown>;
};
const BUCKET = 'dreamlet-models';
const root = mkdtempSync(join(tmpdir(), 'dreamlet-upload-'));
const state = join(root, 'state');
const local = { bucket: BUCKET, where: ['--local', '--persist-to', state] };
let bucketOwner: Miniflare | undefined;
afterAll(async () => {
  await bucketOwner?.dispose();
  rmSync(root, { recursive: true });
});

test('what was uploaded is served from the bucket, byte for byte, and the assets are not asked', async () => {
  cpSync('models/glyphs-vae@1', join(root, 'from/glyphs-vae@1'), { recursive: true });
  const dist = join(root, 'models');
  const keys = keysOf(await publishModels(join(root, 'from'), dist));
  upload(dist, keys, local);
  bucketOwner = new Miniflare({
    modules: true,
    script: 'export default { fetch: () => new Response() }',
    r2Buckets: { MODELS: BUCKET },
    defaultPersistRoot: join(state, 'v3'),
  });
  const MODELS = (await bucketOwner.getR2Bucket('MODELS')) as unknown as Bucket;
  for (const key of keys)
    expect(
      Buffer.from(await (await MODELS.get(key))!.arrayBuffer()).equals(readFileSync(join(dist, key))),
    ).toBe(true);
  expect((await MODELS.head('glyphs-vae@1/preview.png'))!.httpMetadata!.contentType).toBe('image/png');

  const ASSETS = {
    async fetch(): Promise<Response> {
      throw new Error('the assets were asked');
    },
  };
  const worker = createWorker({ ASSETS, MODELS, DEFAULT_MODEL: 'glyphs-vae' });
  const path = '/generate/glyphs-vae@1.png?seed=anna&n=4';
  const served = await worker.fetch(new Request(`https://dreamlet.test${path}`), undefined, {
    waitUntil() {},
  });
  const here = await createNodeApp(dist).request(path);
  expect(new Uint8Array(await served.arrayBuffer())).toEqual(new Uint8Array(await here.arrayBuffer()));
  // Another version of the file under the same card is told from the one that it describes.
  await MODELS.put('glyphs-vae@1/decoder.onnx', 'not what the card says');
  const fresh = createWorker({ ASSETS, MODELS });
  const damaged = await fresh.fetch(new Request(`https://dreamlet.test${path}`), undefined, {
    waitUntil() {},
  });
  expect(damaged.status).toBe(503);
}, 300_000);

test('an upload that fails says which file, and that what was served stays', () => {
  writeFileSync(join(root, 'index.json'), '[]');
  const nobody = { bucket: 'No Such Name!', where: ['--local', '--persist-to', state] };
  expect(() => upload(root, ['index.json'], nobody)).toThrow(
    'index.json did not go up; what was served stays',
  );
}, 120_000);
