// What the caption of Figure 2 of Kingma & Welling 2013 claims, judged at the samples that the methods share.
import type { Point } from '../../../figures/chart.ts';
import { formatCount, formatNumber, type Quantity } from '../../../figures/numbers.ts';
import type { Claim } from '../../../figures/section.ts';
import type { Cells } from '../experiment.ts';
import { isAtRest, less, signOf, verdictOf, verdictOfSigns } from '../judge.ts';
import { listOf } from '../words.ts';
import { curveOf, FIRST_SAMPLES, latentTitle, SETS } from './charts.ts';
import { numberOf, panelsOf, shared } from './pairs.ts';

/** More latents overfit when they widen the gap between training and test bound by more, nats an image. */
const OVERFITTING_NATS = 1;
/** A method that has risen by less since `FIRST_SAMPLES` has not begun to learn. */
const STUCK_NATS = 1;

type Bounds = { train: Quantity; test: Quantity };

/** How AEVB and wake-sleep stand in a panel, at the most samples that both have. */
export type Standing = {
  panel: string;
  samples: number;
  aevb: Bounds;
  wakeSleep: Bounds;
  /** Of AEVB on the test set. */
  lead: Quantity;
  /** Measured points from `FIRST_SAMPLES` on, and at how many of them AEVB has the higher test bound. */
  points: number;
  ahead: number;
  /** Neither training bound moves any more. */
  atRest: boolean;
  /** Wake-sleep has not begun to learn. */
  stuck: boolean;
};

const isStuck = (curve: readonly Point[]): boolean =>
  curve.length > 1 && Math.abs(curve.at(-1)![1] - curve[0]![1]) < STUCK_NATS;

export function standingsOf(cells: Cells): Standing[] {
  return panelsOf(cells, 'wake-sleep').flatMap((panel): Standing[] => {
    const [own, rival] = [cells.get(`${panel}-aevb`)!, cells.get(`${panel}-wake-sleep`)!];
    const curves = (split: 'train' | 'test') =>
      [curveOf(own, split, `${split} bound`), curveOf(rival, split, `${split} bound`)] as const;
    const tests = shared(...curves('test'));
    const [train, test] = [shared(...curves('train')).at(-1), tests.at(-1)];
    if (!train || !test) return [];
    return [
      {
        panel,
        samples: test.samples,
        aevb: { train: train.a, test: test.a },
        wakeSleep: { train: train.b, test: test.b },
        lead: less(test.a, test.b),
        points: tests.length,
        ahead: tests.filter(({ a, b }) => a.value > b.value).length,
        atRest: curves('train').every(isAtRest),
        stuck: isStuck(curves('train')[1]),
      },
    ];
  });
}

const titles = (standings: readonly Standing[]): string =>
  listOf(standings.map(({ panel }) => latentTitle(panel)));

function stuckWords(stuck: readonly Standing[]): string {
  if (stuck.length === 0) return '';
  return ` Not counted: ${titles(stuck)}, where the training bound of wake-sleep is within ${STUCK_NATS} nat of what it was at ${formatCount(FIRST_SAMPLES)} samples. It has not begun to learn there, which says nothing of where it would come to rest.`;
}

function faster(standings: readonly Standing[]): Claim {
  const judged = standings.filter(({ stuck }) => !stuck);
  const always = judged.filter(({ ahead, points }) => ahead === points);
  const sum = (of: (standing: Standing) => number) => judged.reduce((total, one) => total + of(one), 0);
  const [ahead, points] = [sum((one) => one.ahead), sum((one) => one.points)];
  return {
    claim: 'AEVB learns faster than wake-sleep',
    verdict: verdictOf(ahead, points),
    found: `At equal numbers of training samples, from ${formatCount(FIRST_SAMPLES)} on, its test bound is the higher one at ${ahead} of ${points} measured points, and at all of them in ${always.length} of ${judged.length} panels.${stuckWords(standings.filter(({ stuck }) => stuck))}`,
  };
}

