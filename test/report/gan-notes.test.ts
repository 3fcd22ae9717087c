// What sections of adversarial networks say beside their figures: what was changed, what is missing, what ships.
import { expect, test } from 'vitest';
import type { Cell } from '../../train/experiments/experiment.ts';
import { fidelity } from '../../train/experiments/fidelity/report.ts';
import { ganFigure2 } from '../../train/experiments/gan-figure-2/report.ts';
import { ganLosses } from '../../train/experiments/gan-losses/report.ts';
import { ganTable1, ganTable1Claims } from '../../train/experiments/gan-table-1/report.ts';
import { ganTraining } from '../../train/experiments/gan-training/report.ts';
import { cell, cellsOf } from './cells.ts';

const none = () => new Map<string, Cell>();

test('Table 1 says what was changed of the paper’s networks, by the commands that trained them', () => {
  const command =
    'npm run train -- mnist-gan --epochs=7 && npm run train -- mnist-gan --epochs=3 --from=a --hidden=9,8 && ' +
    'npm run train -- mnist-gan --epochs=2 --from=b --hidden=8,6 --dropout=false --penalty=r1 --criticSteps=1 --optimiser=adam && npm run export';
  const went = cell('mnist-gan@1', {
    values: { parzen: { value: 222, standardError: 2 } },
    samples: 11 * 2,
    settings: { model: 'mnist-gan@1', command },
  });
  expect(ganTable1Claims(cellsOf(went), none())[0]!.found).toBe(
    'mnist-gan@1, which began as the paper’s networks (7 epochs) and went on for 4 epochs with hidden layers of 9 and 8, then hidden layers of 8 and 6, Adam, R1, k = 1 and no dropout, has 222.00 ±\u00a02.00.',
  );
});

test('a distance that differs from that of the card is explained, one that does not is not', () => {
  const measured = (name: string, here: number, onCard: number) =>
    cell(name, { values: { frechet: { value: here }, 'frechet on its card': { value: onCard } } });
  const cells = cellsOf(measured('mnist-gan@1', 5.061, 4.54), measured('mnist-cgan@1', 2.32, 2.321));
  const codes = cellsOf(cell('mnist-dvae@1', { values: { 'frechet, learned': { value: 28.03 } } }));
  const noteOf = (some: typeof cells) =>
    fidelity.report(some, () => codes).notes!.filter((note) => note.includes('several distances'));
  expect(noteOf(cells)[0]).toMatch(/So differ mnist-gan@1 \(5\.06 here, 4\.54 there\)\.$/);
  expect(noteOf(cellsOf(measured('mnist-dvae@1', 27.45, 33.51)))[0]).toMatch(
    /So differ mnist-dvae@1 \(27\.45 here, 33\.51 there, 28\.03 among codes of symbols\)\.$/,
  );
  expect(noteOf(cellsOf(measured('mnist-cgan@1', 2.32, 2.321)))).toEqual([]);
});

test('what the paper’s Figure 2 has and this one has not is named, until it is there', () => {
  const of = (set: string) => cell(set, { data: { set, variant: 'grey', train: 2, test: 1 } });
  const missing = (...cells: Cell[]) =>
    ganFigure2.report(cellsOf(...cells), none).notes!.filter((note) => note.includes('are missing here'));
  expect(missing(of('MNIST'))[0]).toMatch(/missing here: CIFAR-10, by a dense/);
  expect(missing(of('MNIST'), of('CIFAR-10 objects'))).toEqual([]);
});

test('of the runs that are shown it is said which epoch ships, and which are not what ships', () => {
  const run = (name: string, samples: number, settings: Cell['settings'] = {}) =>
    cell(name, {
      values: { epochs: { value: samples / 2 } },
      samples,
      settings: { shown: [1], ...settings },
      curve: { columns: ['epoch', 'frechet'], rows: [] },
    });
  const ships = (name: string, samples: number) =>
    cell(`${name}@1`, { samples, settings: { model: `${name}@1` } });
  const runs = cellsOf(run('a-gan', 20), run('mnist-gan', 20, { averagedAfter: 4 }), run('b-gan', 6));
  const packages = cellsOf(ships('a-gan', 16), ships('mnist-gan', 30));
  const { notes } = ganTraining.report(runs, () => packages);
  expect(notes).toContain(
    'What ships is epoch 8 of a-gan, of mnist-gan no epoch of this run and nothing of b-gan.',
  );
  expect(notes).toContain(
    'What ships of mnist-gan went on in further runs, with other settings, to 15 epochs in all: neither the epochs nor the least distance above are its own.',
  );
  expect(notes!.join(' ')).toContain(
    'Until epoch 4 images and distances of mnist-gan are of the weights themselves',
  );
});

test('orders of steps are compared at one loss, as times of a step in turn', () => {
  const orders = cell('step-orders', {
    values: { 'k = 0': { value: 8 }, 'k = 1': { value: 10 }, 'k = 5': { value: 25 } },
    settings: { loss: 'non-saturating' },
  });
  const game = cell('mnist-r1', { settings: { method: 'r1', rates: [1], learningRate: 1, steps: 1 } });
  const { notes } = ganLosses.report(cellsOf(game, orders), none);
  expect(notes!.find((note) => note.startsWith('At one and the same loss, non-saturating'))).toMatch(
    /costs 0\.80 of one in turn with k = 1, and one with k = 5 2\.50 times as much/,
  );
  expect(ganLosses.report(cellsOf(game), none).notes!.join()).not.toContain('At one and the same loss');
});

test('models that learned from the images that choose the width are told from those that did not', () => {
  const model = (name: string, heldOut: number) =>
    cell(name, { values: { parzen: { value: 1, standardError: 1 } }, settings: { model: name, heldOut } });
  const noteOf = (...cells: Cell[]) =>
    ganTable1.report(cellsOf(...cells), none).notes!.find((note) => note.includes('choose the width'));
  const [gan, vae] = [model('mnist-gan@1', 10_000), model('mnist-vae@1', 5000)];
  expect(noteOf(gan, vae)).toMatch(/^All models of digits but mnist-gan@1 learned/);
  expect(noteOf(vae)).toMatch(/^All models of digits learned/);
  expect(noteOf(gan)).toMatch(/^No model of digits learned/);
});
