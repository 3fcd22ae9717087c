// The dearest request that each route allows.
import type { ModelCard } from '../../models/card.ts';
import { type Ask, json, somePixels } from './ask.ts';
import { largestJpeg, largestPng, largestWebp } from './uploads.ts';

export type Dear = Ask & { what: string };

/** “Enlarged”: by the largest scale at which `send` gets an answer. */
export async function dearestAsks(
  cards: readonly ModelCard[],
  send: (ask: Ask) => Promise<number>,
): Promise<Dear[]> {
  const largest = async (path: string) => {
    for (let scale = 16; scale > 1; scale--)
      if ((await send({ path: `${path}&scale=${scale}` })) === 200) return `${path}&scale=${scale}`;
    return path;
  };
  const faces = cards.find(({ id }) => id === 'faces-vae')!;
  const dimensions = (faces.latent as { dimensions: number }).dimensions;
  const latents = Array.from({ length: 64 }, (_, i) =>
    Array.from({ length: dimensions }, (_, j) => Math.sin(i * j)),
  );
  const pixels = somePixels(200 * 200);
  return [
    { what: 'a digit', path: '/generate/mnist-vae@1.png?seed=SEED' },
    { what: '64 digits', path: '/generate/mnist-vae@1.png?seed=SEED&n=64' },
    { what: '64 digits, enlarged', path: await largest('/generate/mnist-vae@1.png?seed=SEED&n=64') },
    { what: '64 faces, enlarged', path: await largest('/generate/faces-vae@1.png?seed=SEED&n=64') },
    {
      what: 'map of faces, 16 × 16, enlarged',
      path: await largest('/manifold/faces-vae@1.png?origin=SEED&right=b&down=c&size=16'),
    },
    {
      what: 'walk of 64 faces and back, animated, enlarged',
      path: await largest('/interpolate/faces-vae@1.apng?from=SEED&to=b&steps=64&loop=true'),
    },
    { what: 'a face in a size, WebP', path: '/generate/faces-vae@1/1024x1024.webp?seed=SEED&radius=20' },
    { what: 'a digit in a size, PNG', path: '/generate/mnist-vae@1/1600x1600.png?seed=SEED&radius=20' },
    { what: '64 rows-models’ digits', path: '/generate/mnist-rows@2.png?seed=SEED&n=64' },
    {
      what: 'encode a PNG of 1024 × 1024, 16-bit RGBA',
      path: '/encode?model=mnist-vae@1',
      body: largestPng(),
      type: 'image/png',
    },
    {
      what: 'encode a JPEG of 1024 × 1024, progressive, turned',
      path: '/encode?model=faces-vae@1',
      body: await largestJpeg(),
      type: 'image/jpeg',
    },
    {
      what: 'encode a WebP of 1024 × 1024, lossless',
      path: '/encode?model=faces-vae@1',
      body: largestWebp(),
      type: 'image/webp',
    },
    {
      what: 'encode 40000 pixels as JSON',
      path: '/encode?model=mnist-vae@1',
      ...json({ pixels, width: 200, height: 200 }),
    },
    {
      what: 'anomaly, every class tried',
      path: '/anomaly?model=mnist-cvae@1',
      ...json({ pixels: pixels.slice(0, 784), width: 28, height: 28 }),
    },
    {
      what: 'decode 64 faces, .npy',
      path: '/decode?model=faces-vae@1&format=npy',
      ...json({ latents }),
    },
    { what: 'reference page', path: '/docs' },
  ];
}
