// `npm run pictures`: docs/*.png, the pictures of README. Each is what the API answers to the request that stands beside
// it there, byte for byte.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readCards } from '../export/publish.ts';
import { writeAtomically } from '../train/io/files.ts';
import { createApp } from '../worker/app.ts';
import { createNodeEngine, createNodeReference } from '../worker/node.ts';

export const PICTURES: Record<string, { method: 'GET' | 'POST'; path: string }> = {
  'avatars.png': {
    method: 'GET',
    path: '/generate/emoji-cgan@2.png?label=Smileys%20%26%20Emotion&seed=dream&temperature=0.6&n=20&columns=10&scale=2',
  },
  'digits.png': { method: 'GET', path: '/generate/mnist-cgan@1.png?seed=dream&n=30&columns=10&scale=2' },
  'clothes.png': { method: 'GET', path: '/generate/fashion-cgan@1.png?seed=edge&n=20&columns=10&scale=2' },
  'manifold.png': { method: 'GET', path: '/manifold/mnist-vae-2d@1.png?size=14' },
  'walk.png': {
    method: 'GET',
    path: '/interpolate/fashion-vae@2.apng?from=anna&to=otto&steps=24&loop=true&scale=4',
  },
  'face.png': { method: 'GET', path: '/generate/faces-vae@2.png?seed=anna&temperature=0.6&scale=2' },
  'smile.png': {
    method: 'POST',
    path: '/edit?model=faces-vae@2&seed=anna&temperature=0.6&direction=smile&strength=3&scale=2',
  },
};

/** The bytes of every picture by its file, from the packages in `models`. @throws Error naming a request that failed. */
export async function drawPictures(models: string): Promise<Record<string, Uint8Array>> {
  const index = Buffer.from(JSON.stringify(await readCards(models)));
  const app = createApp({
    engine: createNodeEngine(),
    reference: createNodeReference(),
    defaultModel: 'mnist-vae',
    version: '0.0.0',
    async readFile(path) {
      const bytes = path === 'index.json' ? index : readFileSync(join(models, path));
      return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
    },
  });
  const drawn = Object.entries(PICTURES).map(async ([file, { method, path }]) => {
    const response = await app.request(path, { method, headers: { Accept: 'image/png, image/apng' } });
    if (!response.ok) throw new Error(`pictures: ${method} ${path} was answered with ${response.status}`);
    return [file, new Uint8Array(await response.arrayBuffer())] as const;
  });
  return Object.fromEntries(await Promise.all(drawn));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  for (const [file, bytes] of Object.entries(await drawPictures('models')))
    writeAtomically(`docs/${file}`, bytes);
