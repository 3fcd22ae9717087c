// results/README.md: tables and pictures of every experiment that has cells.
import { markdownTable, type Row } from '../bench/report.ts';
import { figure2Claims, figure2Rows } from './aevb-figures.ts';
import { type Cell, readCells } from './cells.ts';
import { compressionClaims, compressionRows } from './compression-figure.ts';

const measured = (cell: Cell | undefined, name: string): string => {
  const value = cell?.values[name];
  if (value === undefined) return '–';
  return value.standardError === undefined
    ? String(value.value)
    : `${value.value.toFixed(2)} ± ${value.standardError.toFixed(2)}`;
};

export function figure3Rows(cells: Map<string, Cell>): Row[] {
  return [...cells.values()]
    .sort((a, b) => a.data.train - b.data.train)
    .map((cell) => ({
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
      'DReG NLL': measured(k === 1 ? vae : cells.get(`dreg-k${k}`), 'nll'),
      epochs: Number((vae ?? iwae)?.settings.epochs),
    };
  });
}

export const speedRows = (cells: Map<string, Cell>): Row[] =>
  [...cells.values()].map(({ cell, values, machine }) => {
    const of = (name: string) => Math.round(values[name]!.value);
    return {
      cell,
      'samples/s': of('samples per second'),
      'best round': of('best round'),
      'the paper': `${of('paper, slowest')} to ${of('paper, fastest')}`,
      'times the paper': `${(of('samples per second') / of('paper, fastest')).toFixed(0)} to ${(of('samples per second') / of('paper, slowest')).toFixed(0)}`,
      on: `${machine.processor}, ${machine.threads} thread${machine.threads === 1 ? '' : 's'}, load ${machine.load.toFixed(1)}`,
    };
  });

const picture = (file: string, alt: string): string =>
  `<picture><source media="(prefers-color-scheme: dark)" srcset="${file}-dark.svg"><img alt="${alt}" src="${file}-light.svg"></picture>`;

/** results/README.md: every experiment that has cells. */
export function renderResults(root: string): string {
  const cells = (experiment: string) => readCells(root, experiment);
  const sections: string[] = [];
  const add = (experiment: string, title: string, body: (found: Map<string, Cell>) => string[]) => {
    const found = cells(experiment);
    if (found.size === 0) return;
    const data = [...new Set([...found.values()].map((cell) => `${cell.data.set}: ${cell.data.variant}`))];
    const notes = [
      `${data.join('; ')}. Settings and protocol of each cell are in [${experiment}/](${experiment}/).`,
    ];
    sections.push([`## ${title}`, ...body(found), ...notes].join('\n\n'));
  };
  add('aevb-figure-2', 'AEVB, Figure 2: lower bound', (found) => [
    picture('aevb-figure-2', 'Lower bound against training samples'),
    markdownTable(figure2Rows(found)),
    ...figure2Claims(figure2Rows(found)),
    'Samples are training images; the dreams of wake-sleep, as many again, are not counted.',
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
  add('aevb-speed', 'AEVB: speed', (found) => [
    markdownTable(speedRows(found)),
    'The load is that of the whole machine, other work included; rates suffer from it.',
  ]);
  add('iwae-table-1', 'IWAE, Table 1, one stochastic layer', (found) => [markdownTable(iwaeRows(found))]);
  add('compression', 'Compression by latents', (found) => [
    picture('compression', 'PSNR against bytes per image'),
    markdownTable(compressionRows(found)),
    'PCA and PNG bytes are those at the error of the row: PCA between the steps that were measured, and PNG of each image the smallest file that errs no more. Codes, and those of PCA, include their first 3 bytes; PNG data alone is the deflate stream without the file around it.',
    ...compressionClaims(found),
  ]);
  return `# Results\n\nMade by \`npm run report\` from the JSON files in this folder; \`npm run experiment -- <name> --cell=<cell>\` makes any of those again. Figures are nats per image where nothing else is said; those of different data variants cannot be compared.\n\n${sections.join('\n\n')}\n`;
}
