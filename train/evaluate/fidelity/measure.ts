// Fidelity as figures of a card, for models that generate and have no density to be judged by.
import { percent } from '../../../figures/share.ts';
import type { Figure } from '../figure.ts';
import type { Measure } from '../subject.ts';
import { JUDGE_PROTOCOLS, openJudge, SEED } from './judge.ts';
import { createImageSampler } from './samples.ts';

export const fidelityMeasure: Measure = {
  needs: ({ model }) =>
    model.density === undefined && model.latent !== undefined && model.graphs.decoder !== undefined,

  async figures(subject, dataset, { backend, threads, samples }) {
    // Distances are between features of a classifier, which unlabelled images do not have.
    if (!dataset.labelNames) return [];
    const options = { backend, ...(threads ? { threads } : {}) };
    const sampler = await createImageSampler(subject.model, subject, options);
    const images = await sampler.draw(subject, SEED, samples);
    await sampler.release();
    const { judge } = await openJudge(dataset, options);
    const { frechet, shares } = await judge(images);
    const common = { split: `test, ${dataset.test.count} images` };
    const drawn = `; ${samples} images of the seed '${SEED}'`;
    return [
      {
        ...common,
        name: 'frechet',
        value: frechet,
        unit: 'squared features',
        protocol: JUDGE_PROTOCOLS.frechet + drawn,
      },
      ...Object.entries(shares).map(
        ([name, share]): Figure => ({
          ...common,
          name: name.replaceAll(' ', '-'),
          ...percent(share),
          unit: '% of images',
          protocol: JUDGE_PROTOCOLS[name as keyof typeof shares] + drawn,
        }),
      ),
    ];
  },
};
