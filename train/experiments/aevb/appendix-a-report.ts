// Appendix A of Kingma & Welling 2013: manifolds and samples of the models of Figure 2.
import { formatCount } from '../../../figures/numbers.ts';
import { samplesOf } from '../cells.ts';
import type { Cells, Experiment } from '../experiment.ts';

/** Pictures of a model that Figure 2 has trained further since. */
export function outrun(cells: Cells, figure2: Cells): string[] {
  return [...cells.values()].flatMap(({ cell, samples }) => {
    const [, set] = cell.split('-');
    const latents = /z\d+$/.exec(cell)?.[0] ?? 'z2';
    const now = figure2.get(`${set}-${latents}-aevb`)?.samples;
    return now === undefined || now === samples
      ? []
      : [
          `${cell} is of the model after ${formatCount(samples)} samples, Figure 2 has it after ${formatCount(now)}`,
        ];
  });
}

export const aevbAppendixA: Experiment = {
  id: 'aevb-appendix-a',
  title: 'AEVB, Appendix A: manifolds and samples',
  length: (cells) =>
    `The paper does not say how long it trained the models of these pictures; those here have ${samplesOf(cells)} training samples.`,
  report(cells, of) {
    const earlier = outrun(cells, of('aevb-figure-2'));
    return {
      notes: [
        'The paper shows such pictures and claims no figure for them.',
        ...(earlier.length > 0 ? [`Of earlier checkpoints than Figure 2: ${earlier.join('; ')}.`] : []),
      ],
    };
  },
  load: () => import('./appendix-a.ts'),
};
