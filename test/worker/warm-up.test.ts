// What start-up draws before anybody comes.
import { expect, test } from 'vitest';
import type { Engine } from '../../worker/engine/engine.ts';
import { warmUp } from '../../worker/warm-up.ts';
import { engine } from './fixture.ts';

test('a picture of its own is drawn by the engine', async () => {
  const loaded: string[] = [];
  const watched: Engine = {
    ...engine,
    async load(source) {
      const session = await engine.load(source);
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
  expect(loaded).toEqual(['z']);
});

test('an engine that cannot is said', async () => {
  const broken: Engine = { ...engine, load: () => Promise.reject(new Error('out of order')) };
  await expect(warmUp({ engine: broken, version: '1.0.0' })).rejects.toThrow('out of order');
});
