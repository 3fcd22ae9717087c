// Sessions beside each other, runs on top of each other, and more batch sizes than anyone keeps plans for.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createStream } from '../../../core/sampling/stream.ts';
import { encodeModel } from '../../../onnx/model.ts';
import type { Tensor } from '../../../worker/engine/engine.ts';
import { Encoder } from './cases/encoders.ts';
import { Dcgan, Mlp } from './cases/generators.ts';
import { expectSameBytes } from './close.ts';
import { subject } from './subject.ts';

const sampled = [Mlp, Dcgan, Encoder].map((cases) => fc.sample(cases, { numRuns: 1, seed: 2 })[0]!);

/** Feeds like the given ones, with `n` images. */
function feedsOf(feeds: Record<string, Tensor>, n: number): Record<string, Tensor> {
  const entries = Object.entries(feeds).map(([name, { shape }]): [string, Tensor] => {
    const whole = shape.with(0, n);
    const data = new Float32Array(whole.reduce((product, d) => product * d, 1));
    createStream('sessions', name, n).fillNormal(data);
    return [name, { shape: whole, data }];
  });
  return Object.fromEntries(entries);
}

function expectSame(actual: Record<string, Tensor>, expected: Record<string, Tensor>, what: string): void {
  expect(Object.keys(actual)).toEqual(Object.keys(expected));
  for (const [name, tensor] of Object.entries(expected))
    expectSameBytes(actual[name]!, tensor, `${what}, ${name}`);
}

test('forty batch sizes, there and back', async () => {
  for (const { model, feeds } of sampled) {
    const session = await subject.load(encodeModel(model));
    const first: Record<string, Tensor>[] = [];
    for (let n = 1; n <= 40; n++) first[n] = await session.run(feedsOf(feeds, n));
    for (let n = 40; n >= 1; n--)
      expectSame(await session.run(feedsOf(feeds, n)), first[n]!, `batch of ${n}`);
    await session.release();
  }
});

test('runs that are asked for together, of sessions that live side by side', async () => {
  const sessions = await Promise.all(sampled.map(({ model }) => subject.load(encodeModel(model))));
  const jobs = [1, 5, 2, 5].flatMap((n) =>
    sessions.map((session, i) => ({ session, feeds: feedsOf(sampled[i]!.feeds, n) })),
  );
  const together = await Promise.all(jobs.map(({ session, feeds }) => session.run(feeds)));
  for (const [i, { session, feeds }] of jobs.entries())
    expectSame(await session.run(feeds), together[i]!, `job ${i}`);
  for (const session of sessions) await session.release();
});

test('what a session answered is the caller’s: neither side sees what the other does with it', async () => {
  const { model, feeds } = sampled[0]!;
  const session = await subject.load(encodeModel(model));
  const answer = await session.run(feeds);
  const kept = Object.fromEntries(
    Object.entries(answer).map(([name, { shape, data }]) => [
      name,
      { shape: [...shape], data: data.slice() },
    ]),
  );
  await session.run(feedsOf(feeds, 7));
  expectSame(answer, kept, 'after another run');
  for (const { data, shape } of Object.values(answer)) {
    data.fill(0);
    shape.fill(0);
  }
  expectSame(await session.run(feeds), kept, 'after the caller wrote into it');
  await session.release();
});
