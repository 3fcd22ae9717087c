// Whether superfluous latent variables overfit (Kingma & Welling 2013, caption of Figure 2): the gap between the bounds of
// training and test images by the number of latents, at equal samples.
import type { Point } from '../../../figures/chart.ts';
import { formatCount, formatNumber, formatQuantity, type Quantity } from '../../../figures/numbers.ts';
import type { Claim, Verdict } from '../../../figures/section.ts';
import type { Cell, Cells } from '../experiment.ts';
import { isAtRest, less, signOf } from '../judge.ts';
import { listOf } from '../words.ts';
import { curveOf, SETS } from './charts.ts';
import { leadOf, numberOf, shared } from './pairs.ts';

/** More latents overfit when they widen the gap between training and test bound by more, nats an image. */
const OVERFITTING_NATS = 1;

type Run = { latents: number; cell: Cell; both: ReturnType<typeof shared>; atRest: boolean };
type Gaps = {
  set: string;
  samples: number;
  latents: number[];
  /** Training less test bound, and test bound, by `latents`. */
  gaps: number[];
  tests: number[];
  /** Of the gap, from the fewest latents to the most. */
  growth: Quantity;
  /** 1: the gap widens by more than `OVERFITTING_NATS`, −1: it does not, 0: within its error. */
  widens: number;
  earlier: boolean;
  atRest: boolean;
};

function runsOf(cells: Cells, prefix: string): Run[] {
  const own = [...cells].filter(([name]) => name.startsWith(prefix) && name.endsWith('-aevb'));
  return own
    .map(([name, cell]) => {
      const [train, test] = (['train', 'test'] as const).map((split) =>
        curveOf(cell, split, `${split} bound`),
      ) as [Point[], Point[]];
      const latents = numberOf(name.slice(0, -'-aevb'.length));
      return { latents, cell, both: shared(train, test), atRest: isAtRest(train) };
    })
    .filter(({ both }) => both.length > 0)
    .sort((a, b) => a.latents - b.latents);
}

const isEarlier = ({ cell }: Run): boolean => cell.settings.initialisation === undefined;

/** AEVB by the number of latents, at the most samples that all these runs of a data set have. */
function gapsOf(cells: Cells): Gaps[] {
  return Object.entries(SETS).flatMap(([prefix, set]): Gaps[] => {
    const all = runsOf(cells, prefix);
    // Runs whose initialisation was chosen do not compare with those of before: the larger group speaks.
    const [chosen, before] = [all.filter((run) => !isEarlier(run)), all.filter(isEarlier)];
    const runs = chosen.length >= before.length ? chosen : before;
    const samples = runs[0]?.both.findLast(({ samples }) =>
      runs.every(({ both }) => both.some((point) => point.samples === samples)),
    )?.samples;
    if (runs.length < 2 || samples === undefined) return [];
    const points = runs.map(({ both }) => both.find((point) => point.samples === samples)!);
    const [fewest, most] = [runs[0]!.cell, runs.at(-1)!.cell];
    const gained = (split: 'train' | 'test') =>
      leadOf({ own: most, other: fewest, split, column: `${split} bound` }, samples)!.found;
    // Training and test images are apart, so their errors are independent.
    const growth = less(gained('train'), gained('test'));
    return [
      {
        set,
        samples,
        latents: runs.map(({ latents }) => latents),
        gaps: points.map(({ a, b }) => a.value - b.value),
        tests: points.map(({ b }) => b.value),
        growth,
        widens: signOf({ ...growth, value: growth.value - OVERFITTING_NATS }),
        earlier: runs === before,
        atRest: runs.every(({ atRest }) => atRest),
      },
    ];
  });
}

function describe({ set, samples, latents, gaps, tests, growth, widens, earlier, atRest }: Gaps): string {
  const [before, last] = tests.slice(-2) as [number, number];
  const more =
    widens > 0
      ? `, while the test bound of the largest is ${formatNumber(Math.abs(last - before), 2)} nats ${last > before ? 'above' : 'below'} that of the second largest`
      : '';
  return [
    `${set}, ${formatCount(samples)} samples${earlier ? ', earlier protocol' : ''}: the training bound less that of the test set is ${listOf(gaps.map((gap) => formatNumber(gap, 2)))} nats with ${listOf(latents.map(String))} latents.`,
    `From the fewest to the most it changes by ${formatQuantity(growth)} nats${more}.`,
    ...(atRest ? [] : ['Not all of these runs have come to rest.']),
  ].join(' ');
}

/** What does not widen may still do so while runs move; what does has been seen. */
function verdictOfGaps(sets: readonly Gaps[]): Verdict {
  if (sets.some(({ widens }) => widens > 0))
    return sets.some(({ widens }) => widens < 0) ? 'held in part' : 'not held';
  return sets.every(({ widens, atRest }) => widens < 0 && atRest) ? 'held' : 'not reached';
}

/** Judged on both data sets of Figure 2, each at the most samples that all its runs have. */
export function overfitting(cells: Cells): Claim[] {
  const sets = gapsOf(cells);
  if (sets.length === 0) return [];
  return [
    {
      claim: 'Superfluous latent variables do not overfit',
      verdict: verdictOfGaps(sets),
      found: sets.map(describe).join(' '),
    },
  ];
}
