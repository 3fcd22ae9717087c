// Fidelity as figures of a card, for models that generate and have no density to be judged by.
import { percent } from '../../../figures/share.ts';
import type { Figure } from '../figure.ts';
import type { Measure } from '../subject.ts';
import { judgeProtocols, openJudge, SEED } from './judge.ts';
import { createImageSampler, labelsLike } from './samples.ts';

/** Names of its figures, which are of what a model draws: a version that draws otherwise has none of them. */
export const FIDELITY_FIGURES: ReadonlySet<string> = new Set([
  'frechet-real-images',
  ...Object.keys(judgeProtocols(0, 0)).map((name) => name.replaceAll(' ', '-')),
]);

export const fidelityMeasure: Measure = {
  needs: ({ model }) =>
    model.density === undefined && model.latent !== undefined && model.graphs.decoder !== undefined,

  async figures(subject, dataset, { backend, threads, samples }) {
    // Distances are between features of a classifier, which unlabelled images do not have.
    if (!dataset.labelNames) return [];
    const options = { backend, ...(threads ? { threads } : {}) };
    const sampler = await createImageSampler(subject.model, subject, options);
    const { id, test } = dataset;
    const labels = subject.model.classes ? labelsLike(test, id, samples) : undefined;
    const images = await sampler.draw(subject, SEED, samples, labels);
    await sampler.release();
    const { judge, real } = await openJudge(dataset, options);
    const { frechet: ofReal, words } = await real();
    const { frechet, shares } = await judge(images);
    const protocols = judgeProtocols(samples, test.count);
    const common = { split: `test, ${test.count} images` };
    const drawn = `; ${samples} images of the seed '${SEED}'${labels ? ', with the labels of the test images' : ''}`;
    return [
      {
        ...common,
        name: 'frechet',
        value: frechet,
        unit: 'squared features',
        protocol: protocols.frechet + drawn,
      },
      {
        ...common,
        name: 'frechet-real-images',
        value: ofReal,
        unit: 'squared features',
        protocol: `the same distance, of all ${words} in the place of generated ones`,
      },
      ...Object.entries(shares).map(
        ([name, share]): Figure => ({
          ...common,
          name: name.replaceAll(' ', '-'),
          ...percent(share),
          unit: '% of images',
          protocol: protocols[name as keyof typeof shares] + drawn,
        }),
      ),
    ];
  },
};
