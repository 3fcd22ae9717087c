// What requests share outlives any of them: work that is lost is done again, and what is kept was whole.
import { afterEach, expect, test, vi } from 'vitest';
import { modelList } from '../../models/list.ts';
import { createApp } from '../../worker/app.ts';
import { createRemoteEngine } from '../../worker/engine/remote.ts';
import { createModelStore } from '../../worker/models/store.ts';
import { createRoom, createShared } from '../../worker/shared.ts';
import { createFixtureApp, engine, fixtureCards, readFixture } from './fixture.ts';

const never = new Promise<never>(() => {});

test('work is done once for all who ask meanwhile, and again for those who come later', async () => {
  const shared = createShared<number>();
  let times = 0;
  const work = async () => {
    await Promise.resolve();
    return ++times;
  };
  expect(await Promise.all([shared('a', work), shared('a', work), shared('b', work)])).toEqual([1, 1, 2]);
  expect(await shared('a', work)).toBe(3);
});

test('work whose request is gone is begun anew, by one of those who waited', async () => {
  vi.useFakeTimers();
  const shared = createShared<string>(40);
  void shared('a', () => never);
  const work = vi.fn(async () => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    return 'done';
  });
  const waiting = Promise.all([shared('a', work), shared('a', work), shared('a', work)]);
  await vi.advanceTimersByTimeAsync(39);
  expect(work).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(21);
  expect(await waiting).toEqual(Array(3).fill('done'));
  expect(work).toHaveBeenCalledOnce();
});

test('a failure is for all who waited, and is not kept', async () => {
  const shared = createShared<string>();
  const failing = shared('a', () => Promise.reject(new Error('no')));
  const waiting = shared('a', async () => 'yes');
  await expect(failing).rejects.toThrow('no');
  await expect(waiting).rejects.toThrow('no');
  expect(await shared('a', async () => 'yes')).toBe('yes');
});

test('room is for so many at once; lost work gives its place back', async () => {
  vi.useFakeTimers();
  const inRoom = createRoom(2, 40);
  for (let i = 0; i < 2; i++) void inRoom(() => never);
  const early = inRoom(async () => 'early');
  await vi.advanceTimersByTimeAsync(40);
  expect(await early).toBeUndefined();
  const inTime = inRoom(async () => 'in time');
  await vi.advanceTimersByTimeAsync(40);
  expect(await inTime).toEqual({ value: 'in time' });
});

/** A bucket whose list of models can be set. */
function bucket() {
  const state = { index: '[]' as string | null, reads: 0 };
  const readFile = async (path: string) => {
    if (path !== 'index.json') return readFixture(path);
    state.reads += 1;
    return state.index === null ? null : (new TextEncoder().encode(state.index).buffer as ArrayBuffer);
  };
  return { state, readFile };
}
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test.each([
  ['missing', null],
  ['no JSON', '[{'],
  ['no list', '{"models":[]}'],
  ['no list of cards', '[1]'],
  ['a card without files', '[{"id":"tiny","version":1}]'],
])('a list of models that is %s is 503, and not kept', async (_, index) => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  const { state, readFile } = bucket();
  const app = createFixtureApp({ readFile });
  state.index = index;
  const early = await app.request('/models');
  expect([early.status, early.headers.get('Retry-After')]).toEqual([503, '2']);
  state.index = new TextDecoder().decode((await readFixture('index.json'))!);
  expect((await app.request('/generate/tiny.png?seed=a')).status).toBe(200);
});

/** The paths of everything in a value, itself without. */
const pathsIn = (value: unknown): string[][] =>
  typeof value !== 'object' || value === null
    ? []
    : Object.entries(value).flatMap(([name, inner]) => [
        [name],
        ...pathsIn(inner).map((rest) => [name, ...rest]),
      ]);

/** A copy in which something else stands at a path; nothing where it is undefined. */
function replaced(value: unknown, [name, ...rest]: string[], by: unknown): unknown {
  const copy = Array.isArray(value) ? [...value] : { ...(value as object) };
  const inner = (copy as Record<string, unknown>)[name!];
  (copy as Record<string, unknown>)[name!] = rest.length > 0 ? replaced(inner, rest, by) : by;
  return copy;
}