function better(standings: readonly Standing[]): Claim {
  const judged = standings.filter(({ stuck }) => !stuck);
  const ahead = judged.filter(({ lead }) => signOf(lead) > 0);
  const moving = judged.filter(({ atRest }) => !atRest);
  const soFar = ahead.length === judged.length && judged.length > 0 ? 'ahead so far' : 'not reached';
  const rest =
    moving.length === 0
      ? 'Both training bounds have come to rest in all of them.'
      : `Of these, ${moving.length === judged.length ? 'none has' : `${judged.length - moving.length} have`} come to rest: a training bound still moves by half a nat or more for twice the samples${moving.length === judged.length ? '' : ` in ${titles(moving)}`}.`;
  return {
    claim: 'AEVB converges to a better solution than wake-sleep',
    verdict: moving.length > 0 ? soFar : verdictOfSigns(judged.map(({ lead }) => signOf(lead))),
    found: `At the last samples that both have, AEVB is ahead on the test set in ${ahead.length} of ${judged.length} panels. ${rest}`,
  };
}

type Gap = { panel: string; gap: number; test: number };
type Gaps = { set: string; samples: number; gaps: Gap[]; atRest: boolean };

/** Training less test bound of AEVB, at the most samples that every number of latents of a data set has. */
function gapsOf(cells: Cells): Gaps[] {
  return Object.entries(SETS).flatMap(([prefix, set]): Gaps[] => {
    const runs = [...cells]
      .filter(([name]) => name.startsWith(prefix) && name.endsWith('-aevb'))
      .map(([name, cell]) => {
        const [train, test] = (['train', 'test'] as const).map((split) =>
          curveOf(cell, split, `${split} bound`),
        );
        return { panel: name.slice(0, -'-aevb'.length), train: train!, both: shared(train!, test!) };
      })
      .filter(({ both }) => both.length > 0)
      .sort((a, b) => numberOf(a.panel) - numberOf(b.panel));
    const common = runs.map(({ both }) => both.map(({ samples }) => samples));
    const samples = common[0]?.findLast((at) => common.every((all) => all.includes(at)));
    if (runs.length < 2 || samples === undefined) return [];
    const gaps = runs.map(({ panel, both }) => {
      const { a, b } = both.find((point) => point.samples === samples)!;
      return { panel, gap: a.value - b.value, test: b.value };
    });
    return [{ set, samples, gaps, atRest: runs.every(({ train }) => isAtRest(train)) }];
  });
}

function overfitting(cells: Cells): Claim[] {
  const sets = gapsOf(cells);
  if (sets.length === 0) return [];
  const widens = ({ gaps }: Gaps) => gaps.at(-1)!.gap - gaps[0]!.gap > OVERFITTING_NATS;
  const good = sets.filter((one) => !widens(one)).length;
  const words = ({ set, samples, gaps, ...rest }: Gaps): string => {
    const list = gaps.map(({ gap }) => formatNumber(gap, 2));
    const latents = listOf(gaps.map(({ panel }) => String(numberOf(panel))));
    const [before, last] = gaps.slice(-2) as [Gap, Gap];
    const grows = widens({ set, samples, gaps, ...rest })
      ? `It grows with N_z, while the test bound of the largest is ${formatNumber(Math.abs(last.test - before.test), 2)} nats ${last.test > before.test ? 'above' : 'below'} that of the second largest. `
      : '';
    return `${set}, ${formatCount(samples)} samples: the training bound is ${listOf(list)} nats above that of the test set with ${latents} latents. ${grows}${rest.atRest ? '' : 'Not all of these runs have come to rest.'}`.trim();
  };
  return [
    {
      claim: 'Superfluous latent variables do not overfit',
      verdict:
        good === sets.length && !sets.every(({ atRest }) => atRest)
          ? 'not reached'
          : verdictOf(good, sets.length),
      found: sets.map(words).join(' '),
    },
  ];
}

export function figure2Claims(cells: Cells): Claim[] {
  const standings = standingsOf(cells);
  return [...(standings.length > 0 ? [faster(standings), better(standings)] : []), ...overfitting(cells)];
}
