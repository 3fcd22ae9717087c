// What theory says of the game on distributions with known densities, held against what was measured.
import type { Chart } from '../../../figures/chart.ts';
import type { Game } from '../../../figures/game.ts';
import { formatNumber, formatQuantity } from '../../../figures/numbers.ts';
import type { Claim } from '../../../figures/section.ts';
import { type Column, tableOf } from '../../../figures/table.ts';
import { points, quantityOf, shareOf } from '../cells.ts';
import type { Cell, Cells, Experiment } from '../experiment.ts';
import { verdictOf } from '../judge.ts';
import { listOf } from '../words.ts';

/** A critic is D* when it is nowhere further from it than this. */
const NEAR = 0.02;
/** Its value is that of D* when it falls short of it by less, nats, … */
const NEAR_NATS = 0.005;
/** … and when what is measured is off what is predicted by no more standard errors of sampling. */
const ERRORS = 3;

const critics = (cells: Cells): Cell[] =>
  [...cells.values()].filter(({ cell }) => cell.startsWith('critic-'));
const games = (cells: Cells): Cell[] =>
  [...cells.values()].filter((cell) => shareOf(cell, 'arrived') !== undefined);

const nameOf = ({ settings }: Cell): string => `${settings.loss}, k = ${settings.criticSteps}`;
const mixtureOf = ({ settings }: Cell): string => String(settings.mixture).replaceAll('-', ' ');

function criticClaims(cells: Cells): Claim[] {
  const all = critics(cells);
  if (all.length === 0) return [];
  const largest = all.map((cell) => quantityOf(cell, 'largest difference from D*')!.value);
  const short = all.map((cell) => quantityOf(cell, 'V(D*, G) − V(D, G)')!);
  const off = all.map((cell) => {
    const { value, standardError } = quantityOf(cell, 'V(D, G)')!;
    return Math.abs(value - quantityOf(cell, '−log 4 + 2 JSD')!.value) / standardError!;
  });
  const values = all.map(
    (cell) =>
      `${formatQuantity(quantityOf(cell, 'V(D, G)')!, 4)} (${formatNumber(quantityOf(cell, '−log 4 + 2 JSD')!.value, 4)})`,
  );
  return [
    {
      claim: 'For a fixed generator the best critic is p_data / (p_data + p_g) (Proposition 1)',
      verdict: verdictOf(largest.filter((value) => value < NEAR).length, all.length),
      found: `Trained critics of ${all.length} known generators are nowhere further from it than ${listOf(largest.map((value) => formatNumber(value, 4)))}; less than ${NEAR} counts.`,
    },
    {
      claim: 'The value of the game is then −log 4 + 2 JSD(p_data, p_g) (Theorem 1)',
      verdict: verdictOf(
        short.filter(({ value }, i) => value < NEAR_NATS && off[i]! <= ERRORS).length,
        all.length,
      ),
      found: `Measured (predicted), nats: ${listOf(values)}; that is ${listOf(off.map((errors) => formatNumber(errors, 1)))} standard errors of sampling apart, where up to ${ERRORS} count. On the same draws the trained critics fall short of D* by ${listOf(short.map((gap) => formatQuantity(gap, 4)))}; less than ${NEAR_NATS} counts.`,
    },
  ];
}

function gameClaims(cells: Cells): Claim[] {
  const all = games(cells);
  if (all.length === 0) return [];
  const total = (name: string, of: readonly Cell[]) => {
    const shares = of.flatMap((cell) => shareOf(cell, name) ?? []);
    return {
      count: shares.reduce((sum, { count }) => sum + count, 0),
      of: shares.reduce((sum, share) => sum + share.of, 0),
    };
  };
  const arrived = total('arrived', all);
  const collapsed = all.filter((cell) => shareOf(cell, 'collapsed')!.count > 0);
  return [
    {
      claim: 'Algorithm 1 brings p_g to p_data (Proposition 2)',
      verdict: verdictOf(arrived.count, arrived.of),
      found:
        `${arrived.count} of ${arrived.of} runs end within the divergence that counts as arrived. ` +
        (collapsed.length === 0
          ? 'None lost a mode.'
          : `Modes were lost with ${listOf(collapsed.map((cell) => `${nameOf(cell)} on ${mixtureOf(cell)} (${shareOf(cell, 'collapsed')!.count} of ${shareOf(cell, 'collapsed')!.of} runs)`))}: the proposition speaks of densities, not of networks that step in turn.`),
    },
  ];
}

