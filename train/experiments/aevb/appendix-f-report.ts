// Appendix F of Kingma & Welling 2013 beside what the paper does otherwise: a posterior over the decoder's parameters, and
// a point with a prior.
import { formatCount, formatNumber, formatQuantity, type Quantity } from '../../../figures/numbers.ts';
import { type Column, tableOf } from '../../../figures/table.ts';
import { quantityOf, samplesOf } from '../cells.ts';
import type { Cell, Cells, Experiment } from '../experiment.ts';
import { less } from '../judge.ts';
import { curveOf } from './charts.ts';
import { shared } from './pairs.ts';

type Row = { parameters: string; samples: number; train: Quantity; test: Quantity };

const COLUMNS: Column<Row>[] = [
  { name: 'parameters', kind: 'text', of: ({ parameters }) => parameters },
  { name: 'samples', kind: 'number', of: ({ samples }) => samples },
  { name: 'bound, train', kind: 'number', decimals: 2, of: ({ train }) => train },
  { name: 'bound, test', kind: 'number', decimals: 2, of: ({ test }) => test },
  {
    name: 'train above test',
    kind: 'number',
    decimals: 2,
    of: ({ train, test }) => train.value - test.value,
  },
];

const NAMES = {
  point: 'a point with a prior (MAP), Figure 3',
  posterior: 'a posterior of the decoder (Appendix F)',
};

/** Both ways where both have been measured; the posterior alone where they share no point. */
export function fullVariationalRows(cells: Cells, figure3: Cells): Row[] {
  const own = cells.get('n1000-full-variational');
  if (!own) return [];
  const map = figure3.get('n1000-aevb');
  const pointsOf = (cell: Cell) =>
    shared(curveOf(cell, 'train', 'train bound'), curveOf(cell, 'test', 'test bound'));
  const others = map ? pointsOf(map) : [];
  return pointsOf(own).flatMap(({ samples, a, b }) => {
    const other = others.find((point) => point.samples === samples);
    return [
      ...(other ? [{ parameters: NAMES.point, samples, train: other.a, test: other.b }] : []),
      { parameters: NAMES.posterior, samples, train: a, test: b },
    ];
  });
}

/** What the posterior gains on test images, at the last samples that both ways have. */
export function gainOf(rows: readonly Row[]): string[] {
  const [point, posterior] = rows.slice(-2);
  if (point?.parameters !== NAMES.point || posterior?.parameters !== NAMES.posterior) return [];
  const found = less(posterior.test, point.test);
  return [
    `On test images the bound of the posterior is ${formatQuantity({ ...found, value: Math.abs(found.value) })} nats ${found.value < 0 ? 'below' : 'above'} that of the point after ${formatCount(posterior.samples)} samples, errors taken for independent.`,
  ];
}

export const aevbAppendixF: Experiment = {
  id: 'aevb-appendix-f',
  title: 'AEVB, Appendix F: full variational Bayes',
  length: (cells) =>
    `The paper derives it and reports no experiment; the cell here has ${samplesOf(cells)} training samples of 1000 images.`,
  report(cells, of) {
    const kl = quantityOf(cells.get('n1000-full-variational'), 'parameter KL');
    const rows = fullVariationalRows(cells, of('aevb-figure-3'));
    return {
      table: tableOf(rows, COLUMNS),
      notes: [
        ...gainOf(rows),
        ...(kl
          ? [
              `Bounds on log p(x|θ) at the mean of q(θ), which leave out what the parameters cost: KL(q(θ) ‖ p(θ)) is ${formatNumber(kl.value, 0)} nats, ${formatNumber(kl.value / 1000, 1)} for each training image.`,
            ]
          : []),
      ],
    };
  },
  load: () => import('./appendix-f.ts'),
};
