// Which engine runs a graph: dreamlet's own, the reference for what it declines, or the one that a request names.
import { expect, test, vi } from 'vitest';
import { type Attribute, encodeModel } from '../../onnx/model.ts';
import type { Engine, Session } from '../../worker/engine/engine.ts';
import { firstAble } from '../../worker/engine/first-able.ts';
import { createRemoteEngine, type RemoteService } from '../../worker/engine/remote.ts';
import { createFixtureApp, engine, readFixture, reference } from './fixture.ts';

/** y = op(x), of any length. */
const graph = (op: string, attributes: Record<string, Attribute> = {}) =>
  encodeModel({
    opset: 17,
    producer: 'test',
    graph: {
      name: op,
      nodes: [{ op, inputs: ['x'], outputs: ['y'], attributes }],
      initialisers: [],
      inputs: [{ name: 'x', type: 'float32', shape: ['length'] }],
      outputs: [{ name: 'y', type: 'float32', shape: ['length'] }],
    },
  });
const feeds = { x: { shape: [3], data: Float32Array.of(-1, 0, 2) } };

test('the reference takes a graph that the engine declines, and says so in the log', async () => {
  const warned = vi.spyOn(console, 'warn').mockImplementation(() => {});
  const able = firstAble(engine, reference);
  const own = await (await able.load(graph('Relu'))).run(feeds);
  expect(own.y!.data).toEqual(Float32Array.of(0, 0, 2));
  expect(warned).not.toHaveBeenCalled();
  const other = await (await able.load(graph('Sign'))).run(feeds);
  expect(other.y!.data).toEqual(Float32Array.of(-1, 0, 1));
  expect(warned.mock.calls).toEqual([
    ['simd: Sign: this operator is not supported; onnxruntime-web runs it'],
  ]);
  warned.mockRestore();
});

test('an error in the file is not handed on', async () => {
  const never: Engine = { name: 'never', load: () => Promise.reject(new Error('was asked')) };
  const broken = graph('Relu').slice(0, 40);
  await expect(firstAble(engine, never).load(broken)).rejects.toThrow(/^ONNX/);
});

test('?engine names the engine, with a tag of its own', async () => {
  const app = createFixtureApp();
  const own = await app.request('/generate/tiny@1.json?seed=a');
  const named = await app.request('/generate/tiny@1.json?seed=a&engine=ort');
  const pixels = async (response: Response) => ((await response.json()) as { images: unknown }).images;
  expect(await pixels(named)).toEqual(await pixels(own));
  expect(named.headers.get('ETag')).not.toBe(own.headers.get('ETag'));
  const unknown = await app.request('/generate/tiny@1.json?seed=a&engine=gpu');
  expect([unknown.status, ((await unknown.json()) as { detail: string }).detail.slice(0, 7)]).toEqual([
    400,
    'engine:',
  ]);
});

test('where no reference stands beside the worker, a request for it is answered 422', async () => {
  const { createApp } = await import('../../worker/app.ts');
  const app = createApp({ engine, readFile: readFixture, defaultModel: 'tiny', version: '0.0.0' });
  const response = await app.request('/generate/tiny@1.json?seed=a&engine=ort');
  expect(response.status).toBe(422);
});

/** The other side of a remote engine, which forgets when it is told to. */
function farService() {
  const loaded = new Map<string, Session>();
  const calls: string[] = [];
  const service: RemoteService = {
    async run(key, list, onnx) {
      calls.push(`${list.length}${onnx ? ' with the graph' : ''}`);
      if (onnx) loaded.set(key, await engine.load(onnx));
      const session = loaded.get(key);
      return session ? Promise.all(list.map((given) => session.run(given))) : 'unknown';
    },
  };
  return { service, calls, loaded };
}

test('a remote engine answers a batch by one call, and brings the graph where it is not known', async () => {
  const { service, calls, loaded } = farService();
  const session = await createRemoteEngine('far', service).load(graph('Neg'));
  expect(session.inputs).toEqual([expect.objectContaining({ name: 'x', shape: ['length'] })]);
  const negative = [Float32Array.of(1, -0, -2), Float32Array.of(1, -0, -2)];
  expect((await session.runEach!([feeds, feeds])).map(({ y }) => y!.data)).toEqual(negative);
  expect((await session.run(feeds)).y!.data).toEqual(negative[0]);
  loaded.clear();
  expect((await session.run(feeds)).y!.data).toEqual(negative[0]);
  expect(calls).toEqual(['2', '2 with the graph', '1', '1', '1 with the graph']);
});

test('a sheet of a remote engine is one call, and 503 while it is busy', async () => {
  const { service, calls } = farService();
  let busy = false;
  const app = createFixtureApp({
    reference: createRemoteEngine('far', {
      run: async (...given) => (busy ? 'busy' : service.run(...given)),
    }),
  });
  const sheet = '/generate/tiny@1.json?seed=a&n=64&engine=ort';
  const images = async (path: string) =>
    ((await (await app.request(path)).json()) as { images: unknown }).images;
  expect(await images(sheet)).toEqual(await images('/generate/tiny@1.json?seed=a&n=64'));
  expect(calls).toEqual(['64', '64 with the graph']);
  busy = true;
  const logged = vi.spyOn(console, 'error').mockImplementation(() => {});
  const refused = await app.request(sheet);
  expect([refused.status, refused.headers.get('Retry-After')]).toEqual([503, '2']);
  expect(await refused.json()).toMatchObject({ detail: 'far is busy; try again in a moment' });
  logged.mockRestore();
});
