// Sweeps and patience: what is compared, what is chosen, and when training has come to its end.
import { expect, test } from 'vitest';
import { isDone } from '../../train/run/done.ts';
import { bestRow, parseSweep, sweepTable } from '../../train/sweep.ts';

test.each([
  ['learningRate:1e-4,3e-4', { setting: 'learningRate', values: ['1e-4', '3e-4'] }],
  ['hidden:400;500,500', { setting: 'hidden', values: ['400', '500,500'] }],
])('%s is a sweep', (text, expected) => {
  expect(parseSweep(text)).toEqual(expected);
});

test.each([
  ['learningRate', 'give a setting and two or more values'],
  ['learningRate:1e-4', 'give a setting and two or more values'],
  ['learningRate:1e-4,,1e-3', 'give a setting and two or more values'],
  ['latent:8,8', 'give a setting and two or more values'],
  ['selectSamples:1,5', 'validation figures of two values of selectSamples cannot be compared'],
])('--sweep=%s is refused', (text, message) => {
  expect(() => parseSweep(text)).toThrow(message);
});

const rows = [
  { value: '1e-4', run: 'runs/a', score: -120.5, epoch: 3 },
  { value: '1e-3', run: 'runs/b', score: -99.25, epoch: 7 },
  { value: '1', run: 'runs/c' },
];

test('the best is the highest or the lowest, as the measure says, and never one that diverged', () => {
  expect(bestRow(rows, 'higher')!.run).toBe('runs/b');
  expect(bestRow(rows, 'lower')!.run).toBe('runs/a');
  expect(bestRow(rows.slice(2), 'lower')).toBeUndefined();
});

test('the table says which is best, and which diverged', () => {
  expect(sweepTable('learningRate', rows, { by: 'bound', better: 'higher', from: 1 })).toBe(
    [
      'learningRate  validation bound  epoch  run',
      '------------  ----------------  -----  ------  --------',
      '1e-4                   −120.50      3  runs/a',
      '1e-3                    −99.25      7  runs/b  best',
      '1                            –      –  runs/c  diverged',
    ].join('\n'),
  );
});

test.each([
  ['all epochs are done', 10, 10, 0, true],
  ['patience is not asked for', 9, 1, 0, false],
  ['the last three were no better', 7, 4, 3, true],
  ['the last two were no better', 6, 4, 3, false],
  ['none may be chosen yet', 6, undefined, 3, false],
])('%s', (_, epoch, best, patience, done) => {
  expect(isDone({ epochs: 10, patience }, epoch, best)).toBe(done);
});
