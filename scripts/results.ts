// The experiments in results/: tables, claims and pictures, from the JSON of their cells alone.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { markdownTable, type Row } from '../bench/report.ts';
import type { CellResult } from '../train/experiments/experiment.ts';
import type { Chart, Panel, Series } from './chart.ts';

export type Cell = Omit<CellResult, 'picture'> & {
  experiment: string;
  cell: string;
  picture?: string;
  machine: { processor: string; threads: number; backend: string };
};

/** The cells of an experiment by name. */
export function readCells(root: string, experiment: string): Map<string, Cell> {
  const folder = join(root, experiment);
  if (!existsSync(folder)) return new Map();
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  const cells = files.map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Cell);
  return new Map(cells.map((cell) => [cell.cell, cell]));
}

const SUBJECTS = ['aevb', 'wake-sleep', 'mcem'] as const;
const TITLES: Record<(typeof SUBJECTS)[number], string> = {
  aevb: 'AEVB',
  'wake-sleep': 'wake-sleep',
  mcem: 'Monte Carlo EM',
};
/** Pictures begin where the paper's do: before it every curve is a start from nothing. */
const FIRST_SAMPLES = 1e5;

/** One column of a cell's curve against samples. */
export function points(cell: Cell, column: string): [number, number][] {
  const at = cell.curve?.columns.indexOf(column) ?? -1;
  if (at < 0) throw new Error(`${cell.experiment}/${cell.cell}: the curve has no column '${column}'`);
  return cell.curve!.rows.map((row): [number, number] => [row[0]!, row[at]!]);
}

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
  yLabel: 'nats per image',
  panels: toPanels(cells, latentTitle, { train: 'train bound', test: 'test bound' }),
});

export const figure3 = (cells: Map<string, Cell>): Chart => ({
  title: 'Figure 3: marginal likelihood',
  xLabel: 'training samples',
  yLabel: 'nats per image',
  panels: toPanels(cells, countTitle, { train: 'train log p(x)', test: 'test log p(x)' }),
});

const measured = (cell: Cell | undefined, name: string): string => {
  const value = cell?.values[name];
  if (value === undefined) return '–';
  return value.standardError === undefined
    ? String(value.value)
    : `${value.value.toFixed(2)} ± ${value.standardError.toFixed(2)}`;
};

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

export function figure3Rows(cells: Map<string, Cell>): Row[] {
  return [...cells.values()].map((cell) => ({
    N_train: cell.data.train,
    method: String(cell.settings.method),
    samples: cell.samples,
    'log p(x), train': measured(cell, 'train'),
    'log p(x), test': measured(cell, 'test'),
  }));
}

export function iwaeRows(cells: Map<string, Cell>): Row[] {
  const ks = [...new Set([...cells.values()].map(({ settings }) => Number(settings.k)))].sort(
    (a, b) => a - b,
  );
  return ks.map((k) => {
    const vae = cells.get(`vae-k${k}`);
    const iwae = k === 1 ? vae : cells.get(`iwae-k${k}`);
    return {
      k,
      'VAE NLL': measured(vae, 'nll'),
      'VAE active': measured(vae, 'active units'),
      'IWAE NLL': measured(iwae, 'nll'),
      'IWAE active': measured(iwae, 'active units'),
      epochs: Number((vae ?? iwae)?.settings.epochs),
    };
  });
}

const picture = (file: string, alt: string): string =>
  `<picture><source media="(prefers-color-scheme: dark)" srcset="${file}-dark.svg"><img alt="${alt}" src="${file}-light.svg"></picture>`;

/** results/README.md: every experiment that has cells. */
export function renderResults(root: string): string {
  const cells = (experiment: string) => readCells(root, experiment);
  const sections: string[] = [];
  const add = (experiment: string, title: string, body: (found: Map<string, Cell>) => string[]) => {
    const found = cells(experiment);
    if (found.size === 0) return;
    const [one] = found.values();
    const notes = [
      `${one!.data.set}: ${one!.data.variant}. Settings and protocol of each cell are in [${experiment}/](${experiment}/).`,
    ];
    sections.push([`## ${title}`, ...body(found), ...notes].join('\n\n'));
  };
  add('aevb-figure-2', 'AEVB, Figure 2: lower bound', (found) => [
    picture('aevb-figure-2', 'Lower bound against training samples'),
    markdownTable(figure2Rows(found)),
  ]);
  add('aevb-figure-3', 'AEVB, Figure 3: marginal likelihood', (found) => [
    picture('aevb-figure-3', 'Marginal likelihood against training samples'),
    markdownTable(figure3Rows(found)),
  ]);
  add('aevb-appendix-a', 'AEVB, Appendix A: manifolds and samples', (found) =>
    [...found.values()].map(
      (cell) =>
        `${cell.cell} (${cell.samples} training samples)\n\n![${cell.cell}](aevb-appendix-a/${cell.picture})`,
    ),
  );
  add('iwae-table-1', 'IWAE, Table 1, one stochastic layer', (found) => [markdownTable(iwaeRows(found))]);
  return `# Results\n\nMade by \`npm run report\` from the JSON files in this folder; \`npm run experiment -- <name> --cell=<cell>\` makes any of those again. All figures are nats per image; those of different data variants cannot be compared.\n\n${sections.join('\n\n')}\n`;
}
