// Damaged and adversarial files and feeds: an engine works or says why not; it never hangs, crashes or makes things up.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeModel } from '../../../onnx/model.ts';
import type { Tensor } from '../../../worker/engine/engine.ts';
import { BOMBS, caseOf, LARGE } from './cases/bombs.ts';
import { Dag } from './cases/dag.ts';
import { Encoder, ShapeArithmetic, UNet } from './cases/encoders.ts';
import { Dcgan, Mlp, ResNet, Upsampling } from './cases/generators.ts';
import { INVALID_GRAPHS, modelOf, SOUND_FEEDS } from './cases/invalid-graphs.ts';
import { INVALID_NODES } from './cases/invalid-nodes.ts';
import { OPERATORS } from './cases/operators.ts';
import { createGraph, int } from './graph.ts';
import { attempt, outcomeOf, refusal } from './hostile.ts';
import { repetitions } from './repetitions.ts';
import { expectAgreement } from './run-case.ts';
import { subject } from './subject.ts';

const SEED = 1;
/** Damaged files of each kind of network. */
const RUNS = repetitions(300);
/** Places at which each file is cut. */
const CUTS = repetitions(150);

const victims = Object.entries({ Mlp, Dcgan, Upsampling, Encoder, ShapeArithmetic }).map(([name, cases]) => {
  const { model, feeds } = fc.sample(cases, { numRuns: 1, seed: SEED })[0]!;
  return { name, bytes: encodeModel(model), feeds };
});

describe.each(victims)('$name', ({ bytes, feeds }) => {
  test('is sound', async () => {
    expect(await attempt(bytes, feeds)).toHaveProperty('outputs');
  });

  test('cut short', async () => {
    for (let i = 0; i < CUTS; i++)
      await attempt(bytes.slice(0, Math.floor((bytes.length * i) / CUTS)), feeds);
  });

  test('with bytes changed', async () => {
    const change = fc.record({ at: fc.nat(bytes.length - 1), byte: fc.nat(255) });
    const property = fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
      const damaged = bytes.slice();
      for (const { at, byte } of changes) damaged[at] = byte;
      await attempt(damaged, feeds);
    });
    await fc.assert(property, { numRuns: RUNS, seed: SEED });
  });

  test('with a part left out, or twice', async () => {
    const property = fc.asyncProperty(
      fc.nat(bytes.length - 1),
      fc.integer({ min: 1, max: 64 }),
      fc.boolean(),
      async (at, length, twice) => {
        const damaged = [...bytes];
        damaged.splice(at, twice ? 0 : length, ...(twice ? bytes.slice(at, at + length) : []));
        await attempt(Uint8Array.from(damaged), feeds);
      },
    );
    await fc.assert(property, { numRuns: RUNS, seed: SEED });
  });
});

test.each([4, 100, 10_000])('%d stored integers beyond 32 bits are right, or refused', async (count) => {
  const g = createGraph({});
  const large = Array.from({ length: count }, (_, i) => (i - 1) * 2 ** 40 + 5);
  const y = g.node('Cast', [g.constant('int64', [count], large)], { to: int(1) });
  const sum = g.node('Add', [g.feed([1], [1]), y]);
  const { model, feeds } = g.finish({ [sum]: 1 });
  const outcome = await attempt(encodeModel(model), feeds);
  if ('outputs' in outcome)
    expect(outcome.outputs[sum]!.data).toEqual(Float32Array.from(large, (x) => Math.fround(x) + 1));
});

test('bytes that are no file at all', async () => {
  const property = fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
    await attempt(bytes, {});
  });
  await fc.assert(property, { numRuns: RUNS, seed: SEED });
});

test.each(Object.entries(INVALID_NODES))('%s', async (name, build) => {
  const operator = name.slice(0, name.indexOf(':'));
  expect(await refusal(caseOf(build))).toContain(operator);
});

