// What the cells of anomaly scores say besides their table: where scores fail, and how the verdict was chosen.
import { formatNumber, formatShare } from '../../../figures/numbers.ts';
import { quantityOf, shareOf } from '../cells.ts';
import type { Cell, Cells } from '../experiment.ts';
import { listOf } from '../words.ts';

/** Areas nearer to one half than this tell nothing worth having. */
const POOR = 0.7;
const CHOSEN = 'validation mean, ';

export const isDigit = ({ cell }: Cell): boolean => cell.startsWith('digit-');

/** Kinds of outliers of a cell, in the order of their measurement. */
export const kindsOf = ({ values }: Cell): string[] =>
  Object.keys(values).flatMap((name) =>
    name.endsWith(', score') && !name.startsWith('validation') ? [name.slice(0, -', score'.length)] : [],
  );

/** Where a score fails, by model. */
function failures(cells: Cells, score: string): string {
  const found = [...cells.values()].flatMap((cell) => {
    const poor = kindsOf(cell).flatMap((kind) => {
      const area = quantityOf(cell, `${kind}, ${score}`)?.value;
      return area !== undefined && area < POOR ? [`${kind} ${formatNumber(area, 3)}`] : [];
    });
    return poor.length > 0 ? [`${cell.cell} (${poor.join(', ')})`] : [];
  });
  return found.length > 0 ? found.join('; ') : 'nowhere';
}

function choice(cells: Cells): string[] {
  const best = [...cells.values()].flatMap((cell) => {
    const means = Object.entries(cell.values).flatMap(([name, value]) =>
      name.startsWith(CHOSEN) && 'value' in value ? [[name.slice(CHOSEN.length), value.value] as const] : [],
    );
    if (means.length === 0) return [];
    const at = (score: string) => formatNumber(new Map(means).get(score) ?? Number.NaN, 3);
    const [first] = means.toSorted(([, a], [, b]) => b - a)[0]!;
    return [
      `${cell.cell} ${at('verdict')}, the bound alone ${at('score')}${first === 'verdict' ? '' : `, the best is ${first} with ${at(first)}`}`,
    ];
  });
  return best.length === 0
    ? []
    : [
        `The verdict was chosen by argument and on validation images, whose mean areas over all kinds of outliers are: ${best.join('; ')}. No test image had a part in it.`,
      ];
}

/** Of which images the thresholds of a model that ships are. */
const thresholdsOf = ({ protocol }: Cell): string | undefined =>
  /from the card \((\w+), first/.exec(protocol)?.[1];

/** At rate 0.05, of test images of the one digit that a model has seen. */
function falseAlarms(cells: Cells): string[] {
  const all = [...cells.values()];
  const shares = all
    .filter(isDigit)
    .flatMap((cell) => shareOf(cell, 'usual, alarms at 0.05') ?? [])
    .sort((a, b) => a.count / a.of - b.count / b.of);
  const by = (split: string) => all.filter((cell) => !isDigit(cell) && thresholdsOf(cell) === split);
  const [held, earlier] = [by('validation'), by('train')];
  return [
    ...(held.length > 0
      ? [
          'Thresholds of the models that ship are those of validation images, which no parameter was fitted to.',
        ]
      : []),
    ...(earlier.length > 0
      ? [
          `The verdicts of ${listOf(earlier.map(({ cell }) => cell))}, and what they call unusual, are by thresholds of training images, which the cards had before; those of now are of validation images, and each card says what is reached by them.`,
        ]
      : []),
    ...(shares.length > 0
      ? [
          `Thresholds of the models of one digit are those of their training images: of test images of their digit they call ${listOf([...new Set([shares[0]!, shares.at(-1)!].map(formatShare))], 'to')} unusual at 5 %.`,
        ]
      : []),
  ];
}

export const anomalyNotes = (cells: Cells): string[] => [
  'Areas under ROC curves, with standard errors by DeLong et al. (where all pairs are told apart, that error is 0, and says too little); one half is chance. Shares have 95 % intervals by Wilson. verdict: the larger percentile of score and excess, by which POST /anomaly judges; background and png are not served.',
  ...choice(cells),
  ...falseAlarms(cells),
  `Areas below ${POOR} of the bound alone: ${failures(cells, 'score')}. Of the verdict: ${failures(cells, 'verdict')}.`,
];
