// Which engine runs a graph: dreamlet's own, the reference for what it declines, or the one that a request names.
import { expect, test, vi } from 'vitest';
import { type Attribute, encodeModel } from '../../onnx/model.ts';
import type { Engine } from '../../worker/engine/engine.ts';
import { firstAble } from '../../worker/engine/first-able.ts';
import { createRemoteEngine } from '../../worker/engine/remote.ts';
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

test('a remote engine loads its graph again when the other side has forgotten it', async () => {
  const loaded = new Map<string, Awaited<ReturnType<Engine['load']>>>();
  let loads = 0;
  const remote = createRemoteEngine('far', {
    async load(key, onnx) {
      loads += 1;
      loaded.set(key, await engine.load(onnx));
      return { inputs: [], outputs: [] };
    },
    run: async (key, given) => (await loaded.get(key)?.run(given)) ?? null,
  });
  const session = await remote.load(graph('Neg'));
  expect((await session.run(feeds)).y!.data).toEqual(Float32Array.of(1, -0, -2));
  loaded.clear();
  expect((await session.run(feeds)).y!.data).toEqual(Float32Array.of(1, -0, -2));
  expect(loads).toBe(2);
});
