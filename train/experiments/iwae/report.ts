// Table 1 of Burda et al. 2016, MNIST, one stochastic layer, beside what the paper has.
import { formatNumber, formatQuantity, type Quantity } from '../../../figures/numbers.ts';
import type { Claim, Verdict } from '../../../figures/section.ts';
import { type Column, tableOf } from '../../../figures/table.ts';
import { quantityOf } from '../cells.ts';
import type { Cell, Cells, Experiment } from '../experiment.ts';
import { difference, signOf, verdictAtRest, verdictOfSigns } from '../judge.ts';

const PAPER_EPOCHS = 3280;
/** By k, as the paper prints them: nats, and active units of 50. */
const PAPER: Record<number, Record<'vae' | 'iwae', { nll: number; active: number }>> = {
  1: { vae: { nll: 86.76, active: 19 }, iwae: { nll: 86.76, active: 19 } },
  5: { vae: { nll: 86.47, active: 20 }, iwae: { nll: 85.54, active: 22 } },
  50: { vae: { nll: 86.35, active: 20 }, iwae: { nll: 84.78, active: 25 } },
};

type Row = { k: number; vae?: Cell; iwae?: Cell; dreg?: Cell };

/** With one sample, all methods are the VAE. */
function rowsOf(cells: Cells): Row[] {
  const ks = [...new Set([...cells.values()].map(({ settings }) => Number(settings.k)))].sort(
    (a, b) => a - b,
  );
  return ks.map((k) => {
    const found = (['vae', 'iwae', 'dreg'] as const).flatMap((method) => {
      const cell = cells.get(`${k === 1 ? 'vae' : method}-k${k}`);
      return cell ? [[method, cell] as const] : [];
    });
    return { k, ...Object.fromEntries(found) };
  });
}

const METHODS = { vae: 'VAE', iwae: 'IWAE', dreg: 'DReG' } as const;

const COLUMNS: Column<Row>[] = [
  { name: 'k', kind: 'number', of: ({ k }) => k },
  ...(['vae', 'iwae', 'dreg'] as const).flatMap((method): Column<Row>[] => [
    {
      name: `${METHODS[method]} NLL`,
      kind: 'number',
      decimals: 2,
      of: (row) => quantityOf(row[method], 'nll'),
    },
    {
      name: `${METHODS[method]} active`,
      kind: 'number',
      of: (row) => quantityOf(row[method], 'active units'),
    },
  ]),
  ...(['vae', 'iwae'] as const).flatMap((method): Column<Row>[] => [
    {
      name: `paper, ${METHODS[method]} NLL`,
      kind: 'number',
      decimals: 2,
      of: ({ k }) => PAPER[k]?.[method].nll,
    },
    { name: `paper, ${METHODS[method]} active`, kind: 'number', of: ({ k }) => PAPER[k]?.[method].active },
  ]),
];

const gain = (worse: Cell, better: Cell) => difference(worse, better, 'nll');

/** Differences with their errors, and how these came about. */
function errorsOf(differences: readonly { paired: boolean }[]): string {
  return differences.every(({ paired }) => paired)
    ? 'Errors are those of differences image by image.'
    : 'Not all cells keep their figures image by image: errors were taken for independent, which is too much.';
}

type Gain = Quantity & { paired: boolean };

const epochsOf = (cell: Cell): number => Number(cell.settings.epochs);

/** The claims are of models trained as long as the paper's: what is seen of shorter ones is how they stand so far. */
const verdictSoFar = (compared: readonly Cell[], signs: readonly number[]): Verdict =>
  verdictAtRest(
    {
      ahead: signs.filter((sign) => sign > 0).length,
      moving: compared.filter((cell) => epochsOf(cell) < PAPER_EPOCHS).length,
      of: signs.length,
    },
    verdictOfSigns(signs),
  );

