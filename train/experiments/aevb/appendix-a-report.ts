// Appendix A of Kingma & Welling 2013: manifolds and samples of the models of Figure 2.
import { formatCount, formatShare } from '../../../figures/numbers.ts';
import { quantityOf, samplesOf, shareOf } from '../cells.ts';
import type { Cells, Experiment } from '../experiment.ts';

/** Pictures of another model than Figure 2 has: its test bound would be that of the picture’s to the last digit. */
export function outrun(cells: Cells, figure2: Cells): string[] {
  return [...cells.values()].flatMap((picture) => {
    const [, set] = picture.cell.split('-');
    const latents = /z\d+$/.exec(picture.cell)?.[0] ?? 'z2';
    const now = figure2.get(`${set}-${latents}-aevb`);
    if (!now || quantityOf(now, 'test')?.value === quantityOf(picture, 'test')?.value) return [];
    const where =
      now.samples === picture.samples
        ? 'one that started otherwise'
        : `that after ${formatCount(now.samples)}`;
    return [
      `${picture.cell} is of a model after ${formatCount(picture.samples)} samples, Figure 2 has ${where}`,
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
    const lighter = [...cells.values()].flatMap((picture) => {
      const share = shareOf(picture, 'lighter');
      return share ? [`${picture.cell} ${formatShare(share)}`] : [];
    });
    return {
      notes: [
        'The paper shows such pictures and claims no figure for them.',
        ...(lighter.length > 0
          ? [
              `Of 1000 samples lighter as a whole than every test image: ${lighter.join(', ')}. They come from regions of the prior without codes, which the bound hardly minds: leaving half of the prior empty costs 0.7 nats. Starts are chosen by the bound, not by samples.`,
            ]
          : []),
        ...(earlier.length > 0 ? [`Not of the models that Figure 2 has now: ${earlier.join('; ')}.`] : []),
      ],
    };
  },
  load: () => import('./appendix-a.ts'),
};
