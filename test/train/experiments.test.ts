// The protocol of the experiments on a model of a few pixels: curves that stop and go on, and step sizes that diverge.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createStream } from '../../core/sampling/stream.ts';
import type { Images } from '../../train/data/data-set.ts';
import { drawDigit } from '../../train/data/glyphs.ts';
import { createElboEvaluator } from '../../train/evaluate/bounds/elbo.ts';
import {
  type CurveOptions,
  GATHERING_STEPS,
  STEP_SIZES,
  trainCurve,
} from '../../train/experiments/aevb/curve.ts';
import * as figure2 from '../../train/experiments/aevb/figure-2.ts';
import { trainMonteCarloEm } from '../../train/experiments/aevb/monte-carlo-em.ts';
import { learnBy, POINTS } from '../../train/experiments/aevb/panels.ts';
import type { Context } from '../../train/experiments/experiment.ts';
import { createAevb } from '../../train/models/aevb.ts';

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

async function curve(method: 'aevb' | 'wake-sleep', where: Context) {
  const vae = createAevb({
    image: { width: 2, height: 2, channels: 1 },
    latentDimensions: 1,
    hidden: 8,
    likelihood: 'bernoulli',
  });
  const set = { values, count: 200, size: 4 };
  const like = vae.init(createStream('like'), new Float32Array(4).fill(0.5));
  const evaluator = await createElboEvaluator(vae, like, { seed: 'e', backend: 'cpu', threads: 1 });
  const options: CurveOptions = {
    vae,
    learn: learnBy(method, vae),
    train: set,
    test: set,
    seed: '1',
    map: true,
    at: [10_000, 20_000, 100_000],
    evaluator,
    trainImages: 200,
    pilotSamples: 20_000,
  };
  const run = await trainCurve(options, where);
  await evaluator.release();
  return run;
}

test.each(['aevb', 'wake-sleep'] as const)(
  '%s: a curve that stopped goes on to the same bits',
  async (method) => {
    const whole = await curve(method, context(`${method}-whole`));
    const part = await curve(method, context(`${method}-parts`, 20_000));
    expect(part.rows).toEqual(whole.rows.slice(0, 2));
    const rest = await curve(method, context(`${method}-parts`));
    expect(rest.rows).toEqual(whole.rows);
    expect(rest.weights).toEqual(whole.weights);
    expect(STEP_SIZES).toContain(whole.stepSize);
    // Nothing is learnt while Adagrad gathers: four bits, from four coins.
    expect(GATHERING_STEPS).toBe(100);
    expect(whole.rows[0]![1]).toBeCloseTo(4 * Math.log(0.5), 1);
    // Wake-sleep is slower than 900 steps.
    if (method === 'aevb') expect(whole.rows[2]![1]).toBeGreaterThan(whole.rows[0]![1]! + 0.15);
    // Beyond its limit already: it is measured where it stands.
    expect((await curve(method, context(`${method}-parts`, 20_000))).rows).toEqual(whole.rows);
  },
  60_000,
);

test('Monte Carlo EM raises log p(x, z), sweep by sweep', async () => {
  const count = 200;
  const pixels = new Uint8Array(count * 784);
  for (let i = 0; i < count; i++) pixels.set(drawDigit(i % 3, createStream('mcem', i)), i * 784);
  const images: Images = { count, width: 28, height: 28, channels: 1, pixels };
  const set = { id: 'mnist', title: 'glyphs', terms: '', train: images, validation: images, test: images };
  const measured: number[] = [];
  const run = await trainMonteCarloEm(
    {
      latentDimensions: 2,
      hidden: 10,
      trainCount: count,
      at: [3000, 30_000, 150_000],
      pilotRounds: 10,
      measure: async () => ({
        at: async ({ params }) => {
          expect(Object.keys(params).every((name) => name.startsWith('decoder/'))).toBe(true);
          measured.push(1);
          return [measured.length];
        },
        release: async () => {},
      }),
    },
    { ...context('mcem'), load: async () => set },
  );
  expect(run.rows.map(([samples, , third]) => [samples, third])).toEqual([
    [3000, 1],
    [30_000, 2],
    [150_000, 3],
  ]);
  const logJoints = run.rows.map(([, logJoint]) => logJoint!);
  expect(logJoints[2]).toBeGreaterThan(logJoints[1]! + 5);
  expect(logJoints[1]).toBeGreaterThan(logJoints[0]! + 50);
}, 60_000);

test('Figure 2 has its nine panels and ten million samples', () => {
  expect(Object.keys(figure2.cells)).toHaveLength(18);
  expect(POINTS.at(-1)).toBe(10_000_000);
  expect(POINTS.every((samples) => samples % 100 === 0)).toBe(true);
});