function likelier(rows: readonly Row[]): Claim[] {
  const gains = rows.flatMap(({ k, vae, iwae }) => {
    const found = k > 1 && vae && iwae ? gain(vae, iwae) : undefined;
    return found ? [{ k, found, compared: [vae!, iwae!] }] : [];
  });
  if (gains.length === 0) return [];
  return [
    {
      claim: 'IWAE is likelier than a VAE that averages as many samples',
      verdict: verdictSoFar(
        gains.flatMap(({ compared }) => compared),
        gains.map(({ found }) => signOf(found)),
      ),
      found: `By ${gains.map(({ k, found }) => `${formatQuantity(found)} nats with k = ${k}`).join(', ')}. ${errorsOf(gains.map(({ found }) => found))}`,
    },
  ];
}

function gainsFromSamples(rows: readonly Row[]): Claim[] {
  const trained = rows.filter(({ iwae }) => quantityOf(iwae, 'nll'));
  const steps = trained.slice(1).flatMap((row, i) => {
    const found: Gain | undefined = gain(trained[i]!.iwae!, row.iwae!);
    return found ? [{ from: trained[i]!.k, to: row.k, found }] : [];
  });
  if (steps.length === 0) return [];
  return [
    {
      claim: 'IWAE gains from more samples',
      verdict: verdictSoFar(
        trained.map(({ iwae }) => iwae!),
        steps.map(({ found }) => signOf(found)),
      ),
      found: `From ${steps.map(({ from, to, found }) => `k = ${from} to ${to} ${formatQuantity(found)} nats`).join(', from ')}. ${errorsOf(steps.map(({ found }) => found))}`,
    },
  ];
}

function moreUnits(rows: readonly Row[]): Claim[] {
  const counts = rows.flatMap(({ k, vae, iwae }) => {
    const [of, other] = [quantityOf(iwae, 'active units'), quantityOf(vae, 'active units')];
    return k > 1 && of && other ? [{ k, own: of.value, vae: other.value, compared: [iwae!, vae!] }] : [];
  });
  if (counts.length === 0) return [];
  return [
    {
      claim: 'IWAE uses more of its latent units than the VAE',
      verdict: verdictSoFar(
        counts.flatMap(({ compared }) => compared),
        counts.map(({ own, vae }) => Math.sign(own - vae)),
      ),
      found: `${counts.map(({ k, own, vae }) => `${own} against ${vae} of 50 with k = ${k}`).join(', ')}. That is the order; for the numbers see below.`,
    },
  ];
}

/** The paper's own figures: they take the paper's training. */
function figures(rows: readonly Row[]): Claim[] {
  const row = rows.findLast(({ k, iwae }) => PAPER[k] && quantityOf(iwae, 'nll'));
  const nll = quantityOf(row?.iwae, 'nll');
  const active = quantityOf(row?.iwae, 'active units');
  if (!row || !nll || !active) return [];
  const paper = PAPER[row.k]!.iwae;
  const epochs = epochsOf(row.iwae!);
  const short = { ...nll, value: nll.value - paper.nll };
  const reached = signOf(short) <= 0 && active.value === paper.active;
  return [
    {
      claim: `IWAE with ${row.k} samples has an NLL of ${formatNumber(paper.nll, 2)} with ${paper.active} active units`,
      verdict: reached ? 'held' : epochs < PAPER_EPOCHS ? 'not reached' : 'not held',
      found: `After ${epochs} of ${PAPER_EPOCHS} epochs it is ${formatQuantity(nll)}, ${formatNumber(short.value, 1)} nats short, with ${active.value} active units.`,
    },
  ];
}

export function iwaeClaims(cells: Cells): Claim[] {
  const rows = rowsOf(cells);
  return [...likelier(rows), ...gainsFromSamples(rows), ...moreUnits(rows), ...figures(rows)];
}

export const iwaeTable1: Experiment = {
  id: 'iwae-table-1',
  title: 'IWAE, Table 1, one stochastic layer',
  length(cells) {
    const epochs = [...new Set([...cells.values()].map(epochsOf))];
    return `The paper trains for ${PAPER_EPOCHS} epochs; the cells here have ${epochs.sort((a, b) => a - b).join(', ')}.`;
  },
  report: (cells) => ({
    claims: iwaeClaims(cells),
    table: tableOf(rowsOf(cells), COLUMNS),
    notes: ['DReG is not in the paper: the bound of IWAE by the doubly reparameterised gradient.'],
  }),
  load: () => import('./table-1.ts'),
};
