// What start-up draws before anybody comes.
import { expect, test } from 'vitest';
import type { Engine } from '../../worker/engine/engine.ts';
import { warmUp } from '../../worker/warm-up.ts';
import { engine } from './fixture.ts';

test('pictures of its own are drawn by the engine, a large model and small ones', async () => {
  const loaded: string[] = [];
  const sizes: number[] = [];
  const watched: Engine = {
    ...engine,
    async load(source) {
      const session = await engine.load(source);
      sizes.push(session.bytes());
      return {
        ...session,
        run: (feeds) => {
          loaded.push(Object.keys(feeds).join());
          return session.run(feeds);
        },
      };
    },
  };
  await warmUp({ engine: watched, version: '1.0.0' });
  expect(loaded).toEqual(Array(9).fill('z'));
  expect(sizes[0]).toBeGreaterThan(4 * 1024 * 784);
  expect(Math.max(...sizes.slice(1))).toBeLessThan(4 * 64 * 784);
});

test('an engine that cannot is said', async () => {
  const broken: Engine = { ...engine, load: () => Promise.reject(new Error('out of order')) };
  await expect(warmUp({ engine: broken, version: '1.0.0' })).rejects.toThrow('out of order');
});