test('whatever is wrong in a card of the list, no answer is 500, and the list is read anew', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.spyOn(console, 'error').mockImplementation(() => {});
  const cards = (await fixtureCards()).filter(({ id }) => id === 'shapes');
  const { state, readFile } = bucket();
  const app = createApp({ engine, readFile, defaultModel: 'tiny', version: '0.0.0' });
  const headers = { 'Content-Type': 'application/json' };
  const post = { method: 'POST', body: '{"pixels":[0],"width":1,"height":1}', headers };
  const statuses = new Set<number>();
  for (const path of pathsIn(cards).filter((one) => one.length > 1))
    for (const by of [null, {}]) {
      state.index = JSON.stringify(replaced(cards, path, by));
      for (const [ask, init] of [
        ['/generate/shapes.png?seed=a&label=0', {}],
        ['/anomaly?model=shapes', post],
        ['/edit?model=shapes&direction=size', post],
        ['/models/shapes?format=html', {}],
      ] as const) {
        vi.setSystemTime(Date.now() + 61_000);
        const { status } = await app.request(ask, init);
        statuses.add(status);
        expect([path.join('.'), by, ask, status === 500]).toEqual([path.join('.'), by, ask, false]);
      }
    }
  expect(statuses).toContain(503);
});

test('of a list with a line for each card one alone is read: what is wrong with another is its own', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  const { state, readFile } = bucket();
  const app = createFixtureApp({ readFile });
  const list = modelList(await fixtureCards());
  const ask = async (path: string) => {
    const { status, headers } = await app.request(path);
    return [status, headers.get('Retry-After')];
  };
  state.index = list.slice(0, -40);
  expect(await ask('/generate/tiny.png?seed=a')).toEqual([503, '2']);
  state.index = list.replace(/("id":"shapes".*?"files":)\[/, '$1{');
  expect(await ask('/generate/tiny.png?seed=a')).toEqual([200, null]);
  expect(await ask('/generate/shapes.png?seed=a&label=0')).toEqual([503, '2']);
  expect(await ask('/models')).toEqual([503, '2']);
  expect(await ask('/models?format=html')).toEqual([503, '2']);
  expect(await ask('/generate/nobody.png?seed=a')).toEqual([404, null]);
  state.index = list;
  // The next who asks after the damage was seen reads the list anew.
  expect(await ask('/generate/shapes.png?seed=a&label=0')).toEqual([503, '2']);
  expect(await ask('/generate/shapes.png?seed=a&label=0')).toEqual([200, null]);
});

test('a list that was whole serves on while the next one is damaged', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const logged = vi.spyOn(console, 'error').mockImplementation(() => {});
  const { state, readFile } = bucket();
  const store = createModelStore(readFile, { engine });
  expect(await store.cards()).toEqual([]);
  state.index = '{';
  vi.setSystemTime(Date.now() + 59_000);
  await store.cards();
  expect(state.reads).toBe(1);
  vi.setSystemTime(Date.now() + 2_000);
  expect(await store.cards()).toEqual([]);
  expect([state.reads, logged.mock.calls.length]).toEqual([2, 1]);
  state.index = new TextDecoder().decode((await readFixture('index.json'))!);
  vi.setSystemTime(Date.now() + 6_000);
  expect((await store.cards()).length).toBeGreaterThan(3);
});

test('what cannot be read, or reached, at the moment is 503 with Retry-After', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  const lost = () =>
    Promise.reject(Object.assign(new Error('Network connection lost.'), { retryable: true }));
  const app = createFixtureApp({
    readFile: async (path) => (path === 'index.json' ? readFixture(path) : lost()),
    readPage: lost,
  });
  const far = createFixtureApp({ reference: createRemoteEngine('far', { run: lost }) });
  for (const [one, path] of [
    [app, '/generate/tiny@1.json?seed=a'],
    [app, '/models/tiny@1/decoder.onnx'],
    [app, '/'],
    [far, '/generate/tiny@1.json?seed=a&engine=ort'],
  ] as const) {
    const response = await one.request(path);
    expect([path, response.status, response.headers.get('Retry-After')]).toEqual([path, 503, '2']);
    expect(await response.text()).not.toContain('connection');
  }
  const unlisted = createFixtureApp({ readFile: lost });
  expect((await unlisted.request('/models')).status).toBe(503);
});

test('a file that is damaged where it lies is 503 with Retry-After, as one that is missing', async () => {
  const logged = vi.spyOn(console, 'error').mockImplementation(() => {});
  const app = createFixtureApp({
    async readFile(path) {
      const bytes = await readFixture(path);
      if (bytes && path.endsWith('.onnx')) new Uint8Array(bytes)[20]! ^= 1;
      return bytes;
    },
  });
  for (const path of ['/generate/tiny@1.json?seed=a', '/models/tiny@1/decoder.onnx']) {
    const response = await app.request(path);
    expect([path, response.status, response.headers.get('Retry-After')]).toEqual([path, 503, '2']);
    expect(await response.text()).not.toContain('SHA');
  }
  expect(logged.mock.calls.flat().join('\n')).toMatch(/SHA-256 [0-9a-f]{64}, the card says [0-9a-f]{64}/);
});
