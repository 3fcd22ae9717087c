// Figures 2 and 3 of Kingma & Welling 2013 from their cells, as charts.
import type { Chart, Panel, Point, Series } from '../../../figures/chart.ts';
import { points, quantityOf } from '../cells.ts';
import type { Cell, Cells } from '../experiment.ts';

const SUBJECTS = ['aevb', 'wake-sleep', 'mcem'] as const;
type Subject = (typeof SUBJECTS)[number];
export const TITLES: Record<Subject, string> = {
  aevb: 'AEVB',
  'wake-sleep': 'wake-sleep',
  mcem: 'Monte Carlo EM',
};
/** Pictures begin where the paper's do: before it every curve is a start from nothing. */
export const FIRST_SAMPLES = 1e5;

/**
 * A column of a cell from `FIRST_SAMPLES` on. Where there is no column of errors, the last point has that of the figure
 * `split`.
 */
export function curveOf(cell: Cell, split: 'train' | 'test', column: string): Point[] {
  const error = quantityOf(cell, split)?.standardError;
  return points(cell, column)
    .filter(([samples]) => samples >= FIRST_SAMPLES)
    .map(([samples, value, own]) => {
      const known = own ?? (samples === cell.samples ? error : undefined);
      return known === undefined ? [samples, value] : [samples, value, known];
    });
}

const toSeries = (cell: Cell, subject: Subject, columns: { train: string; test: string }): Series[] =>
  (['train', 'test'] as const).map((split) => ({
    subject: TITLES[subject],
    split,
    colour: SUBJECTS.indexOf(subject),
    dashed: split === 'train',
    points: curveOf(cell, split, columns[split]),
  }));

/** Cells that differ in their last part, the method, stand in one panel; panels ascend by the number of their name. */
function toPanels(
  cells: Cells,
  titleOf: (panel: string) => string,
  columns: { train: string; test: string },
): Panel[] {
  const panels = new Map<string, Series[]>();
  for (const subject of SUBJECTS)
    for (const [name, cell] of cells)
      if (name.endsWith(`-${subject}`)) {
        const panel = name.slice(0, -subject.length - 1);
        panels.set(panel, [...(panels.get(panel) ?? []), ...toSeries(cell, subject, columns)]);
      }
  const order = (panel: string) => Number(/\d+$/.exec(panel)?.[0]);
  return [...panels]
    .filter(([, series]) => series.some((one) => one.points.length > 0))
    .sort(([a], [b]) => order(a) - order(b))
    .map(([panel, series]) => ({ title: titleOf(panel), series }));
}

export const SETS = { 'mnist-z': 'MNIST', 'frey-z': 'Frey Face' };
/** `MNIST, N_z = 3` of `mnist-z3`. */
export const latentTitle = (panel: string): string =>
  Object.entries(SETS).reduce((title, [prefix, set]) => title.replace(prefix, `${set}, N_z = `), panel);
/** `N_train = 1000` of `n1000`. */
export const countTitle = (panel: string): string => `N_train = ${panel.slice(1)}`;

export function figure2(cells: Cells): Chart {
  const of = (prefix: string) => new Map([...cells].filter(([name]) => name.startsWith(prefix)));
  return {
    title: 'Figure 2: lower bound, AEVB and wake-sleep',
    xLabel: 'training samples',
    yLabel: 'nats per image',
    rows: Object.keys(SETS)
      .map((prefix) => toPanels(of(prefix), latentTitle, { train: 'train bound', test: 'test bound' }))
      .filter((row) => row.length > 0),
  };
}

export const figure3 = (cells: Cells): Chart => ({
  title: 'Figure 3: marginal likelihood',
  xLabel: 'training samples',
  yLabel: 'nats per image',
  rows: [toPanels(cells, countTitle, { train: 'train log p(x)', test: 'test log p(x)' })].filter(
    (row) => row.length > 0,
  ),
});
