// Claims about likelihoods with errors: Figure 3 of Kingma & Welling 2013, and Table 1 of Burda et al. 2016.
import { expect, test } from 'vitest';
import { figure3Claims, figure3Notes } from '../../train/experiments/aevb/figure-3-report.ts';
import type { Cells } from '../../train/experiments/experiment.ts';
import { iwaeClaims, iwaeTable1 } from '../../train/experiments/iwae/report.ts';
import { difference } from '../../train/experiments/judge.ts';
import { cell, cellsOf } from './cells.ts';

/** Two points, the last half as many samples later; `rise` between them. */
function marginal(name: string, end: number, rise: number, bound: number, error = 0.1, seen = end) {
  const rows = [
    [500_000, bound, end - rise, error, seen - rise, error],
    [1_000_000, bound, end, error, seen, error],
  ];
  return cell(name, {
    samples: 1_000_000,
    settings: { initialisation: 0.1 },
    values: { test: { value: end, standardError: error } },
    curve: { columns: ['samples', 'test bound', 'test log p(x)', 'error', 'train log p(x)', 'error'], rows },
  });
}

test.each([
  ['at rest', 0.1, -150, 'held', 'All curves have come to rest.'],
  ['still moving', 5, -150, 'ahead so far', 'In 1 of 1 comparisons a curve has not come to rest.'],
  ['below its own bound', 0.1, -139, 'not reached', 'n1000-aevb, test: −140.00 ±\u00a00.10, bound −139.00.'],
])('the highest marginal likelihood, AEVB %s', (_, rise, bound, verdict, said) => {
  const cells = cellsOf(
    marginal('n1000-aevb', -140, rise, bound),
    marginal('n1000-wake-sleep', -150, 0.1, -160),
  );
  const [claim] = figure3Claims(cells);
  expect(claim!.verdict).toBe(verdict);
  expect(claim!.found).toContain('AEVB is 10.00 ±\u00a00.14 nats above wake-sleep (N_train = 1000, after');
  expect(claim!.found).toContain(said);
});

test('who fits the training images better is said, and does not judge', () => {
  const cells = cellsOf(
    marginal('n1000-aevb', -140, 0.1, -150, 0.1, -130),
    marginal('n1000-mcem', -150, 0.1, -160, 0.1, -121),
  );
  const [claim] = figure3Claims(cells);
  expect(claim).toMatchObject({ verdict: 'held' });
  expect(claim!.found).toContain(
    'samples). On the training images it is 9.00 ±\u00a00.14 nats below Monte Carlo EM (N_train = 1000',
  );
});

test('no claim rests on estimates of the earlier estimator, and those that are impossible are named', () => {
  const old = { ...marginal('n1000-aevb', -140, 0.1, -139), settings: {} };
  const cells = cellsOf(old, marginal('n1000-wake-sleep', -150, 0.1, -160));
  expect(figure3Claims(cells)).toMatchObject([
    { verdict: 'not reached', found: 'No two methods have been measured by the present estimator.' },
  ]);
  const [note] = figure3Notes(cells);
  expect(note).toMatch(/^n1000-aevb is of an earlier estimator, .* wrong, are: n1000-aevb, test: −140\.00/);
});

test('the error of a difference is that of the images’ differences, where both cells have them', () => {
  const of = (nll: number[]) =>
    cell('a', { values: { nll: { value: nll[0]!, standardError: 30 } }, perImage: { nll } });
  const [a, b] = [of([100, 90, 140]), of([99, 88, 140])];
  // Differences 1, 2, 0: deviation 1.
  expect(difference(a, b, 'nll')).toEqual({
    value: 1,
    standardError: expect.closeTo(1 / Math.sqrt(3)),
    paired: true,
  });
  expect(difference(a, { ...b, perImage: { nll: [1] } }, 'nll')).toEqual({
    value: 1,
    standardError: expect.closeTo(30 * Math.SQRT2),
    paired: false,
  });
  expect(difference(a, cell('c'), 'nll')).toBeUndefined();
});

