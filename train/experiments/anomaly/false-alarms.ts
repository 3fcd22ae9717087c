// How often a model that ships calls images of its own data set unusual: the verdict is worth no more than this.
import { sliceImages } from '../../data/data-set.ts';
import type { DataSetId } from '../../data/registry.ts';
import { scoreImages } from '../../evaluate/anomaly/anomaly.ts';
import { findPackage, openDensity } from '../../evaluate/package.ts';
import type { CellResult, Context } from '../experiment.ts';
import { alarms, RATES } from './scores.ts';

/** Images of a split, at most. */
const MOST_IMAGES = 10_000;

export async function falseAlarmsCell(name: string, context: Context): Promise<CellResult> {
  const began = performance.now();
  const folder = findPackage(name);
  if (!folder) throw new Error(`anomaly: there is no package ${name} in models/`);
  const { card, subject } = openDensity(folder);
  const { anomaly, training } = card;
  if (!anomaly) throw new Error(`anomaly: ${folder} has no anomaly scores; npm run export -- ${name}`);
  const own = await context.load(card.dataset.id as DataSetId, Number(training.settings.validation));
  const values: CellResult['values'] = {};
  for (const split of ['validation', 'test'] as const) {
    const images = sliceImages(own[split], 0, Math.min(MOST_IMAGES, own[split].count));
    const terms = await scoreImages(subject, images, context);
    const [score, excess] = (['score', 'excess'] as const).map((of) =>
      Float64Array.from(terms, (term) => term[of]),
    ) as [Float64Array, Float64Array];
    for (const rate of RATES)
      values[`${split === 'test' ? 'usual' : split}, alarms at ${rate}`] = alarms(
        { score, excess },
        anomaly,
        rate,
      );
    context.log(`${split} done`);
  }
  return {
    values,
    unit: 'images called unusual',
    protocol:
      `${name}: validation images, and the first test images as “usual”, grey, called unusual by the verdict of ` +
      `POST /anomaly at a rate of false alarms; thresholds from the card (${anomaly.split})`,
    settings: { latent: card.latent.dimensions, weights: card.weights },
    seed: String(training.seed),
    data: {
      set: own.title,
      variant: 'grey',
      train: own.train.count,
      test: Math.min(MOST_IMAGES, own.test.count),
    },
    // What the package was trained on: this cell trains nothing.
    samples: training.epochs! * own.train.count,
    wallSeconds: (performance.now() - began) / 1000,
  };
}
