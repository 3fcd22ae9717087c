// How well anomaly scores tell outliers from usual images, from their cells: a table, claims of the literature, notes.

import type { Claim } from '../../../figures/section.ts';
import type { Row } from '../../../figures/table.ts';
import type { Cell } from '../cells.ts';

type Cells = Map<string, Cell>;

const SCORES = ['score', 'excess', 'reconstruction', 'kl', 'verdict', 'background', 'png'];
const RATES = [0.01, 0.05];
/** Areas nearer to one half than this tell nothing worth having. */
const POOR = 0.7;

const isDigit = ({ cell }: Cell): boolean => cell.startsWith('digit-');
const areaOf = (cell: Cell, kind: string, score: string): number | undefined =>
  cell.values[`${kind}, ${score}`]?.value;

const withError = (cell: Cell, name: string, digits: number): string => {
  const found = cell.values[name];
  if (!found) return '–';
  const error = found.standardError === undefined ? '' : ` ± ${found.standardError.toFixed(digits)}`;
  return `${found.value.toFixed(digits)}${error}`;
};

/** Kinds of outliers of a cell, in the order of their measurement. */
const kindsOf = ({ values }: Cell): string[] =>
  Object.keys(values).flatMap((name) =>
    name.endsWith(', score') && !name.startsWith('validation') ? [name.slice(0, -', score'.length)] : [],
  );

const rowOf = (cell: Cell, kind: string): Row => ({
  model: cell.cell,
  outliers: kind,
  ...Object.fromEntries(SCORES.map((score) => [score, withError(cell, `${kind}, ${score}`, 3)])),
  ...Object.fromEntries(
    RATES.map((rate) => [`called unusual at ${rate}`, withError(cell, `${kind}, alarms at ${rate}`, 3)]),
  ),
});

/** Models that ship, each with the false alarms of its own test images first; then one digit against the others. */
export function anomalyRows(cells: Cells): Row[] {
  const all = [...cells.values()];
  const digits = all.filter(isDigit);
  const shipped = all.filter((cell) => !isDigit(cell));
  const mean = (name: string): string => {
    const values = digits.flatMap(({ values }) => values[name]?.value ?? []);
    return values.length === 0 ? '–' : (values.reduce((a, b) => a + b) / values.length).toFixed(3);
  };
  return [
    ...shipped.flatMap((cell) => [
      { ...rowOf(cell, 'usual'), outliers: 'none: false alarms' },
      ...kindsOf(cell).map((kind) => rowOf(cell, kind)),
    ]),
    ...digits.map((cell) => rowOf(cell, 'other digits')),
    ...(digits.length === 0
      ? []
      : [
          {
            model: `mean of ${digits.length} digits`,
            outliers: 'other digits',
            ...Object.fromEntries(SCORES.map((score) => [score, mean(`other digits, ${score}`)])),
            ...Object.fromEntries(
              RATES.map((rate) => [`called unusual at ${rate}`, mean(`other digits, alarms at ${rate}`)]),
            ),
          },
        ]),
  ];
}

/** What others have found, where a model of clothes is shown digits. */
export function anomalyClaims(cells: Cells): Claim[] {
  const clothes = cells.get('fashion-vae');
  const area = (score: string) => clothes && areaOf(clothes, 'mnist', score);
  const [score, background, png] = [area('score'), area('background'), area('png')];
  if (score === undefined || background === undefined || png === undefined) return [];
  return [
    {
      claim: 'A model of clothes finds digits likelier than clothes (Nalisnick et al. 2019)',
      verdict: score < 0.5 ? 'held' : 'not held',
      found: `The negative bound of a digit is above that of a garment with probability ${score.toFixed(3)}; one half would be chance.`,
    },
    {
      claim: 'A background model mends this (Ren et al. 2019)',
      verdict: background > 0.9 ? 'held' : background > score ? 'held in part' : 'not held',
      found: `With independent pixels for a background the area is ${background.toFixed(3)}.`,
    },
    {
      claim: 'Taking off the length of a compressed file mends this (Serrà et al. 2020)',
      verdict: png > 0.9 ? 'held' : png > score ? 'held in part' : 'not held',
      found: `With PNG files the area is ${png.toFixed(3)}; for noisy clothes, which no file compresses, the same score has ${areaOf(clothes!, 'noisy', 'png')!.toFixed(3)}.`,
    },
  ];
}

/** Where a score fails, by model. */
function failures(cells: Cells, score: string): string {
  const found = [...cells.values()].flatMap((cell) => {
    const poor = kindsOf(cell).flatMap((kind) => {
      const area = areaOf(cell, kind, score)!;
      return area < POOR ? [`${kind} ${area.toFixed(3)}`] : [];
    });
    return poor.length > 0 ? [`${cell.cell} (${poor.join(', ')})`] : [];
  });
  return found.length > 0 ? found.join('; ') : 'nowhere';
}

function choice(cells: Cells): string {
  const best = [...cells.values()]
    .filter((cell) => !isDigit(cell))
    .map((cell) => {
      const means = SCORES.map((score) => areaOf(cell, 'validation mean', score)!);
      const at = (score: string) => means[SCORES.indexOf(score)]!.toFixed(3);
      const first = SCORES[means.indexOf(Math.max(...means))]!;
      return `${cell.cell} ${at('verdict')}, the bound alone ${at('score')}${first === 'verdict' ? '' : `, the best is ${first} with ${at(first)}`}`;
    });
  return `The verdict was chosen by argument and on validation images, whose mean areas over all kinds of outliers are: ${best.join('; ')}. No test image had a part in it.`;
}

/** At rate 0.05, of test images of the one digit that a model has seen. */
function falseAlarms(cells: Cells): string {
  const shares = [...cells.values()]
    .filter(isDigit)
    .flatMap(({ values }) => values['usual, alarms at 0.05']?.value ?? []);
  return `Thresholds are those of training images, so that test images are called unusual more often than was asked for where a model has learnt its training images by heart. The models of one digit call ${Math.min(...shares).toFixed(3)} to ${Math.max(...shares).toFixed(3)} of its test images unusual at 0.05.`;
}

export const anomalyNotes = (cells: Cells): string[] => [
  'Areas under ROC curves, with standard errors by DeLong et al.; one half is chance. verdict: the larger percentile of score and excess, by which POST /anomaly judges; background and png are not served.',
  choice(cells),
  falseAlarms(cells),
  `Areas below ${POOR} of the bound alone: ${failures(cells, 'score')}. Of the verdict: ${failures(cells, 'verdict')}.`,
];
