// Claims of the experiments with discrete latents, from made-up cells.
import { expect, test } from 'vitest';
import { codePriorClaims } from '../../train/experiments/code-prior/report.ts';
import { fewLabelsClaims } from '../../train/experiments/few-labels/report.ts';
import { estimatorsChart } from '../../train/experiments/gumbel/estimators-chart.ts';
import { estimatorClaims } from '../../train/experiments/gumbel/estimators-report.ts';
import { figure5Claims } from '../../train/experiments/gumbel/figure-5-report.ts';
import { METHOD_NAMES, SIZE_NAMES } from '../../train/experiments/gumbel/reinmax-cells.ts';
import { reinmaxClaims } from '../../train/experiments/gumbel/reinmax-report.ts';
import { gumbelTable1, table1Claims } from '../../train/experiments/gumbel/table-1-report.ts';
import { gumbelTable2, table2Claims } from '../../train/experiments/gumbel/table-2-report.ts';
import { temperatureClaims } from '../../train/experiments/gumbel/temperature-report.ts';
import { cell, cellsOf } from './cells.ts';

test('speed is judged where the paper states a ratio', () => {
  const timed = (classes: number, ratio: number) =>
    cell(`${classes}-classes`, { settings: { classes }, values: { ratio: { value: ratio } } });
  expect(figure5Claims(cellsOf(timed(5, 9)))).toEqual([]);
  const [claim] = figure5Claims(cellsOf(timed(5, 1.2), timed(10, 2.1), timed(100, 9.4)));
  expect(claim!.verdict).toBe('held in part');
  expect(claim!.found).toContain('2.1 times at 10 and 9.4 times at 100');
});

test('a learned prior must be better by likelihood, beyond its error, and by samples', () => {
  const model = (name: string, saved: number, frechet: [learned: number, uniform: number]) =>
    cell(name, {
      values: {
        'nats saved': { value: saved, standardError: 0.5 },
        'frechet, learned': { value: frechet[0] },
        'frechet, uniform': { value: frechet[1] },
      },
    });
  const verdictOf = (...cells: ReturnType<typeof model>[]) =>
    codePriorClaims(cellsOf(...cells)).map(({ verdict }) => verdict);
  expect(verdictOf()).toEqual([]);
  expect(verdictOf(model('a', 2, [10, 20]))).toEqual(['held']);
  expect(verdictOf(model('a', 0.9, [10, 20]), model('b', 2, [20, 10]))).toEqual(['not held']);
  expect(verdictOf(model('a', 2, [10, 20]), model('b', 2, [20, 10]))).toEqual(['held in part']);
});

test('what few labels tell is a mean over subsets, held beyond its error alone', () => {
  const told = (labels: number, seed: string, count: number) =>
    cell(`${labels}-labels-seed${seed}`, { values: { accuracy: { count, of: 10_000 } } });
  expect(fewLabelsClaims(cellsOf(told(50, '1', 9900)))).toEqual([]);
  const [near] = fewLabelsClaims(cellsOf(told(100, '1', 9840), told(100, '2', 9870)));
  expect(near).toMatchObject({
    verdict: 'not reached',
    found: expect.stringMatching(/^98\.55\s±\s0\.15\s%, 2 subsets/),
  });
  const [above] = fewLabelsClaims(cellsOf(told(100, '1', 9880), told(100, '2', 9890), told(20, '1', 5000)));
  expect(above!.verdict).toBe('held');
});

const measuredWith = (floor: number, estimator: string, ...biases: number[]) =>
  cell(`bernoulli-${estimator}`, {
    settings: { kind: 'bernoulli', estimator },
    curve: {
      columns: ['steps', 'temperature', 'bias', 'floor', 'deviation', 'cosine'],
      rows: biases.map((bias, i) => [100 * i, 1, bias, floor, 1, 0.9]),
    },
  });

test('what is so noisy that a bias as long as the gradient is missed decides nothing; an unseen bias is a bound', () => {
  const noisy = measuredWith(0.5, 'score-function', 0);
  expect(estimatorClaims(cellsOf(noisy))[0]!.verdict).toBe('not reached');
  const [unbiased, order] = estimatorClaims(
    cellsOf(
      noisy,
      measuredWith(0.1, 'arm', 0),
      measuredWith(0.1, 'straight-through', 0.5),
      measuredWith(0.3, 'reinmax', 0.1),
    ),
  );
  expect(unbiased).toMatchObject({
    verdict: 'held in part',
    found: expect.stringContaining('missed with score-function (bernoulli)'),
  });
  expect(order).toMatchObject({
    verdict: 'not held',
    found: 'In lengths of the gradient, at temperature 1: none above 0.600, against 0.500 (bernoulli).',
  });
});

