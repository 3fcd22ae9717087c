// What the theory of adversarial networks is measured by: densities, divergences, and games on a line.
import { expect, test } from 'vitest';
import { createStream } from '../../core/sampling/stream.ts';
import { drawGame } from '../../figures/game.ts';
import { THEMES } from '../../figures/theme.ts';
import type { Cell } from '../../train/experiments/experiment.ts';
import { play } from '../../train/experiments/gan-theory/algorithm-1.ts';
import {
  divergenceOf,
  jensenShannon,
  massesOf,
  massesOfPoints,
  optimalCritic,
} from '../../train/experiments/gan-theory/divergence.ts';
import { density, draw, type Mixture, midpoints } from '../../train/experiments/gan-theory/mixture.ts';
import { gameOf, ganTheory } from '../../train/experiments/gan-theory/report.ts';

const TWO: Mixture = [
  { weight: 0.25, mean: -1, deviation: 0.5 },
  { weight: 0.75, mean: 2, deviation: 1 },
];
const GAUSSIAN = (mean: number): Mixture => [{ weight: 1, mean, deviation: 1 }];

test('a mixture has the density, the mass and the draws of its parts', () => {
  // 0.25 · 2 / √(2π) + 0.75 · e^(−9/2) / √(2π)
  expect(density(TWO, -1)).toBeCloseTo(0.2028, 4);
  const masses = massesOf({ low: -9, width: 3, count: 7 }, TWO);
  expect(masses.reduce((sum, mass) => sum + mass, 0)).toBeCloseTo(1, 6);
  const stream = createStream('1', 'mixture');
  const drawn = Array.from({ length: 20_000 }, () => draw(TWO, stream));
  // Mean −0.25 + 1.5; 0.25 · (0.25 + 1) + 0.75 · (1 + 4) less its square.
  const mean = drawn.reduce((sum, x) => sum + x, 0) / drawn.length;
  const variance = drawn.reduce((sum, x) => sum + (x - mean) ** 2, 0) / drawn.length;
  expect(Math.abs(mean - 1.25)).toBeLessThan(5 * Math.sqrt(2.5 / drawn.length));
  expect(variance).toBeCloseTo(2.5, 1);
});

test('the divergence is 0 of the same, log 2 of separate ones, and known in between', () => {
  expect(jensenShannon([0.5, 0.5], [0.5, 0.5])).toBe(0);
  expect(jensenShannon([1, 0], [0, 1])).toBeCloseTo(Math.LN2, 12);
  // ½ (¾ log 3/2 + ¼ log ½) + ½ (¼ log ½ + ¾ log 3/2)
  expect(jensenShannon([0.75, 0.25], [0.25, 0.75])).toBeCloseTo(0.75 * Math.log(1.5) - 0.25 * Math.LN2, 12);
  expect(divergenceOf(TWO, TWO)).toBe(0);
  expect(divergenceOf(GAUSSIAN(-20), GAUSSIAN(20))).toBeCloseTo(Math.LN2, 6);
  expect(massesOfPoints({ low: 0, width: 1, count: 3 }, [-5, 0.5, 1.5, 9])).toEqual([0.5, 0.25, 0.25]);
  expect(optimalCritic(3, 1)).toBe(0.75);
});

test('k steps of the critic and one of the generator bring a Gaussian to another', async () => {
  const found: number[] = [];
  const steps: number[] = [];
  await play(
    GAUSSIAN(1.5),
    'non-saturating',
    3,
    '1',
    [150, 300],
    async ({ step, divergence, points, critic }) => {
      steps.push(step);
      found.push(divergence);
      expect(points).toHaveLength(10_000);
      for (const judged of await critic(Float32Array.of(-3, 3))) expect(judged > 0 && judged < 1).toBe(true);
    },
    { backend: 'cpu', threads: 1 },
  );
  expect(steps).toEqual([0, 150, 300]);
  expect(found[0]).toBeGreaterThan(0.3);
  expect(found[2]).toBeLessThan(0.1);
});

const cell = (name: string, rest: Partial<Cell>): [string, Cell] => [
  name,
  { experiment: 'gan-theory', cell: name, settings: {}, samples: 1, values: {}, ...rest } as Cell,
];

const game = (name: string, arrived: number, collapsed: number) =>
  cell(name, {
    settings: { mixture: 'two-modes', loss: 'minimax', criticSteps: 1, learningRate: 1, steps: 5 },
    values: {
      JSD: { value: 0.1, standardError: 0.01 },
      'least JSD': { value: 0.1, standardError: 0.01 },
      arrived: { count: arrived, of: 3 },
      collapsed: { count: collapsed, of: 3 },
      'modes lost': { count: collapsed, of: 6 },
    },
    curve: {
      columns: ['step', 'JSD', 'error'],
      rows: [
        [0, 0.5, 0.1],
        [5, 0.1, 0.01],
      ],
    },
  });

test('propositions are judged by what critics and games came to', () => {
  const critic = (name: string, largest: number, gap: number, value = -1.02) =>
    cell(`critic-${name}`, {
      settings: { steps: 7 },
      values: {
        'largest difference from D*': { value: largest },
        'V(D, G)': { value, standardError: 0.01 },
        'V(D*, G) − V(D, G)': { value: gap, standardError: 0.0001 },
        '−log 4 + 2 JSD': { value: -1 },
      },
    });
  const verdicts = (...cells: [string, Cell][]) =>
    ganTheory.report(new Map(cells), () => new Map()).claims!.map(({ verdict }) => verdict);
  expect(verdicts(critic('a', 0.01, 0.001), critic('b', 0.03, 0.001))).toEqual(['held in part', 'held']);
  expect(verdicts(critic('a', 0.01, 0.05))).toEqual(['held', 'not held']);
  // Off the prediction by four standard errors, however near the critic is to the best.
  expect(verdicts(critic('a', 0.01, 0.001, -1.04))).toEqual(['held', 'not held']);
  expect(verdicts(critic('a', 0.01, 0.001, -0.96), critic('b', 0.01, 0.001))).toEqual([
    'held',
    'held in part',
  ]);
  expect(verdicts(game('a', 3, 0))).toEqual(['held']);
  expect(verdicts(game('a', 3, 0), game('b', 0, 2))).toEqual(['held in part']);
  const { chart, claims } = ganTheory.report(new Map([game('a', 1, 2)]), () => new Map());
  expect(claims![0]!.found).toContain('minimax, k = 1 on two modes (2 of 3 runs)');
  // A logarithmic axis has no place for step 0.
  expect(chart!.rows[0]![0]!.series[0]!.points).toEqual([[5, 0.1, 0.01]]);
});

test('Figure 1 moves through every frame, or stands at the last', () => {
  const places = midpoints([-1, 1], 3);
  const rows = [0, 10].flatMap((step) => places.map((x, i) => [step, x, 1, step / 10, 0.5, (i - 1) / 2]));
  const columns = ['step', 'x', 'p_data', 'p_g', 'D', 'G(z)'];
  const drawn = gameOf(cell('figure-1', { curve: { columns, rows } })[1])!;
  expect(drawn.frames.map(({ step, generated }) => [step, generated])).toEqual([
    [0, [0, 0, 0]],
    [10, [1, 1, 1]],
  ]);
  const moving = drawGame(drawn, THEMES.dark, true);
  expect(moving.match(/<animate attributeName="d"/g)).toHaveLength(3);
  expect(moving).toContain('after 0 steps');
  const still = drawGame(drawn, THEMES.dark, false);
  expect(still).not.toContain('<animate');
  expect(still).not.toContain('after 0 steps');
  expect(still).toContain('after 10 steps');
});
