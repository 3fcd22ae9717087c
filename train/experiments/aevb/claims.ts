// What Figures 2 and 3 of Kingma & Welling 2013 claim, judged by cells at the samples that the methods share.

import type { Point } from '../../../figures/chart.ts';
import type { Claim } from '../../../figures/section.ts';
import type { Row } from '../../../figures/table.ts';
import { type Cell, measured, points } from '../cells.ts';
import { countTitle, FIRST_SAMPLES, latentTitle, TITLES } from './charts.ts';

/** Superfluous latents overfit when they widen the gap between training and test bound by more. */
const OVERFITTING_NATS = 1;

type Pair = { samples: number; a: number; b: number };

/** The values of two curves where both have one, from `FIRST_SAMPLES` on. */
const shared = (a: readonly Point[], b: readonly Point[]): Pair[] =>
  a.flatMap(([samples, value]) => {
    const other = b.find(([x]) => x === samples);
    return other && samples >= FIRST_SAMPLES ? [{ samples, a: value, b: other[1] }] : [];
  });

const verdictOf = (good: number, all: number): Claim['verdict'] =>
  good === all ? 'held' : good === 0 ? 'not held' : 'held in part';

const numberOf = (panel: string) => Number(/\d+$/.exec(panel)![0]);
/** Panels that AEVB and another method share, MNIST first, in ascending order of their number. */
function panelsOf(cells: Map<string, Cell>, rival: string): string[] {
  const panels = [...cells.keys()]
    .filter((name) => name.endsWith('-aevb') && cells.has(name.replace(/aevb$/, rival)))
    .map((name) => name.slice(0, -'-aevb'.length));
  const faces = (panel: string) => Number(panel.startsWith('frey'));
  return panels.sort((a, b) => faces(a) - faces(b) || numberOf(a) - numberOf(b));
}

export function figure2Rows(cells: Map<string, Cell>): Row[] {
  return panelsOf(cells, 'wake-sleep').flatMap((panel): Row[] => {
    const of = (column: string) =>
      shared(points(cells.get(`${panel}-aevb`)!, column), points(cells.get(`${panel}-wake-sleep`)!, column));
    const test = of('test bound');
    const [train, last] = [of('train bound').at(-1), test.at(-1)];
    if (!train || !last) return [];
    const row = {
      panel: latentTitle(panel),
      samples: last.samples,
      'AEVB train': train.a.toFixed(2),
      'AEVB test': last.a.toFixed(2),
      'wake-sleep train': train.b.toFixed(2),
      'wake-sleep test': last.b.toFixed(2),
      'AEVB ahead, test': (last.a - last.b).toFixed(2),
      'ahead at points': `${test.filter(({ a, b }) => a > b).length} of ${test.length}`,
      'AEVB train − test': (train.a - last.a).toFixed(2),
    };
    return [row];
  });
}

/** The claims of the caption, judged by the rows of `figure2Rows`. */
export function figure2Claims(rows: Row[]): Claim[] {
  if (rows.length === 0) return [];
  const better = rows.filter((row) => Number(row['AEVB ahead, test']) > 0).length;
  const always = rows.filter((row) => {
    const [ahead, all] = String(row['ahead at points']).split(' of ');
    return ahead === all;
  }).length;
  const claims: Claim[] = [
    {
      claim: 'AEVB converges faster than wake-sleep, and to a better solution',
      verdict: verdictOf(better + always, 2 * rows.length),
      found: `AEVB ends better on the test set in ${better} of ${rows.length} panels, and is ahead at every measured point from ${FIRST_SAMPLES} samples on in ${always}.`,
    },
  ];
  const superfluous = rows.find((row) => row.panel === latentTitle('mnist-z200'));
  const enough = rows.find((row) => row.panel === latentTitle('mnist-z20'));
  if (!superfluous || !enough) return claims;
  const [many, few] = [superfluous, enough].map((row) => Number(row['AEVB train − test'])) as [
    number,
    number,
  ];
  claims.push({
    claim: 'Superfluous latent variables do not overfit',
    verdict: many - few < OVERFITTING_NATS ? 'held' : 'not held',
    found: `With 200 the training bound is ${many.toFixed(2)} nats above that of the test set (after ${superfluous.samples} samples), with 20 it is ${few.toFixed(2)} (after ${enough.samples}).`,
  });
  return claims;
}

export const figure3Rows = (cells: Map<string, Cell>): Row[] =>
  [...cells.values()]
    .sort((a, b) => a.data.train - b.data.train)
    .map((cell) => ({
      N_train: cell.data.train,
      method: String(cell.settings.method),
      samples: cell.samples,
      'log p(x), train': measured(cell, 'train'),
      'log p(x), test': measured(cell, 'test'),
    }));

export function figure3Claims(cells: Map<string, Cell>): Claim[] {
  const of = (name: string) => points(cells.get(name)!, 'test log p(x)');
  const leads = (['wake-sleep', 'mcem'] as const).flatMap((rival) =>
    panelsOf(cells, rival).flatMap((panel) => {
      const last = shared(of(`${panel}-aevb`), of(`${panel}-${rival}`)).at(-1);
      if (!last) return [];
      const { samples, a, b } = last;
      const text = `${(a - b).toFixed(2)} nats above ${TITLES[rival]} (${countTitle(panel)}, after ${samples} samples)`;
      return [{ ahead: a > b, text }];
    }),
  );
  if (leads.length === 0) return [];
  return [
    {
      claim: 'AEVB reaches the highest marginal likelihood, with few training images and with many',
      verdict: verdictOf(leads.filter(({ ahead }) => ahead).length, leads.length),
      found: `On the test set AEVB is ${leads.map(({ text }) => text).join(', ')}.`,
    },
  ];
}