test('a bias beyond three floors speaks against an unbiased estimator, at any stage', () => {
  const measured = (estimator: string, ...biases: number[]) => measuredWith(0.1, estimator, ...biases);
  expect(estimatorClaims(cellsOf(measured('darn', 9)))).toEqual([]);
  const [unbiased, order] = estimatorClaims(
    cellsOf(
      measured('arm', 0.4, 0),
      measured('muprop', 0.29, 0),
      measured('straight-through', 0, 0.5),
      measured('reinmax', 9, 0.2),
    ),
  );
  expect(unbiased!.verdict).toBe('held in part');
  expect(unbiased!.found).toContain('arm (bernoulli) of 2 cells');
  expect(order!.verdict).toBe('held');
});

test('the chart has the last stage of training by temperature, level without one, and temperature 1 by stage', () => {
  const measured = (name: string, rows: number[][]) =>
    cell(name, {
      curve: { columns: ['steps', 'temperature', 'bias', 'floor', 'deviation', 'cosine'], rows },
    });
  const { rows } = estimatorsChart(
    cellsOf(
      measured('bernoulli-gumbel-softmax', [
        [0, 0.5, 9, 9, 9, 9],
        [0, 1, 0.05, 9, 0.1, 9],
        [500, 0.5, 0.1, 9, 2, 9],
        [500, 1, 0.3, 9, 1, 9],
      ]),
      measured('categorical-arm', [[500, 1, 0, 9, 3, 9]]),
    ),
  );
  const training = rows
    .slice(2)
    .map((row) => row.map(({ title, xUnit, series }) => [title, xUnit, ...series[0]!.points]));
  expect(training).toEqual([
    [
      ['bias in training, 8 bits', 'step of training', [1, 0.05], [501, 0.3]],
      ['deviation in training, 8 bits', 'step of training', [1, 0.1], [501, 1]],
    ],
    [
      ['bias in training, 4×4', 'step of training', [501, 0]],
      ['deviation in training, 4×4', 'step of training', [501, 3]],
    ],
  ]);
  expect(rows.slice(0, 2).map((row) => row.map(({ title, series }) => [title, series[0]!.points]))).toEqual([
    [
      [
        'bias, 8 bits',
        [
          [0.5, 0.1],
          [1, 0.3],
        ],
      ],
      [
        'deviation, 8 bits',
        [
          [0.5, 2],
          [1, 1],
        ],
      ],
    ],
    [
      [
        'bias, 4×4',
        [
          [0.1, 0],
          [4, 0],
        ],
      ],
      [
        'deviation, 4×4',
        [
          [0.1, 3],
          [4, 3],
        ],
      ],
    ],
  ]);
});

test('Table 1 compares what was trained for as long, and short runs have not reached a figure', () => {
  const trained = (column: string, nll: number, samples: number, fall = 0) =>
    cell(`sbn-bernoulli-${column}`, {
      samples,
      curve: {
        columns: ['samples', 'train', 'validation'],
        rows: [
          [samples / 2, nll, nll + fall],
          [samples, nll, nll],
        ],
      },
      settings: { estimator: column, steps: samples / 100 },
      values: { nll: { value: nll, standardError: 0.1 } },
    });
  const own = trained('gumbel-softmax', 60, 1e6);
  expect(table1Claims(cellsOf(own, trained('darn', 50, 2e6)))).toEqual([]);
  const [best, reached] = table1Claims(cellsOf(own, trained('darn', 59, 1e6)));
  expect([best!.verdict, reached!.verdict]).toEqual(['not held', 'not reached']);
  const [again] = table1Claims(cellsOf(own, trained('darn', 60.1, 1e6)));
  expect(again!.verdict).toBe('held');
  const [early] = table1Claims(cellsOf(own, trained('darn', 60.1, 1e6, 3)));
  expect(early).toMatchObject({
    verdict: 'ahead so far',
    found: expect.stringMatching(/ steps \(10.000\)\. .* image by image; 1 of these runs/),
  });
  const [behind] = table1Claims(cellsOf(own, trained('darn', 59, 1e6, 3)));
  expect(behind!.verdict).toBe('not reached');
  const { notes } = gumbelTable1.report(cellsOf(own), () => new Map());
  expect(notes!.find((note) => note.startsWith('Not run'))).toContain(
    'Not run yet: SBN (Bern.) with SF, DARN, MuProp, ST, Annealed ST and ST Gumbel-S.; SBN (Cat.) with SF,',
  );
});

