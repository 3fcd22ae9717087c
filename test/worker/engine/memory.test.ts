// One memory for all sessions, and files that are not kept.
import { expect, test } from 'vitest';
import { decodeModel } from '../../../onnx/decode.ts';
import { createSimdEngine } from '../../../worker/engine/simd/engine.ts';
import kernels from '../../../worker/engine/simd/kernels.wasm';
import { createMemory } from '../../../worker/engine/simd/memory.ts';
import { createSession } from '../../../worker/engine/simd/session.ts';
import { floats, graphFile, node } from '../graphs.ts';

const WIDTH = 100;
const LIMITS = { maxBytes: 2 ** 26, maxMilliseconds: 5000 };

/** out = z · 2w, where 2w is made anew for every number of rows. */
const doubling = graphFile(
  'doubling',
  { z: [WIDTH] },
  { out: [WIDTH] },
  [
    node('Shape', ['z'], 'shape'),
    node('Expand', ['w', 'shape'], 'wide'),
    node('Add', ['wide', 'wide'], 'double'),
    node('Mul', ['z', 'double'], 'out'),
  ],
  [floats('w', [1, WIDTH])],
);
/** out = z · max 2v, where 2v is made anew for every number of rows of y: a small constant, whatever is fed. */
const rowwise = graphFile(
  'rowwise',
  { z: [WIDTH], y: [WIDTH] },
  { out: [WIDTH] },
  [
    node('Shape', ['y'], 'shape'),
    node('Expand', ['v', 'shape'], 'wide'),
    node('Add', ['wide', 'wide'], 'double'),
    node('ReduceMax', ['double'], 'row', { axes: { type: 'ints', value: [0] } }),
    node('Mul', ['z', 'row'], 'out'),
  ],
  [floats('v', [1, WIDTH])],
);
/** out = z · w */
const product = (name: string) =>
  graphFile(
    name,
    { z: [WIDTH] },
    { out: [WIDTH] },
    [node('MatMul', ['z', name], 'out')],
    [floats(name, [WIDTH, WIDTH])],
  );
const ones = (rows: number) => ({
  z: { shape: [rows, WIDTH], data: new Float32Array(rows * WIDTH).fill(1) },
});

test('a file that can be read again is not kept, and is read where a plan needs it', async () => {
  const engine = createSimdEngine(kernels);
  let read = 0;
  const session = await engine.load(async () => {
    read += 1;
    return doubling.slice();
  });
  const plain = await engine.load(doubling);
  expect(session.bytes()).toBe(plain.bytes() - doubling.length);
  const reads: number[] = [];
  for (const rows of [1, 2, 2, 1, 3]) {
    expect(await session.run(ones(rows))).toEqual(await plain.run(ones(rows)));
    reads.push(read);
  }
  expect(reads).toEqual([1, 2, 2, 2, 3]);
  const both = await Promise.all([session.run(ones(4)), session.run(ones(5))]);
  expect(both).toEqual([await plain.run(ones(4)), await plain.run(ones(5))]);
});

test('a session that is released while it reads its file does not run', async () => {
  const engine = createSimdEngine(kernels);
  const session = await engine.load(async () => doubling.slice());
  const running = session.run(ones(2));
  await session.release();
  await expect(running).rejects.toThrow('it was released');
  expect(session.bytes()).toBe(0);
});

test('two sessions that read their files at once do not write into one another', async () => {
  const [small, large] = [ones(2), { ...ones(50), y: ones(2).z }];
  const plain = createSimdEngine(kernels);
  const expected = [
    await (await plain.load(doubling)).run(small),
    await (await plain.load(rowwise)).run(large),
  ];
  const engine = createSimdEngine(kernels);
  const first = await engine.load(async () => doubling.slice());
  const second = await engine.load(async () => rowwise.slice());
  // The second plan moves the place of runs while the first one is on its way to its run.
  expect(await Promise.all([first.run(small), second.run(large)])).toEqual(expected);
});

test('what is given back is taken again, and the place of runs moves when it grows', async () => {
  const memory = await createMemory(kernels);
  const first = memory.take(1000);
  const second = memory.take(1000);
  expect(second).toBe(first + 1024);
  const place = memory.workspace(5000);
  expect(memory.workspace(64)).toBe(place);
  memory.give(first, 1000);
  expect(memory.take(990)).toBe(first);
  const last = memory.take(64);
  const moved = memory.workspace(9000);
  expect(moved).toBeGreaterThan(last);
  expect(memory.take(5000)).toBe(place);
  expect(() => memory.take(2 ** 34)).toThrow('more than this machine gives');
  expect(() => memory.workspace(2 ** 34)).toThrow('more than this machine gives');
  expect(memory.take(9000)).toBe(Math.ceil((moved + 9000) / 32) * 32);
  expect(memory.workspace(9000)).toBe(moved);
});

test('sessions that come and go leave the memory as long as it was, and others unharmed', async () => {
  const memory = await createMemory(kernels);
  const load = (file: Uint8Array) => createSession(decodeModel(file), memory, LIMITS, file.length).session;
  const stays = load(product('stays'));
  const before = await stays.run(ones(3));
  const { length } = memory.kernels.bytes;
  for (let i = 0; i < 50; i++) {
    const other = load(product(`other-${i}`));
    await other.run(ones(i));
    expect(await stays.run(ones(3))).toEqual(before);
    await other.release();
  }
  expect(memory.kernels.bytes.length - length).toBeLessThanOrEqual(2 * 65_536);
});

test('a plan that was made before the place of runs moved does not write where it was', async () => {
  const memory = await createMemory(kernels);
  const load = (file: Uint8Array) => createSession(decodeModel(file), memory, LIMITS, file.length).session;
  const early = load(product('early'));
  const before = await early.run(ones(3));
  await load(product('large')).run(ones(300));
  const narrow = graphFile(
    'narrow',
    { z: [WIDTH] },
    { out: [8] },
    [node('MatMul', ['z', 'w'], 'out')],
    [floats('w', [WIDTH, 8])],
  );
  const others = Array.from({ length: 4 }, () => load(narrow));
  const expected = await others[0]!.run(ones(1));
  expect(await early.run(ones(3))).toEqual(before);
  for (const other of others) expect(await other.run(ones(1))).toEqual(expected);
});
