// Whether superfluous latent variables overfit (Kingma & Welling 2013, caption of Figure 2): the gap between the bounds of
// training and test images by the number of latents, at equal samples.
import { formatCount, formatNumber } from '../../../figures/numbers.ts';
import type { Claim } from '../../../figures/section.ts';
import type { Cells } from '../experiment.ts';
import { isAtRest, verdictOf } from '../judge.ts';
import { listOf } from '../words.ts';
import { curveOf, SETS } from './charts.ts';
import { numberOf, shared } from './pairs.ts';

/** More latents overfit when they widen the gap between training and test bound by more, nats an image. */
const OVERFITTING_NATS = 1;

type Gap = { panel: string; gap: number; test: number };
type Gaps = { set: string; samples: number; gaps: Gap[]; atRest: boolean };

/** Training less test bound of AEVB, at the most samples that every number of latents of a data set has. */
function gapsOf(cells: Cells): Gaps[] {
  return Object.entries(SETS).flatMap(([prefix, set]): Gaps[] => {
    const own = [...cells].filter(([name]) => name.startsWith(prefix) && name.endsWith('-aevb'));
    // Runs whose initialisation was chosen do not compare with those of before.
    const chosen = own.filter(([, { settings }]) => settings.initialisation !== undefined);
    const runs = (chosen.length > 0 ? chosen : own)
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

/** Judged on both data sets of Figure 2, each at the most samples that all its runs have. */
export function overfitting(cells: Cells): Claim[] {
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
