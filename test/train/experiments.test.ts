// The protocol of the experiments on a model of a few pixels: curves that stop and go on, and step sizes that diverge.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createStream } from '../../core/sampling/stream.ts';
import { drawDigit } from '../../train/data/glyphs.ts';
import { createElboEvaluator } from '../../train/evaluate/bounds/elbo.ts';
import { meanAndError } from '../../train/evaluate/statistics.ts';
import { byGradient } from '../../train/experiments/aevb/by-gradient.ts';
import { beyond, checkpointOf, GATHERING_STEPS, trainCurve } from '../../train/experiments/aevb/curve.ts';
import * as figure2 from '../../train/experiments/aevb/figure-2.ts';
import { byMonteCarloEm } from '../../train/experiments/aevb/monte-carlo-em.ts';
import { learnBy, POINTS } from '../../train/experiments/aevb/panels.ts';
import { race } from '../../train/experiments/aevb/race.ts';
import type { Context } from '../../train/experiments/experiment.ts';
import { readSafetensors, writeSafetensors } from '../../train/io/safetensors.ts';
import type { Weights } from '../../train/model.ts';
import { createAevb, type Initialisation } from '../../train/models/aevb.ts';
import { within } from '../../train/runner/names.ts';

const root = mkdtempSync(join(tmpdir(), 'dreamlet-experiments-'));
afterAll(() => rmSync(root, { recursive: true }));

const context = (folder: string, limit = Number.POSITIVE_INFINITY): Context => ({
  load: () => Promise.reject(new Error('no data are needed')),
  backend: 'cpu',
  threads: 1,
  folder: join(root, folder),
  limit,
  log: () => {},
});

/** Two kinds of image of four pixels, with some noise. */
const values = (() => {
  const stream = createStream('experiments');
  return Float32Array.from({ length: 4 * 200 }, (_, i) => {
    const bright = Math.floor(i / 4) % 2 === i % 2;
    return Number(stream.uniform() < (bright ? 0.9 : 0.1));
  });
})();

const config = {
  image: { width: 2, height: 2, channels: 1 },
  latentDimensions: 1,
  hidden: 8,
  likelihood: 'bernoulli',
} as const;
const initialWeights = (size: number, change: object) => (initialisation: Initialisation) =>
  createAevb({ ...config, ...change, initialisation }).init(
    createStream('init'),
    new Float32Array(size).fill(0.5),
  );

async function curve(method: 'aevb' | 'wake-sleep', where: Context, final?: number) {
  const vae = createAevb(config);
  const train = { values, count: 200, size: 4 };
  const init = initialWeights(4, {});
  const evaluator = await createElboEvaluator(vae, init(0.01), { seed: 'e', backend: 'cpu', threads: 1 });
  const score = async (weights: Weights) => meanAndError(await evaluator.evaluate(weights, values)).mean;
  const run = await trainCurve(
    {
      method: byGradient({ learn: learnBy(method, vae), init, train, seed: '1', map: true, score }),
      at: [10_000, 20_000, 100_000],
      measure: async (weights) => [await score(weights)],
      rungs: [15_000, 20_000],
      ...(final ? { final } : {}),
    },
    where,
  );
  await evaluator.release();
  return run;
}

test.each(['aevb', 'wake-sleep'] as const)(
  '%s: a curve that stopped goes on to the same bits',
  async (method) => {
    const whole = await curve(method, context(`${method}-whole`));
    const part = await curve(method, context(`${method}-parts`, 20_000));
    expect(part.rows).toEqual(whole.rows.slice(0, 2));
    // One that diverged is known to have when the run goes on.
    const file = checkpointOf(join(root, `${method}-parts`));
    const { tensors, metadata } = readSafetensors(file);
    const start = JSON.parse(metadata.start!);
    start.laps[0].score = Number.NaN;
    writeSafetensors(file, tensors, { start: JSON.stringify(start) });
    const rest = await curve(method, context(`${method}-parts`));
    expect(rest.laps).toEqual([{ ...whole.laps[0]!, score: Number.NaN }, ...whole.laps.slice(1)]);
    expect(rest.rows).toEqual(whole.rows);
    expect(rest.weights).toEqual(whole.weights);
    expect(whole.rows.map(([samples]) => samples)).toEqual([10_000, 20_000, 100_000]);
    // Nine start, five go on, and the first step beyond the grid is tried where the best is at its edge.
    const at = (samples: number) => whole.laps.filter((lap) => lap.samples === samples).length;
    expect(at(15_000)).toBe(9);
    expect(at(20_000)).toBeGreaterThanOrEqual(5);
    expect(Math.max(...whole.laps.filter((lap) => lap.samples === 20_000).map(({ score }) => score))).toBe(
      whole.rows[1]![1],
    );
    expect(GATHERING_STEPS).toBe(100);
    expect(whole.rows[2]![1]).toBeGreaterThan(whole.rows[0]![1]! + 0.15);
    // Beyond its limit already: it stays where it stands.
    expect((await curve(method, context(`${method}-parts`, 20_000))).rows).toEqual(whole.rows);
  },
  60_000,
);