test('Table 2: differences are taken subset by subset, and short runs do not refute', () => {
  const row = (name: string, accuracies: number[], step: number, alpha = 10) =>
    cell(name, {
      samples: 150_000,
      settings: { epochs: 3, alpha, alphas: [1, 10, 100] },
      values: {
        accuracy: { value: accuracies.reduce((a, b) => a + b) / accuracies.length, standardError: 3 },
        elbo: { value: -110 },
        step: { value: step },
      },
      perGroup: { accuracy: accuracies },
    });
  const summed = row('marginalised', [80, 86, 90], 60);
  const drawn = row('gumbel-softmax', [79, 86, 90], 20);
  const straight = row('st-gumbel-softmax', [81, 87.1, 90.9], 30);
  expect(table2Claims(cellsOf(drawn))).toHaveLength(1);
  const claims = table2Claims(cellsOf(summed, drawn, straight));
  expect(claims.map(({ verdict }) => verdict)).toEqual(['not reached', 'held', 'held']);
  expect(claims[1]!.found.replace(/\s/g, ' ')).toBe(
    'straight-through Gumbel-Softmax 1.00 ± 0.06 points from summing over classes, subset by subset.',
  );
  expect(claims[2]!.found).toMatch(/^3\.0 times as many .* and 2\.0 times/);
  const worse = row('st-gumbel-softmax', [79, 85, 89.1], 70);
  const [, better, cheaper] = table2Claims(cellsOf(summed, worse));
  expect([better!.verdict, cheaper!.verdict]).toEqual(['not held', 'not held']);
  const notes = (alpha: number) =>
    gumbelTable2.report(cellsOf(row('gumbel-softmax', [80], 20, alpha)), () => new Map()).notes!;
  expect([10, 100].map((alpha) => notes(alpha).join().includes('a better one may lie beyond'))).toEqual([
    false,
    true,
  ]);
  const [reached] = table2Claims(cellsOf(row('gumbel-softmax', [92.4, 92.5], 20)));
  expect(reached!.verdict).toBe('held');
  expect(gumbelTable2.report(cellsOf(summed), () => new Map()).table!.rows[0]!.slice(0, 4)).toEqual([
    'summed over',
    { value: 256 / 3, standardError: 3 },
    { value: 92.6 },
    { value: -110 },
  ]);
});

test('a learned temperature is judged against the best of the others, where all are there', () => {
  const at = (temperature: string, nll: number) =>
    cell(`sbn-categorical-${temperature}`, {
      values: { nll: { value: nll, standardError: 0.1 }, temperature: { value: 0.4 } },
    });
  const others = [at('0.25', 71), at('0.5', 70), at('1', 72)];
  expect(temperatureClaims(cellsOf(...others, at('learned', 60)))).toEqual([]);
  const verdicts = [69, 70.1, 71].map(
    (nll) => temperatureClaims(cellsOf(...others, at('annealed', 73), at('learned', nll)))[0]!,
  );
  expect(verdicts.map(({ verdict }) => verdict)).toEqual(['held', 'not reached', 'not held']);
  expect(verdicts[0]!.found.replace(/\s/g, ' ')).toBe(
    'SBN (Cat.) 69.00 ± 0.10, at τ = 0.40 in the end, against 70.00 ± 0.10 (0.5).',
  );
});

test('ReinMax leads at a size where all four others are worse beyond the error of their difference', () => {
  const size = (name: string, ...nats: number[]) =>
    METHOD_NAMES.slice(0, nats.length).map((method, i) =>
      cell(`${name}-${method}`, { values: { test: { value: nats[i]!, standardError: 0.1 } } }),
    );
  const judge = (...cells: ReturnType<typeof size>) => reinmaxClaims(cellsOf(...cells));
  expect(judge(...size('8x4', 120, 120, 120, 120))).toEqual([]);
  const [claim] = judge(...size('8x4', 120, 121, 122, 123, 119), ...size('10x30', 99, 121, 122, 123, 99.2));
  expect(claim!.verdict).toBe('not reached');
  expect(claim!.found.replace(/\s/g, ' ')).toContain(
    'at 1 of the 2 sizes that have all five, of 6 in the paper: 8x4 119.00 ± 0.10 against 120.00 ± 0.10 (ST Gumbel-Softmax) and 10x30 99.20 ± 0.10 against 99.00',
  );
  const all = SIZE_NAMES.flatMap((name) => size(name, 120, 121, 122, 123, 119));
  expect(judge(...all)[0]!.verdict).toBe('ahead so far');
  expect(judge(...all.slice(5))[0]!.verdict).toBe('not reached');
});