const COLUMNS: Column<Cell>[] = [
  { name: 'data', kind: 'text', of: mixtureOf },
  { name: 'loss', kind: 'text', of: ({ settings }) => String(settings.loss) },
  { name: 'k', kind: 'number', of: ({ settings }) => Number(settings.criticSteps) },
  { name: 'JSD at the end', kind: 'number', decimals: 4, of: (cell) => quantityOf(cell, 'JSD') },
  { name: 'least JSD on the way', kind: 'number', decimals: 4, of: (cell) => quantityOf(cell, 'least JSD') },
  { name: 'arrived', kind: 'share', of: (cell) => shareOf(cell, 'arrived') },
  { name: 'modes lost', kind: 'share', of: (cell) => shareOf(cell, 'modes lost') },
];

const LOSSES = ['minimax', 'non-saturating'];

function chartOf(cells: Cells): Chart | undefined {
  const all = games(cells);
  if (all.length === 0) return undefined;
  return {
    title: 'Algorithm 1: divergence of the generated density from the data’s',
    xLabel: 'steps of the generator',
    xUnit: 'steps',
    yLabel: 'JSD, nats',
    rows: [...new Set(all.map(mixtureOf))].map((mixture) => [
      {
        title: mixture,
        series: all
          .filter((cell) => mixtureOf(cell) === mixture)
          .map((cell) => ({
            subject: String(cell.settings.loss),
            split: `k = ${cell.settings.criticSteps}`,
            colour: LOSSES.indexOf(String(cell.settings.loss)),
            dashed: cell.settings.criticSteps === 1,
            points: points(cell, 'JSD').filter(([step]) => step > 0),
          })),
      },
    ]),
  };
}

/** The frames of Figure 1, from the rows of its cell. */
export function gameOf(cell: Cell | undefined): Game | undefined {
  if (!cell?.curve) return undefined;
  const steps = [...new Set(cell.curve.rows.map(([step]) => step!))];
  const rowsAt = (step: number) => cell.curve!.rows.filter((row) => row[0] === step);
  const column = (rows: number[][], name: string) => {
    const at = cell.curve!.columns.indexOf(name);
    return rows.map((row) => row[at]!);
  };
  const first = rowsAt(steps[0]!);
  return {
    title: 'Figure 1: the game on a line',
    places: column(first, 'x'),
    data: column(first, 'p_data'),
    frames: steps.map((step) => {
      const rows = rowsAt(step);
      return { step, generated: column(rows, 'p_g'), critic: column(rows, 'D'), map: column(rows, 'G(z)') };
    }),
  };
}

export const ganTheory: Experiment = {
  id: 'gan-theory',
  title: 'Generative adversarial networks: theory, on densities that are known',
  length: (cells) =>
    `The paper proves its propositions and trains no network for them; here critics took ${critics(cells)[0]?.settings.steps ?? 0} steps and games ${games(cells)[0]?.settings.steps ?? 0} steps of the generator.`,
  report(cells) {
    const chart = chartOf(cells);
    const game = gameOf(cells.get('figure-1'));
    return {
      claims: [...criticClaims(cells), ...gameClaims(cells)],
      ...(chart ? { chart } : {}),
      ...(game ? { game } : {}),
      table: tableOf(games(cells), COLUMNS),
      notes: [
        'Figure 1 of the paper, moving: the data (dotted), what is generated (solid), the critic (dashed), and where equal shares of the latents go, from the line of z to that of x.',
      ],
    };
  },
  load: () => import('./gan-theory.ts'),
};
