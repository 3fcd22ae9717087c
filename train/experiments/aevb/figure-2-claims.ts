// What the caption of Figure 2 of Kingma & Welling 2013 claims, judged at the samples that the methods share.
import type { Point } from '../../../figures/chart.ts';
import { formatCount, type Quantity } from '../../../figures/numbers.ts';
import type { Claim, Verdict } from '../../../figures/section.ts';
import type { Cell, Cells } from '../experiment.ts';
import { isAtRest, signOf, verdictAtRest, verdictOf, verdictOfSigns } from '../judge.ts';
import { listOf } from '../words.ts';
import { curveOf, FIRST_SAMPLES, latentTitle } from './charts.ts';
import { overfitting } from './overfitting.ts';
import { leadOf, panelsOf, shared } from './pairs.ts';

/** A method that has risen by less since `FIRST_SAMPLES` has not begun to learn. */
const STUCK_NATS = 1;

type Bounds = { train: Quantity; test: Quantity };

/** How AEVB and wake-sleep stand in a panel, at the most samples that both have. */
export type Standing = {
  panel: string;
  samples: number;
  aevb: Bounds;
  wakeSleep: Bounds;
  /** Of AEVB on the test set; `paired` where its error is that of paired differences. */
  lead: Quantity & { paired: boolean };
  /** Measured points from `FIRST_SAMPLES` on, and at how many of them AEVB has the higher test bound. */
  points: number;
  ahead: number;
  /** How the parameters of either start; nothing where that was not chosen for each run yet. */
  starts: string | undefined;
  /** Neither training bound moves any more. */
  atRest: boolean;
  /** Wake-sleep has not begun to learn. */
  stuck: boolean;
};

const isStuck = (curve: readonly Point[]): boolean =>
  curve.length > 1 && Math.abs(curve.at(-1)![1] - curve[0]![1]) < STUCK_NATS;

/** Both choices; nothing unless both cells are of the protocol that chooses. */
function startsOf(...cells: [aevb: Cell, wakeSleep: Cell]): string | undefined {
  const [aevb, wakeSleep] = cells.map(({ settings }) => settings.initialisation);
  return aevb === undefined || wakeSleep === undefined ? undefined : `${aevb}, ${wakeSleep}`;
}

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
        lead: leadOf({ own, other: rival, split: 'test', column: 'test bound' })!.found,
        points: tests.length,
        ahead: tests.filter(({ a, b }) => a.value > b.value).length,
        starts: startsOf(own, rival),
        atRest: curves('train').every(isAtRest),
        stuck: isStuck(curves('train')[1]),
      },
    ];
  });
}

const titles = (standings: readonly Standing[]): string =>
  listOf(standings.map(({ panel }) => latentTitle(panel)));

/** Panels that say something of the two methods rather than of how they were started, and why the others are not counted. */
function judgedOf(standings: readonly Standing[]): { judged: Standing[]; notCounted: string } {
  const earlier = standings.filter(({ starts }) => starts === undefined);
  const present = standings.filter(({ starts }) => starts !== undefined);
  const stuck = present.filter((one) => one.stuck);
  const words = [
    stuck.length > 0
      ? ` Not counted: ${titles(stuck)}, where the training bound of wake-sleep is within ${STUCK_NATS} nat of what it was at ${formatCount(FIRST_SAMPLES)} samples. It has not begun to learn there, which says nothing of where it would come to rest.`
      : '',
    earlier.length > 0
      ? ` Not counted: ${titles(earlier)}, of an earlier protocol: all parameters of both methods start from N(0, 0.01²) there, which holds wake-sleep back more than AEVB.`
      : '',
  ];
  return { judged: present.filter((one) => !one.stuck), notCounted: words.join('') };
}

/** What holds in panels that count holds in part while there are others. */
const inPart = (verdict: Verdict, notCounted: string): Verdict =>
  verdict === 'held' && notCounted !== '' ? 'held in part' : verdict;

function faster({ judged, notCounted }: ReturnType<typeof judgedOf>): Claim {
  const always = judged.filter(({ ahead, points }) => ahead === points);
  const sum = (of: (standing: Standing) => number) => judged.reduce((total, one) => total + of(one), 0);
  const [ahead, points] = [sum((one) => one.ahead), sum((one) => one.points)];
  return {
    claim: 'AEVB learns faster than wake-sleep',
    verdict: inPart(verdictOf(ahead, points), notCounted),
    found: `At equal numbers of training samples, from ${formatCount(FIRST_SAMPLES)} on, its test bound is the higher one at ${ahead} of ${points} measured points, and at all of them in ${always.length} of ${judged.length} panels.${notCounted}`,
  };
}

function better({ judged, notCounted }: ReturnType<typeof judgedOf>): Claim {
  const ahead = judged.filter(({ lead }) => signOf(lead) > 0);
  const moving = judged.filter(({ atRest }) => !atRest);
  const rest =
    moving.length === 0
      ? 'Both training bounds have come to rest in all of them.'
      : `Of these, ${moving.length === judged.length ? 'none has' : `${judged.length - moving.length} have`} come to rest: a training bound still moves by half a nat or more for twice the samples${moving.length === judged.length ? '' : ` in ${titles(moving)}`}.`;
  return {
    claim: 'AEVB converges to a better solution than wake-sleep',
    verdict: verdictAtRest(
      { ahead: ahead.length, moving: moving.length, of: judged.length },
      inPart(verdictOfSigns(judged.map(({ lead }) => signOf(lead))), notCounted),
    ),
    found:
      judged.length === 0
        ? 'No panel that counts was measured.'
        : `At the last samples that both have, AEVB is ahead on the test set in ${ahead.length} of ${judged.length} panels${notCounted === '' ? '' : ' that count'}. ${rest}`,
  };
}

export function figure2Claims(cells: Cells): Claim[] {
  const standings = standingsOf(cells);
  const judged = judgedOf(standings);
  return [...(standings.length > 0 ? [faster(judged), better(judged)] : []), ...overfitting(cells)];
}
