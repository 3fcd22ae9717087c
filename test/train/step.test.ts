// A step is a fold over updates: exact numbers on two parameters.
import '@tensorflow/tfjs-backend-cpu';
import { mul, type Scalar, sub, sum } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { createStream } from '../../core/sampling/stream.ts';
import { averagedWeights } from '../../train/averages.ts';
import { differentiate } from '../../train/differentiate.ts';
import type { HostTensors } from '../../train/model.ts';
import { sgd } from '../../train/optimisers.ts';
import { drawNoise } from '../../train/runner/noise.ts';
import { compileRows, rowsOf } from '../../train/runner/rows.ts';
import { beginTraining, createTrainer, type Learner, type Update } from '../../train/runner/step.ts';

const scalar = (value: number) => ({ shape: [1], data: Float32Array.of(value) });
const weights = () => ({
  params: { 'a/w': scalar(1), 'b/w': scalar(2) } as HostTensors,
  state: { seen: scalar(0) } as HostTensors,
});

/** a/w goes down the slope b/w, and b/w down that of a/w: each gradient is the other parameter. */
const update = (of: 'a' | 'b', momentum: number | string = 0): Update => ({
  of,
  optimiser: sgd({ momentum }),
  learningRate: `rate-${of}`,
  gradients: (params, state) =>
    differentiate(params, (at) => ({
      loss: sum(mul(at['a/w']!, at['b/w']!)) as Scalar,
      metrics: { product: sum(mul(at['a/w']!, at['b/w']!)) as Scalar },
      state: { seen: sub(state.seen!, -1) },
    })),
});
const learner = (updates: Update[], more: Partial<Learner> = {}): Learner => ({
  feeds: () => ({}),
  scalars: ['rate-a', 'rate-b'],
  updates,
  ...more,
});
const rates = { 'rate-a': 0.1, 'rate-b': 0.5 };

async function after(steps: number, of: Learner, schedule: Record<string, number> = rates) {
  const trainer = await createTrainer(of, beginTraining(of, weights()), { batchSize: 1, backend: 'cpu' });
  let said: Record<string, number> = {};
  for (let i = 0; i < steps; i++) said = await trainer.step({}, schedule);
  const { params, state, optimiser } = trainer.current();
  const plain = (tensors: HostTensors) =>
    Object.fromEntries(Object.entries(tensors).map(([name, { data }]) => [name, data[0]]));
  await trainer.release();
  return { params: plain(params), state: plain(state), optimiser: plain(optimiser), said };
}
const close = (values: Record<string, number>) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, expect.closeTo(value, 5)]));

test('an update sees what the one before it left, and moves its own parameters alone', async () => {
  const { params, state, said } = await after(1, learner([update('a'), update('b')]));
  // a = 1 − 0.1 · 2; then b = 2 − 0.5 · 0.8.
  expect(params).toEqual(close({ 'a/w': 0.8, 'b/w': 1.6 }));
  expect(state).toEqual({ seen: 2 });
  expect(said).toEqual(close({ 'a/loss': 2, 'a/product': 2, 'b/loss': 1.6, 'b/product': 1.6 }));
});

test('k updates of the same parameters share their slots, and the last one reports', async () => {
  const twice = learner([update('a', 0.5), update('a', 0.5), update('b')]);
  const { params, optimiser, said } = await after(1, twice);
  // u = 2, a = 0.8; u = 0.5 · 2 + 2 = 3, a = 0.5; b = 2 − 0.5 · 0.5.
  expect(params).toEqual(close({ 'a/w': 0.5, 'b/w': 1.75 }));
  expect(optimiser).toEqual(close({ 'a/u/a/w': 3, 'b/u/b/w': 0.5 }));
  expect(said['a/loss']).toBeCloseTo(1.6, 5);
});

