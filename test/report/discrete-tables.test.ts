// Claims of the tables with discrete latents, and the cells that they lack, from made-up cells.
import { expect, test } from 'vitest';
import { renderResults } from '../../report/markdown.ts';
import { METHOD_NAMES, SIZE_NAMES } from '../../train/experiments/gumbel/reinmax-cells.ts';
import { reinmaxClaims, reinmaxTable } from '../../train/experiments/gumbel/reinmax-report.ts';
import { gumbelTable1, table1Claims } from '../../train/experiments/gumbel/table-1-report.ts';
import { gumbelTable2, table2Claims } from '../../train/experiments/gumbel/table-2-report.ts';
import { gumbelTemperature, temperatureClaims } from '../../train/experiments/gumbel/temperature-report.ts';
import { cell, cellsOf } from './cells.ts';

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
    'Not run, for want of processor time: SBN (Bern.) with SF, DARN, MuProp, ST, Annealed ST and ST Gumbel-S.; SBN (Cat.) with all 7;',
  );
  const seeds = (samples: number) => {
    const second = trained('gumbel-softmax-seed2', 60.25, samples);
    const { notes: said } = gumbelTable1.report(cellsOf(own, second), () => new Map());
    return said!.find((note) => note.startsWith('Of two seeds'))?.replace(/\s/g, ' ');
  };
  expect(seeds(1e6)).toBe(
    'Of two seeds, after as many steps: SBN (Bern.) with Gumbel-S. 60.00 ± 0.10 and 60.25 ± 0.10. They differ by 0.25 nats at most, also where their rates differ. The rest of the table has one seed.',
  );
  expect(seeds(2e6)).toBeUndefined();
  const chosen = (name: string, learningRate: number, bestStep: number) => {
    const one = trained(name, 60, 1e6);
    return {
      ...one,
      settings: { ...one.settings, learningRate, bestStep, pilotRates: [0.1, 0.03, 0.1, 0.03] },
    };
  };
  const { notes: unsettled } = gumbelTable1.report(
    cellsOf(chosen('darn', 0.03, 7999), chosen('muprop', 0.1, 8000)),
    () => new Map(),
  );
  const said = unsettled!.map((note) => note.replace(/\s/g, ' '));
  expect(said).toContain(
    'Of 1 cells of 2 (SBN (Bern.) with DARN) the rate is the smallest that was tried, so that a better one may lie below.',
  );
  expect(said).toContain(
    'The bound rose again, so that weights of before the rate fell were kept: SBN (Bern.) with DARN (after 7 999 of 10 000 steps).',
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
  expect(claims.map(({ verdict }) => verdict)).toEqual(['not reached', 'not reached', 'held', 'held']);
  expect(claims[2]!.found.replace(/\s/g, ' ')).toBe(
    'straight-through Gumbel-Softmax 1.00 ± 0.06 points from summing over classes, subset by subset.',
  );
  expect(claims[3]!.found).toMatch(/^3\.0 times as many .* and 2\.0 times/);
  const worse = row('st-gumbel-softmax', [79, 85, 89.1], 70);
  const [, , better, cheaper] = table2Claims(cellsOf(summed, worse));
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

test('Table 2: rows are alike where the difference lies within a point with all of its error, and runs are whole', () => {
  const row = (name: string, accuracies: number[], epochs: number) =>
    cell(name, {
      settings: { epochs, alpha: 1, alphas: [1] },
      values: {
        accuracy: { value: accuracies.reduce((a, b) => a + b) / accuracies.length, standardError: 3 },
        step: { value: 1 },
      },
      perGroup: { accuracy: accuracies },
    });
  const judged = (accuracies: number[], epochs = 20) =>
    table2Claims(
      cellsOf(row('marginalised', [90, 92], epochs), row('gumbel-softmax', accuracies, epochs)),
    )[1]!;
  expect(judged([90.6, 92.8]).verdict).toBe('held');
  expect(judged([90.6, 92.8], 19).verdict).toBe('ahead so far');
  expect(judged([90.6, 92.8], 19).found.replace(/\s/g, ' ')).toContain(
    'Gumbel-Softmax is 0.70 ± 0.10 points away, subset by subset, after 19 of 20 epochs',
  );
  // 0.85 ± 0.1 may be more than a point; 1.5 ± 0.1 is.
  expect(judged([90.75, 92.95]).verdict).toBe('not reached');
  expect(judged([88.4, 90.6]).verdict).toBe('not held');
  expect(judged([88.4, 90.6], 19).verdict).toBe('not reached');
});

test('cells that are not there are named, with the reason', () => {
  const notes = (report: ReturnType<typeof reinmaxTable.report>) => report.notes!.at(-1)!;
  const none = () => new Map();
  const some = METHOD_NAMES.map((method) => cell(`8x16-${method}`, { settings: { epochs: 5 } }));
  expect(notes(reinmaxTable.report(cellsOf(...some.slice(1)), none))).toBe(
    'Not run, for want of processor time: 4 of 8 with all 5; 24 of 4 with all 5; 16 of 8 with ST Gumbel-Softmax; 12 of 16 with all 5; 8 of 64 with all 5; 30 of 10 with all 5.',
  );
  expect(notes(gumbelTemperature.report(cellsOf(cell('sbn-categorical-0.5')), none))).toBe(
    'Not run, for want of processor time: SBN (Cat.) with τ = 0.25, τ = 1, annealed and learned; VAE (Cat.) with all 5.',
  );
  const whole = { settings: { epochs: 20, alpha: 1, alphas: [1, 2] }, values: { accuracy: { value: 90 } } };
  expect(notes(gumbelTable2.report(cellsOf(cell('marginalised', whole)), none))).toBe(
    'Not run, for want of processor time: Table 2 with Gumbel-Softmax and straight-through Gumbel-Softmax.',
  );
  expect(renderResults([])).toContain(
    '- Gumbel-Softmax: which temperature, and can it be learned?: `npm run',
  );
});

test('a learned temperature is judged against the best of the others, where all are there', () => {
  const at = (temperature: string, nll: number) =>
    cell(`sbn-categorical-${temperature}`, {
      values: { nll: { value: nll, standardError: 0.1 }, temperature: { value: 0.4 } },
      settings: { bestStep: 2000 },
    });
  const others = [at('0.25', 71), at('0.5', 70), at('1', 72)];
  expect(temperatureClaims(cellsOf(...others, at('learned', 60)))).toEqual([]);
  const verdicts = [69, 70.1, 71].map(
    (nll) => temperatureClaims(cellsOf(...others, at('annealed', 73), at('learned', nll)))[0]!,
  );
  expect(verdicts.map(({ verdict }) => verdict)).toEqual(['held', 'not reached', 'not held']);
  expect(verdicts[0]!.found.replace(/\s/g, ' ')).toBe(
    'SBN (Cat.) 69.00 ± 0.10, at τ = 0.40 in the weights that were kept, of step 2 000, against 70.00 ± 0.10 (0.5).',
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
