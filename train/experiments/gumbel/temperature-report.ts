// The study of temperatures: relaxed samples in training, discrete ones where it is judged.
import { formatCount, formatNumber, formatQuantity } from '../../../figures/numbers.ts';
import type { Claim } from '../../../figures/section.ts';
import { type Column, tableOf } from '../../../figures/table.ts';
import { quantityOf, samplesOf } from '../cells.ts';
import type { Cell, Cells, Experiment } from '../experiment.ts';
import { difference, signOf, verdictOfSigns } from '../judge.ts';
import { absentCells, listOf } from '../words.ts';
import { nameOf, TASKS, type Task, TEMPERATURES, type Temperature, titleOf } from './temperature-cells.ts';

const titleOfTemperature = (temperature: Temperature): string =>
  /^\d/.test(temperature) ? `τ = ${temperature}` : temperature;

const COLUMNS: Column<{ task: Task; cells: Cells }>[] = [
  { name: 'nats', kind: 'text', of: ({ task }) => titleOf(task) },
  ...TEMPERATURES.map((temperature) => ({
    name: titleOfTemperature(temperature),
    kind: 'number' as const,
    decimals: 1,
    of: ({ task, cells }: { task: Task; cells: Cells }) =>
      quantityOf(cells.get(nameOf(task, temperature)), 'nll'),
  })),
];

/** The best of some cells of a task by their test bound; nothing where one is missing. */
function bestOf(cells: Cells, task: Task, of: readonly Temperature[]): Cell | undefined {
  const found = of.map((temperature) => cells.get(nameOf(task, temperature)));
  if (found.some((cell) => cell === undefined)) return undefined;
  return (found as Cell[]).reduce((a, b) =>
    quantityOf(b, 'nll')!.value < quantityOf(a, 'nll')!.value ? b : a,
  );
}

export function temperatureClaims(cells: Cells): Claim[] {
  const judged = TASKS.flatMap((task) => {
    const learned = bestOf(cells, task, ['learned']);
    const other = bestOf(
      cells,
      task,
      TEMPERATURES.filter((one) => one !== 'learned'),
    );
    return learned && other ? [{ task, learned, other }] : [];
  });
  if (judged.length === 0) return [];
  return [
    {
      claim: 'A learned temperature is better than the best fixed or annealed one',
      verdict: verdictOfSigns(judged.map(({ learned, other }) => signOf(difference(other, learned, 'nll')!))),
      found: `${listOf(
        judged.map(
          ({ task, learned, other }) =>
            `${titleOf(task)} ${formatQuantity(quantityOf(learned, 'nll')!)}, at τ = ${formatNumber(quantityOf(learned, 'temperature')!.value, 2)} in the weights that were kept, of step ${formatCount(Number(learned.settings.bestStep))}, against ${formatQuantity(quantityOf(other, 'nll')!)} (${other.cell.slice(task.length + 1)})`,
        ),
      )}.`,
    },
  ];
}

export const gumbelTemperature: Experiment = {
  id: 'gumbel-temperature',
  title: 'Gumbel-Softmax: which temperature, and can it be learned?',
  length: (cells) =>
    `The paper leaves it as an outlook; the cells here have ${samplesOf(cells)} samples, a short schedule.`,
  report: (cells) => ({
    claims: temperatureClaims(cells),
    table: tableOf(
      TASKS.filter((task) => TEMPERATURES.some((one) => cells.has(nameOf(task, one)))).map((task) => ({
        task,
        cells,
      })),
      COLUMNS,
    ),
    notes: absentCells(
      TASKS,
      TEMPERATURES,
      (task, temperature) => cells.has(nameOf(task, temperature)),
      { row: titleOf, column: titleOfTemperature },
      'for want of processor time',
    ),
  }),
  load: () => import('./temperature.ts'),
};