test('with a final, the best step of each initialisation is judged once more', async () => {
  const { laps, candidate, rows } = await curve('aevb', context('final'), 30_000);
  const last = laps.filter(({ samples }) => samples === 30_000);
  expect(last.map((lap) => lap.candidate.initialisation)).toEqual([0.01, 0.1, 'fan-in']);
  for (const { candidate: finalist } of last) {
    const heat = laps.filter(
      (lap) => lap.samples === 20_000 && lap.candidate.initialisation === finalist.initialisation,
    );
    expect(heat.toSorted((a, b) => b.score - a.score)[0]!.candidate).toEqual(finalist);
  }
  expect(candidate).toEqual(last.toSorted((a, b) => b.score - a.score)[0]!.candidate);
  expect(rows.map(([samples]) => samples)).toEqual([10_000, 20_000, 100_000]);
}, 60_000);

test('a race drops the worse half, and those that diverge', async () => {
  const found = await race(
    [3, 1, 4, 2, 5],
    [10, 20, 30],
    async (candidate, state: number[] = [], samples) => ({
      state: [...state, samples],
      // 5 leads at first and diverges later.
      score: candidate === 5 && samples > 10 ? Number.NaN : candidate,
    }),
  );
  expect(found.winner).toEqual({ candidate: 4, state: [10, 20, 30], score: 4 });
  expect(found.laps.map(({ candidate, samples }) => [candidate, samples])).toEqual([
    ...[3, 1, 4, 2, 5].map((candidate) => [candidate, 10]),
    ...[5, 4, 3].map((candidate) => [candidate, 20]),
    ...[4, 3].map((candidate) => [candidate, 30]),
  ]);
});

test.each([
  [0.01, [0.01, 0.02, 0.1], 0.005],
  [0.02, [0.01, 0.02, 0.1], undefined],
  [0.1, [0.01, 0.02, 0.1], 0.2],
  [0.2, [0.01, 0.02, 0.1, 0.2], 0.5],
  [0.1, [0.01, 0.02, 0.1, 0.2], undefined],
])('where %d is the best of %j, the step tried next is %j', (best, tried, next) => {
  expect(beyond(best, tried)).toBe(next);
});

test('Monte Carlo EM raises log p(x, z), and goes on to the same bits', async () => {
  const [count, size] = [200, 784];
  const digits = Float32Array.from({ length: count * size });
  for (let i = 0; i < count; i++)
    digits.set(
      drawDigit(i % 3, createStream('mcem', i)).map((byte) => Number(byte > 127)),
      i * size,
    );
  const change = { image: { width: 28, height: 28, channels: 1 as const }, latentDimensions: 2, hidden: 10 };
  const { encode: _, ...vae } = createAevb({ ...config, ...change });
  const init = (initialisation: Initialisation) => ({
    params: within(initialWeights(size, change)(initialisation).params, 'decoder'),
    state: {},
  });
  const train = { values: digits, count, size };
  // The mean of the ink says enough of a decoder that has learnt the mean image.
  const score = async ({ params }: Weights) => -Math.abs(params['decoder/pixels/bias']!.data[0]! + 4);
  const run = async (folder: string, limit?: number) => {
    const where = context(folder, limit);
    const method = await byMonteCarloEm({ vae, init, train, seed: '1', score }, where);
    const seen: number[] = [];
    const done = await trainCurve(
      {
        method,
        at: [11_300, 20_000, 60_000],
        measure: async ({ params }) => {
          seen.push(Object.keys(params).filter((name) => !name.startsWith('decoder/')).length);
          return [params['decoder/pixels/bias']!.data[0]!];
        },
        rungs: [11_300],
      },
      where,
    );
    await method.release();
    expect(seen.every((others) => others === 0)).toBe(true);
    return done;
  };
  const whole = await run('mcem-whole');
  await run('mcem-parts', 20_000);
  const rest = await run('mcem-parts');
  expect(rest.weights.params).toEqual(whole.weights.params);
  expect(rest.rows).toEqual(whole.rows);
  // The corner of a digit is blank, which the decoder has learnt.
  expect(whole.rows[2]![1]).toBeLessThan(whole.rows[0]![1]! - 0.2);
}, 60_000);

test('Figure 2 has its nine panels and ten million samples', () => {
  expect(Object.keys(figure2.cells)).toHaveLength(18);
  expect(POINTS.at(-1)).toBe(10_000_000);
  expect(POINTS.every((samples) => samples % 100 === 0)).toBe(true);
});
