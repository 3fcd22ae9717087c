// Bias and deviation of the estimators over temperature, and over training: a row of panels for each family of them.
import type { Chart, Panel, Series } from '../../../figures/chart.ts';
import type { Cells } from '../experiment.ts';
import { type Found, foundOf } from './estimators-found.ts';

/** Names on the chart of the estimators that share a row, in the order of the colours. */
const GROUPS: readonly Record<string, string>[] = [
  { 'gumbel-softmax': 'Gumbel-Softmax', 'st-gumbel-softmax': 'ST Gumbel-S.', 'gumbel-rao': 'Gumbel-Rao' },
  { 'straight-through': 'ST', reinmax: 'ReinMax', gapped: 'gapped ST' },
  { 'slope-annealed': 'annealed ST', darn: 'DARN' },
  // Not the score function alone: it is so far off that the others would lie on the axis.
  { muprop: 'MuProp', arm: 'ARM', rebar: 'REBAR' },
];

const KINDS = [
  ['bernoulli', '8 bits'],
  ['categorical', '4×4'],
] as const;
const FIGURES = ['bias', 'deviation'] as const satisfies readonly (keyof Found)[];

/** From one end of the temperatures to the other: one that has none is the same at all. */
const ENDS = [0.1, 4];

function pointsOf(all: readonly Found[], figure: (typeof FIGURES)[number]): [number, number][] {
  const last = all.filter(({ steps }) => steps === all.at(-1)!.steps);
  const [only] = last;
  if (last.length === 1) return ENDS.map((temperature) => [temperature, only![figure]]);
  return last.map((found): [number, number] => [found.temperature, found[figure]]);
}

/** Stage by stage at temperature 1, each by the step whose gradient it is: the first one stands before any update. */
const trainingOf = (all: readonly Found[], figure: (typeof FIGURES)[number]): [number, number][] =>
  all
    .filter(({ temperature }) => temperature === 1)
    .map((found): [number, number] => [found.steps + 1, found[figure]]);

/** The rows of `GROUPS`, a panel for each figure and kind of codes. */
const rowsOf = (
  cells: Cells,
  points: (all: readonly Found[], figure: (typeof FIGURES)[number]) => [number, number][],
  words: string,
  panel: Partial<Panel>,
): Panel[][] =>
  GROUPS.map((group) =>
    FIGURES.flatMap((figure) =>
      KINDS.map(
        ([kind, title]): Panel => ({
          title: `${figure}${words}, ${title}`,
          series: Object.entries(group).flatMap(([estimator, subject], colour): Series[] => {
            const cell = cells.get(`${kind}-${estimator}`);
            return cell
              ? [{ subject, split: 'measured', colour, points: points(foundOf(cell), figure) }]
              : [];
          }),
          ...panel,
        }),
      ),
    ).filter(({ series }) => series.some((one) => one.points.length > 0)),
  ).filter((row) => row.length > 0);

/** Over temperature after the last stage of training, and below at temperature 1 over training. */
export const estimatorsChart = (cells: Cells): Chart => ({
  title: 'Estimators through discrete latents',
  xLabel: 'temperature, or step of training at temperature 1',
  xUnit: 'temperature',
  yLabel: 'of the gradient’s length',
  rows: [
    ...rowsOf(cells, pointsOf, '', {}),
    ...rowsOf(cells, trainingOf, ' in training', { xUnit: 'step of training' }),
  ],
});