const trained = (name: string, nll: number[], active: number, epochs = 8) =>
  cell(name, {
    settings: { k: Number(/\d+$/.exec(name)![0]), epochs },
    values: {
      nll: { value: nll.reduce((a, b) => a + b) / nll.length, standardError: 10 },
      'active units': { value: active },
    },
    perImage: { nll },
  });

const IWAE = cellsOf(
  trained('vae-k1', [99, 101, 100], 26),
  trained('vae-k5', [98, 100, 99.1], 28),
  trained('iwae-k5', [97, 99, 98], 45),
  trained('vae-k50', [97, 99, 98], 29),
  trained('iwae-k50', [98, 96, 98], 45),
);

test('what differs by less than two paired errors decides nothing; the order is not the number', () => {
  expect(iwaeClaims(IWAE)).toEqual([
    {
      claim: 'IWAE is likelier than a VAE that averages as many samples',
      verdict: 'not reached',
      found:
        'By 1.03 ±\u00a00.03 nats with k = 5, 0.67 ±\u00a01.20 nats with k = 50. Errors are those of differences image by image.',
    },
    {
      claim: 'IWAE gains from more samples',
      verdict: 'not reached',
      found:
        'From k = 1 to 5 2.00 ±\u00a00.00 nats, from k = 5 to 50 0.67 ±\u00a01.20 nats. Errors are those of differences image by image.',
    },
    {
      claim: 'IWAE uses more of its latent units than the VAE',
      verdict: 'ahead so far',
      found:
        '45 against 28 of 50 with k = 5, 45 against 29 of 50 with k = 50. That is the order; for the numbers see below.',
    },
    {
      claim: 'IWAE with 50 samples has an NLL of 84.78 with 25 active units',
      verdict: 'not reached',
      found: 'After 8 of 3280 epochs it is 97.33 ±\u00a010.00, 12.6 nats short, with 45 active units.',
    },
  ]);
  expect(iwaeTable1.length(IWAE)).toBe('The paper trains for 3280 epochs; the cells here have 8.');
});

test('after as many epochs as the paper’s the same figures are judged for good', () => {
  const long: Cells = new Map(
    [...IWAE].map(([name, one]) => [name, { ...one, settings: { ...one.settings, epochs: 3280 } }]),
  );
  expect(iwaeClaims(long).map(({ verdict }) => verdict)).toEqual([
    'held in part',
    'held in part',
    'held',
    'not held',
  ]);
  const [clear] = iwaeClaims(cellsOf(IWAE.get('vae-k5')!, IWAE.get('iwae-k5')!));
  expect(clear!.verdict).toBe('ahead so far');
  // One that was trained for less is enough.
  long.set('iwae-k50', IWAE.get('iwae-k50')!);
  expect(iwaeClaims(long)[2]!.verdict).toBe('ahead so far');
});

test('without figures of images the errors are too large to tell, and that is said', () => {
  const bare = new Map([...IWAE].map(([name, { perImage: _, ...one }]) => [name, one]));
  const [likelier] = iwaeClaims(bare);
  expect(likelier!.verdict).toBe('not reached');
  expect(likelier!.found).toContain('1.03 ±\u00a014.14 nats');
  expect(likelier!.found).toContain('Not all cells keep their figures image by image');
});

test.each([
  [3280, [84.7, 84.8, 84.84], 25, 'held'],
  [3280, [84.7, 84.8, 84.84], 30, 'not held'],
  [3280, [184, 185, 186], 25, 'not held'],
  [8, [84.7, 84.8, 84.84], 30, 'not reached'],
])('the paper’s own figures after %d epochs', (epochs, nll, active, verdict) => {
  const claims = iwaeClaims(cellsOf(trained('iwae-k50', nll, active, epochs)));
  expect(claims.map((claim) => claim.verdict)).toEqual([verdict]);
});