test('one update of everything is simultaneous', async () => {
  const both: Update = { ...update('a'), of: '', learningRate: 'rate-b' };
  const { params, said } = await after(1, learner([both]));
  expect(params).toEqual(close({ 'a/w': 1 - 0.5 * 2, 'b/w': 2 - 0.5 * 1 }));
  expect(said).toEqual(close({ loss: 2, product: 2 }));
});

test('momentum can be scheduled', async () => {
  const of = learner([update('a', 'momentum')], { scalars: ['rate-a', 'momentum'] });
  const trainer = await createTrainer(of, beginTraining(of, weights()), { batchSize: 1, backend: 'cpu' });
  await trainer.step({}, { 'rate-a': 0.1, momentum: 0 });
  await trainer.step({}, { 'rate-a': 0.1, momentum: 0.25 });
  // u = 2; then u = 0.25 · 2 + 2 = 2.5: a = 1 − 0.2 − 0.25.
  expect(trainer.current().params['a/w']!.data[0]).toBeCloseTo(0.55, 5);
  await trainer.release();
});

test('averages begin at the parameters, follow them, and stand in for them', async () => {
  const of = learner([update('a')], { averages: { of: 'a', decay: 0.9 } });
  const { state } = await after(2, of);
  // a: 1, 0.8, 0.6; its average: 0.98, 0.942. Nothing averages b.
  expect(state).toEqual(close({ seen: 2, 'average/a/w': 0.942 }));
  const averaged = averagedWeights({
    params: { 'a/w': scalar(0.6), 'b/w': scalar(2) },
    state: { seen: scalar(2), 'average/a/w': scalar(0.942) },
  });
  expect(averaged).toEqual({
    params: { 'a/w': scalar(0.942), 'b/w': scalar(2) },
    state: { seen: scalar(2) },
  });
});

test('a feed or a scalar that is missing, or has another length, is named', async () => {
  const of = learner([update('a')], {
    feeds: (batch) => ({ x: { shape: [batch, 3], distribution: 'data' } }),
  });
  const trainer = await createTrainer(of, beginTraining(of, weights()), { batchSize: 2, backend: 'cpu' });
  await expect(trainer.step({}, rates)).rejects.toThrow("step: feed 'x' must have 6 numbers, got none");
  await expect(trainer.step({ x: new Float32Array(4) }, rates)).rejects.toThrow(
    "step: feed 'x' must have 6 numbers, got 4",
  );
  await expect(trainer.step({ x: new Float32Array(6) }, { 'rate-a': 1 })).rejects.toThrow(
    "step: the schedule has no value of 'rate-b'",
  );
  await trainer.release();
});

test('noise is drawn for the feeds that are noise, in their order', () => {
  const specs = {
    x: { shape: [2], distribution: 'data' },
    n: { shape: [2], distribution: 'normal' },
    u: { shape: [1], distribution: 'uniform' },
  } as const;
  const drawn = drawNoise(
    Object.fromEntries(
      Object.entries(specs).map(([name, spec]) => [name, { ...spec, shape: [...spec.shape] }]),
    ),
    createStream('s'),
  );
  const stream = createStream('s');
  expect(drawn).toEqual({
    n: Float32Array.of(stream.normal(), stream.normal()),
    u: Float32Array.of(stream.uniform()),
  });
});

test('rows come one by one, the last batch filled up with zeros that nobody sees', async () => {
  const nothing = { params: { w: scalar(10) }, state: {} };
  const rows = await compileRows(
    nothing,
    { x: { shape: [2] } },
    (params, _, { x }) => ({ y: mul(x!, params.w!), total: sum(x!, 1) }),
    { batch: 2, backend: 'cpu' },
  );
  const seen: [number, number[], number[]][] = [];
  const sources = { x: rowsOf(Float32Array.of(1, 2, 3, 4, 5, 6), [2]) };
  await rows.over(nothing, sources, 3, (i, { y, total }) => seen.push([i, [...y!], [...total!]]));
  await rows.release();
  expect(seen).toEqual([
    [0, [10, 20], [3]],
    [1, [30, 40], [7]],
    [2, [50, 60], [11]],
  ]);
});
