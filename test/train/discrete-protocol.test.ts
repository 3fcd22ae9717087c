// The protocol of Table 1 of Jang et al. 2017: rates chosen by short runs, the one that is chosen falling to 0, checkpoints.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createStream } from '../../core/sampling/stream.ts';
import type { DataSet, Images } from '../../train/data/data-set.ts';
import { DISCRETE_ESTIMATORS } from '../../train/estimators/discrete/table.ts';
import type { Context } from '../../train/experiments/experiment.ts';
import { COLUMNS, HEATS, LEARNING_RATES, trainDiscrete } from '../../train/experiments/gumbel/train.ts';
import { createBeliefNetwork } from '../../train/models/belief-network.ts';
import { constant } from '../../train/schedules.ts';

const root = mkdtempSync(join(tmpdir(), 'dreamlet-protocol-'));
afterAll(() => rmSync(root, { recursive: true }));

/** Images of 2 × 4 whose lower half is the upper one, or its negative. */
function pairs(count: number, name: string): Images {
  const stream = createStream('pairs', name);
  const pixels = new Uint8Array(8 * count);
  for (let i = 0; i < count; i++) {
    const turned = stream.uniform() < 0.25;
    for (let p = 0; p < 4; p++) {
      const on = stream.uniform() < 0.5;
      pixels[8 * i + p] = on ? 255 : 0;
      pixels[8 * i + 4 + p] = on !== turned ? 255 : 0;
    }
  }
  return { count, width: 2, height: 4, channels: 1, pixels };
}

// With the first the best of both finalists is the larger, with the second the smaller, so that a third is tried.
test.each([
  ['gumbel-softmax', 2],
  ['st-gumbel-softmax', 3],
] as const)(
  'rates are tried from the largest down, the best goes on to the end, and a run that is done is not made again: %s',
  async (name, count) => {
    const dataset: DataSet = {
      id: 'pairs',
      title: 'pairs',
      terms: 'none',
      train: pairs(50_000, 'train'),
      validation: pairs(1000, 'validation'),
      test: pairs(10, 'test'),
    };
    const image = { width: 2, height: 4, channels: 1 } as const;
    const layer = { kind: 'bernoulli', variables: 6 } as const;
    const run = {
      model: createBeliefNetwork({ image, layers: [layer], hidden: [8] }),
      estimator: DISCRETE_ESTIMATORS[name],
      schedules: { temperature: constant(0.5) },
      seed: '1',
      dataset,
    };
    const folder = join(root, name);
    mkdirSync(folder);
    const lines: string[] = [];
    // 1999 steps are three epochs of 500.
    const context = {
      backend: 'cpu',
      threads: 1,
      folder,
      limit: 199_900,
      log: (line: string) => lines.push(line),
    };
    const found = await trainDiscrete(run, context as unknown as Context);

    expect(found.steps).toBe(1500);
    expect(found.rows.map(([samples]) => samples)).toEqual([50_000, 100_000, 150_000]);
    expect(found.rows.every((row) => row.length === COLUMNS.length)).toBe(true);
    const first = found.pilots.filter(({ steps }) => steps === HEATS[0]);
    expect(first.map(({ rate }) => rate)).toEqual([0.3, 0.1, 0.03, 0.01].slice(0, first.length));
    const losses = first.map(({ loss }) => loss);
    losses.slice(1).forEach((loss, i) => {
      expect(loss > losses[i]!, `rate ${first[i + 1]!.rate}`).toBe(i === losses.length - 2);
    });
    const finals = found.pilots.filter(({ steps }) => steps !== HEATS[0]);
    expect(finals).toHaveLength(count);
    const tried = LEARNING_RATES.slice(first.length - 2, first.length - 2 + finals.length);
    expect(finals.map(({ rate, steps }) => [rate, steps])).toEqual(tried.map((rate) => [rate, 1500]));
    const bestOf = (pilots: typeof finals) => pilots.reduce((a, b) => (b.loss < a.loss ? b : a));
    // Each below the first two because the one before it was the best, and the last because it was not.
    for (let i = 2; i <= finals.length; i++)
      expect(bestOf(finals.slice(0, i)) === finals[i - 1], `${i}`).toBe(i < finals.length);
    expect(found.learningRate).toBe(bestOf(finals).rate);
    // It cannot know better than which of two ways a quarter goes, and must know more than four even bits.
    const bound = -(0.25 * Math.log(0.25) + 0.75 * Math.log(0.75));
    const selected = Math.min(...found.rows.map((row) => row[COLUMNS.indexOf('selection')]!));
    expect(selected).toBeGreaterThan(bound - 0.1);
    expect(selected).toBeLessThan(4 * Math.LN2 - 0.25);
    expect(found.rows.findIndex((row) => row[3] === selected)).toBe(found.best.step / 500 - 1);

    lines.length = 0;
    const again = await trainDiscrete(run, context as unknown as Context);
    expect(lines).toEqual([]);
    expect(again).toEqual({ ...found, best: again.best });
    expect(again.best.step).toBe(found.best.step);
    expect(readdirSync(folder)).toContain(`last-${found.learningRate}-of-1500.safetensors`);
    expect(existsSync(join(folder, `last-${found.learningRate}.safetensors`))).toBe(false);
  },
  60_000,
);
