// Which engine runs a graph: dreamlet's own, the reference for what it declines, or the one that a request names.
import { expect, test, vi } from 'vitest';
import { type Attribute, type DataType, encodeModel } from '../../onnx/model.ts';
import { createWriter, readFields } from '../../onnx/wire.ts';
import type { Engine, Session } from '../../worker/engine/engine.ts';
import { firstAble } from '../../worker/engine/first-able.ts';
import { createRemoteEngine, type RemoteService } from '../../worker/engine/remote.ts';
import { Unsupported } from '../../worker/engine/simd/unsupported.ts';
import { fileOf, input, node } from './engine/one-node.ts';
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
/** y = x + w, w two numbers that lie in another file. */
function externalModel(location: string, offset: number, length: number): Uint8Array {
  const tensor = createWriter();
  tensor.varint(1, 2);
  tensor.varint(2, 1);
  tensor.string(8, 'w');
  for (const [key, value] of Object.entries({ location, offset: `${offset}`, length: `${length}` }))
    tensor.message(13, (entry) => {
      entry.string(1, key);
      entry.string(2, value);
    });
  tensor.varint(14, 1);
  const without = fileOf({ nodes: [node('Add', ['x', 'w'], ['y'])], inputs: [input('x', 2)] });
  const model = createWriter();
  for (const { field, number, bytes } of readFields(without, 'model'))
    if (number !== undefined) model.varint(field, number);
    else if (field !== 7) model.bytes(field, bytes!);
    else
      model.message(7, (graph) => {
        for (const part of readFields(bytes!, 'graph')) graph.bytes(part.field, part.bytes!);
        graph.bytes(5, tensor.finish());
      });
  return model.finish();
}

const feeds = { x: { shape: [3], data: Float32Array.of(-1, 0, 2) } };

test('the reference takes a graph that the engine declines, and says so in the log', async () => {
  const warned = vi.spyOn(console, 'warn').mockImplementation(() => {});
  const able = firstAble(engine, reference);
  const own = await (await able.load(graph('Relu'))).run(feeds);
  expect(own.y!.data).toEqual(Float32Array.of(0, 0, 2));
  expect(warned).not.toHaveBeenCalled();
  const other = await (await able.load(graph('Asin'))).run(feeds);
  expect(other.y!.data).toEqual(Float32Array.of(-Math.PI / 2, 0, Number.NaN));
  expect(warned.mock.calls).toEqual([
    ['simd: Asin: this operator is not supported; onnxruntime-web runs it'],
  ]);
  warned.mockRestore();
});

test('the reference takes a graph that the engine declines only when it sees what is fed', async () => {
  const warned = vi.spyOn(console, 'warn').mockImplementation(() => {});
  const whole = (name: string) => ({ name, type: 'int64' as const, shape: ['length'] });
  const onnx = fileOf({ nodes: [node('Add', ['a', 'a'], ['y'])], inputs: [whole('a')], type: 'int64' });
  const session = await firstAble(engine, reference).load(onnx);
  const twice = async (length: number) => {
    const data = new Float32Array(length).fill(3);
    return (await session.run({ a: { shape: [length], data } })).y!.data;
  };
  expect(await twice(4)).toEqual(new Float32Array(4).fill(6));
  expect(warned).not.toHaveBeenCalled();
  expect([await twice(9000), await twice(2)].map((y) => [y.length, y[0]])).toEqual([
    [9000, 6],
    [2, 6],
  ]);
  expect(warned.mock.calls).toEqual([
    ["simd: input 'a': a shape that follows from 9000 fed numbers is not supported; onnxruntime-web runs it"],
  ]);
  await session.release();
  warned.mockRestore();
});

/** A session of the first engine whose every run is declined, beside a second engine. */
const handing = (load: Engine['load']) => {
  const never: Engine = {
    ...engine,
    load: async (onnx) =>
      Object.assign(await engine.load(onnx), { run: () => Promise.reject(new Unsupported('Relu', 'it')) }),
  };
  return firstAble(never, { name: 'next', load }).load(graph('Relu'));
};

test('a graph that was handed on in vain is handed on again', async () => {
  const warned = vi.spyOn(console, 'warn').mockImplementation(() => {});
  let tries = 0;
  const session = await handing(async (onnx) => {
    if (++tries === 1) throw new Error('not there yet');
    return engine.load(onnx);
  });
  await expect(session.run(feeds)).rejects.toThrow('not there yet');
  expect((await session.run(feeds)).y!.data).toEqual(Float32Array.of(0, 0, 2));
  expect(tries).toBe(2);
  await session.release();
  warned.mockRestore();
});

test('who hands a graph on and goes away leaves nobody waiting', async () => {
  vi.useFakeTimers();
  const warned = vi.spyOn(console, 'warn').mockImplementation(() => {});
  let tries = 0;
  const session = await handing((onnx) => (++tries === 1 ? new Promise(() => {}) : engine.load(onnx)));
  void session.run(feeds);
  const waiting = session.run(feeds);
  await vi.advanceTimersByTimeAsync(5000);
  expect((await waiting).y!.data).toEqual(Float32Array.of(0, 0, 2));
  vi.useRealTimers();
  warned.mockRestore();
});

test('inputs are fed to the reference in the type that they are declared with', async () => {
  const onnx = (type: DataType) =>
    fileOf({
      nodes: [node('Cast', ['x'], ['f'], { to: { type: 'int', value: 1 } }), node('Neg', ['f'], ['y'])],
      inputs: [{ name: 'x', type, shape: ['length'] }],
    });
  const x = { shape: [3], data: Float32Array.of(0, 1, 7) };
  for (const type of ['int64', 'int32', 'uint8', 'float64', 'float16', 'float32'] as const) {
    const session = await reference.load(onnx(type));
    expect((await session.run({ x })).y!.data, type).toEqual(Float32Array.of(-0, -1, -7));
    await session.release();
  }
  const labels = await reference.load(onnx('int64'));
  await expect(labels.run({ x: { shape: [1], data: Float32Array.of(0.5) } })).rejects.toThrow(
    "onnxruntime-web: input 'x' of type int64 cannot hold 0.5",
  );
  await labels.release();
});

test('weights that lie beside the file are read from there, by both engines', async () => {
  const files = { 'weights.bin': Uint8Array.of(9, 9, 9, 9, ...new Uint8Array(Float32Array.of(2, 3).buffer)) };
  const onnx = externalModel('weights.bin', 4, 8);
  for (const one of [engine, reference]) {
    const session = await one.load(onnx, files);
    expect((await session.run({ x: { shape: [2], data: Float32Array.of(1, 1) } })).y!.data).toEqual(
      Float32Array.of(3, 4),
    );
    await session.release();
  }
  await expect(engine.load(onnx)).rejects.toThrow(
    "ONNX initialiser 'w': its numbers lie in the file 'weights.bin', which was not given",
  );
  await expect(engine.load(externalModel('weights.bin', 8, 8), files)).rejects.toThrow(
    "ONNX initialiser 'w': bytes 8 to 16 of 'weights.bin' are not among its 12",
  );
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
