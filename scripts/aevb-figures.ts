// Figures 2 and 3 of Kingma & Welling 2013 from their cells: pictures, and the claims as a table.
import type { Row } from '../bench/report.ts';
import { type Cell, points } from './cells.ts';
import type { Chart, Panel, Series } from './chart.ts';

const SUBJECTS = ['aevb', 'wake-sleep', 'mcem'] as const;
const TITLES: Record<(typeof SUBJECTS)[number], string> = {
  aevb: 'AEVB',
  'wake-sleep': 'wake-sleep',
  mcem: 'Monte Carlo EM',
};
/** Pictures begin where the paper's do: before it every curve is a start from nothing. */
const FIRST_SAMPLES = 1e5;

function toSeries(
  cell: Cell,
  subject: (typeof SUBJECTS)[number],
  columns: { train: string; test: string },
): Series[] {
  const colour = SUBJECTS.indexOf(subject);
  return (['train', 'test'] as const).map((split) => ({
    name: `${TITLES[subject]}, ${split}`,
    colour,
    dashed: split === 'train',
    points: points(cell, columns[split]).filter(([samples]) => samples >= FIRST_SAMPLES),
  }));
}

/** Panels of an experiment: cells that differ in their last part, the method, stand in one. */
function toPanels(
  cells: Map<string, Cell>,
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
  const order = (panel: string) => Number(/\d+$/.exec(panel)?.[0]) + (panel.startsWith('frey') ? 1e6 : 0);
  return [...panels]
    .sort(([a], [b]) => order(a) - order(b))
    .map(([panel, series]) => ({ title: titleOf(panel), series }));
}

const latentTitle = (panel: string): string =>
  panel.replace('mnist-z', 'MNIST, N_z = ').replace('frey-z', 'Frey Face, N_z = ');
const countTitle = (panel: string): string => `N_train = ${panel.slice(1)}`;

export const figure2 = (cells: Map<string, Cell>): Chart => ({
  title: 'Figure 2: lower bound, AEVB and wake-sleep',
  xLabel: 'training samples',
  xUnit: 'samples',
  yLabel: 'nats per image',
  panels: toPanels(cells, latentTitle, { train: 'train bound', test: 'test bound' }),
});

export const figure3 = (cells: Map<string, Cell>): Chart => ({
  title: 'Figure 3: marginal likelihood',
  xLabel: 'training samples',
  xUnit: 'samples',
  yLabel: 'nats per image',
  panels: toPanels(cells, countTitle, { train: 'train log p(x)', test: 'test log p(x)' }),
});

/** The claims of Figure 2, panel by panel, at the samples that both methods reached. */
export function figure2Rows(cells: Map<string, Cell>): Row[] {
  const panels = figure2(cells).panels.map(({ title }) => title);
  const rows = [...cells.keys()]
    .filter((name) => name.endsWith('-aevb') && cells.has(name.replace(/aevb$/, 'wake-sleep')))
    .map((name): Row => {
      const panel = name.slice(0, -'-aevb'.length);
      const of = (method: string, column: string) => points(cells.get(`${panel}-${method}`)!, column);
      const [a, w] = [of('aevb', 'test bound'), of('wake-sleep', 'test bound')];
      const both = a.filter(([x]) => x >= FIRST_SAMPLES && w.some(([y]) => y === x));
      const at = both.at(-1)![0];
      const value = (method: string, column: string) => of(method, column).find(([x]) => x === at)![1];
      const ahead = both.filter(([x, y]) => y > w.find(([z]) => z === x)![1]).length;
      const [train, test] = [value('aevb', 'train bound'), value('aevb', 'test bound')];
      return {
        panel: latentTitle(panel),
        samples: at,
        'AEVB train': train.toFixed(2),
        'AEVB test': test.toFixed(2),
        'wake-sleep train': value('wake-sleep', 'train bound').toFixed(2),
        'wake-sleep test': value('wake-sleep', 'test bound').toFixed(2),
        'AEVB ahead, test': (test - value('wake-sleep', 'test bound')).toFixed(2),
        'ahead at points': `${ahead} of ${both.length}`,
        'AEVB train − test': (train - test).toFixed(2),
      };
    });
  return rows.sort((a, b) => panels.indexOf(String(a.panel)) - panels.indexOf(String(b.panel)));
}

/** The claims of the paper's caption, judged by the rows of `figure2Rows`. */
export function figure2Claims(rows: Row[]): string[] {
  const better = rows.filter((row) => Number(row['AEVB ahead, test']) > 0);
  const always = rows.filter((row) => {
    const [ahead, all] = String(row['ahead at points']).split(' of ');
    return ahead === all;
  });
  const superfluous = rows.find((row) => row.panel === latentTitle('mnist-z200'));
  const enough = rows.find((row) => row.panel === latentTitle('mnist-z20'));
  return [
    `AEVB ends better on the test set in ${better.length} of ${rows.length} panels, and is ahead at every measured point from ${FIRST_SAMPLES} samples on in ${always.length}.`,
    ...(superfluous && enough
      ? [
          `Superfluous latents: with 200 the training bound is ${superfluous['AEVB train − test']} nats above that of the test set (after ${superfluous.samples} samples), with 20 it is ${enough['AEVB train − test']} (after ${enough.samples}).`,
        ]
      : []),
  ];
}
