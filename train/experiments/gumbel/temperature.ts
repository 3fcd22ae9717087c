// Which temperature suits Gumbel-Softmax: fixed ones, the annealing of Jang, Gu & Poole 2017, and a learned one.
import { learnedGumbelSoftmax, TEMPERATURE } from '../../estimators/discrete/learned-temperature.ts';
import { DISCRETE_ESTIMATORS } from '../../estimators/discrete/table.ts';
import { constant } from '../../schedules.ts';
import type { CellResult, Context, Program } from '../experiment.ts';
import { ANNEALED, ANNEALING, measureTreatment } from './measure.ts';
import { nameOf, STEPS, TASKS, type Task, TEMPERATURES, type Temperature } from './temperature-cells.ts';
import { BATCH_SIZE } from './train.ts';

export const samples = STEPS * BATCH_SIZE;

/** log(1 + exp(x)) */
const softplus = (x: number): number => Math.log1p(Math.exp(x));

function cell(task: Task, temperature: Temperature, context: Context): Promise<CellResult> {
  const limited = { ...context, limit: Math.min(context.limit, samples) };
  const of = (words: string, schedule = constant(1)) => ({
    row: task,
    seed: '1',
    temperature: { of: schedule, words },
  });
  if (temperature === 'learned')
    return measureTreatment(
      { ...of('learned, 1 at first'), column: 'learned-gumbel-softmax', estimator: learnedGumbelSoftmax },
      limited,
      ({ params }) => ({ temperature: { value: softplus(params[TEMPERATURE]!.data[0]!) } }),
    );
  const known = { column: 'gumbel-softmax', estimator: DISCRETE_ESTIMATORS['gumbel-softmax'] };
  return measureTreatment(
    temperature === 'annealed'
      ? { ...of(ANNEALING, ANNEALED), ...known }
      : { ...of(temperature, constant(Number(temperature))), ...known },
    limited,
  );
}

export const cells: Program['cells'] = Object.fromEntries(
  TASKS.flatMap((task) =>
    TEMPERATURES.map((temperature) => [
      nameOf(task, temperature),
      (context: Context) => cell(task, temperature, context),
    ]),
  ),
);