test.each(Object.entries(OPERATORS))('%s with an attribute that it does not have', async (_, cases) => {
  const { model, feeds } = fc.sample(cases, { numRuns: 1, seed: SEED })[0]!;
  const nodes = model.graph.nodes.map((node) => ({
    ...node,
    attributes: { ...node.attributes, frobnicate: { type: 'int' as const, value: 1 } },
  }));
  const message = await refusal({
    model: { ...model, graph: { ...model.graph, nodes } },
    feeds,
    tolerance: 0,
  });
  expect(message).toContain('frobnicate');
});

test.each(Object.entries(INVALID_GRAPHS))('%s', async (_, model) => {
  await refusal({ model, feeds: SOUND_FEEDS, tolerance: 0 });
});

test.each(Object.entries(LARGE))('%s', async (_, build) => {
  const one = caseOf(build);
  expect(await attempt(encodeModel(one.model), one.feeds)).toHaveProperty('outputs');
  await expectAgreement(one);
});

test('no image in, no image out, or a refusal', async () => {
  const cases = fc.oneof(Mlp, Dcgan, ResNet, Upsampling, Encoder, UNet, ShapeArithmetic, Dag);
  const property = fc.asyncProperty(cases, async ({ model, feeds }) => {
    const none = Object.entries(feeds).map(([name, { shape }]) => [
      name,
      { shape: shape.with(0, 0), data: new Float32Array(0) },
    ]);
    const outcome = await attempt(encodeModel(model), Object.fromEntries(none));
    if ('outputs' in outcome)
      for (const { shape } of Object.values(outcome.outputs)) expect(shape[0]).toBe(0);
  });
  await fc.assert(property, { numRuns: RUNS, seed: SEED });
});

test.each(Object.entries(BOMBS))('%s', async (_, build) => {
  await refusal(caseOf(build));
});

describe('feeds', () => {
  const row = Float32Array.of(1, 2);
  const bad: Record<string, Record<string, Tensor>> = {
    'no tensor': {},
    'a tensor of another name': { y: SOUND_FEEDS.x },
    'too few dimensions': { x: { shape: [2], data: row } },
    'too many dimensions': { x: { shape: [1, 1, 2], data: row } },
    'another size': { x: { shape: [2, 1], data: row } },
    'fewer numbers than the shape says': { x: { shape: [2, 2], data: row } },
    'more numbers than the shape says': { x: { shape: [1, 2], data: new Float32Array(3) } },
    'no numbers': { x: { shape: [1, 2], data: new Float32Array(0) } },
    'a negative batch': { x: { shape: [-1, 2], data: row } },
    'half an image': { x: { shape: [0.5, 2], data: Float32Array.of(1) } },
    'a batch that is not a number': { x: { shape: [Number.NaN, 2], data: row } },
    'no shape': { x: { data: row } as unknown as Tensor },
    'a shape that is a number': { x: { shape: 2, data: row } as unknown as Tensor },
    'nothing for a tensor': { x: undefined as unknown as Tensor },
    'an endless batch': { x: { shape: [Infinity, 2], data: row } },
    'a huge batch': { x: { shape: [2 ** 31, 2], data: row } },
    'numbers of another type': {
      x: { shape: [1, 2], data: Float64Array.of(1, 2) as unknown as Float32Array },
    },
  };
  test.each(Object.entries(bad))('%s', async (_, feeds) => {
    await refusal({ model: modelOf(), feeds, tolerance: 0 });
  });

  test('after a refusal the session works as before', async () => {
    const session = await subject.load(encodeModel(modelOf()));
    const before = await session.run(SOUND_FEEDS);
    for (const feeds of Object.values(bad)) await outcomeOf(() => session.run(feeds));
    expect(await session.run(SOUND_FEEDS)).toEqual(before);
    await session.release();
  });

  test('no feeds at all, and no file at all', async () => {
    const session = await subject.load(encodeModel(modelOf()));
    for (const none of [undefined, null, 1]) {
      expect(await outcomeOf(() => session.run(none as never))).toHaveProperty('refusal');
      await expect(subject.load(none as never)).rejects.toThrow(/^simd: load: the file must be a Uint8Array/);
    }
  });

  test('a session that was released refuses', async () => {
    const session = await subject.load(encodeModel(modelOf()));
    await session.release();
    expect(await outcomeOf(() => session.run(SOUND_FEEDS))).toHaveProperty('refusal');
  });
});
