// How well the models that ship tell what they were trained on from other pictures.
import type { Quantity } from '../../../figures/numbers.ts';
import { latentSize } from '../../../models/latent.ts';
import { nameOf } from '../../../models/model-id.ts';
import { CORRUPTION_WORDS, CORRUPTIONS, corrupt } from '../../data/corruptions.ts';
import { type Images, pixelMeans } from '../../data/data-set.ts';
import type { DataSetId } from '../../data/registry.ts';
import { findPackage, openBound } from '../../evaluate/package.ts';
import type { CellResult, Context, Measured } from '../experiment.ts';
import { alarms, allScores, areas, SCORES, type Scorer } from './scores.ts';

/** Sets of the same size and colour: each is an outlier to the models of the others. */
const SETS: DataSetId[] = ['mnist', 'fashion-mnist', 'glyphs'];
const RATES = [0.01, 0.05];

type Split = 'validation' | 'test';

export async function shippedCell(name: string, context: Context): Promise<CellResult> {
  const began = performance.now();
  const folder = findPackage(name);
  if (!folder) throw new Error(`anomaly: there is no package ${name} in models/`);
  const { card, subject } = openBound(folder);
  if (!card.anomaly) throw new Error(`anomaly: ${folder} has no anomaly scores; npm run export -- ${name}`);
  const validation = Number(card.training.settings.validation);
  const own = await context.load(card.dataset.id as DataSetId, validation);
  const scorer: Scorer = { subject, calibration: card.anomaly, pixelMeans: pixelMeans(own.train) };

  /** Areas of every score for every kind of outlier, and the shares that the verdict calls unusual. */
  const measure = async (split: Split) => {
    const usual = own[split];
    const scores = await allScores(scorer, usual, context);
    const found: Record<string, Measured> = {};
    const areasFound: Record<string, Quantity> = {};
    const shares = (outliers: string, of: typeof scores) => {
      for (const rate of RATES)
        found[`${outliers}, alarms at ${rate}`] = alarms(of, scorer.calibration, rate);
    };
    shares('usual', scores);
    const against = async (outliers: string, images: Images) => {
      const strange = await allScores(scorer, images, context);
      const told = areas(outliers, scores, strange);
      Object.assign(found, told);
      Object.assign(areasFound, told);
      shares(outliers, strange);
      context.log(`${split}, ${outliers}: verdict ${told[`${outliers}, verdict`]!.value.toFixed(4)}`);
    };
    for (const id of SETS.filter((set) => set !== card.dataset.id))
      await against(id, (await context.load(id, validation))[split]);
    for (const [kind, corruption] of Object.entries(CORRUPTIONS))
      await against(kind, corrupt(usual, corruption));
    return { found, areasFound, count: usual.count };
  };
  const held = await measure('validation');
  const { found: values, count } = await measure('test');
  for (const score of Object.keys(SCORES)) {
    const kinds = Object.entries(held.areasFound).filter(([key]) => key.endsWith(`, ${score}`));
    const sum = kinds.reduce((total, [, { value }]) => total + value, 0);
    values[`validation mean, ${score}`] = { value: sum / kinds.length };
  }
  const { epochs, seed } = card.training;
  return {
    values,
    unit: 'area under the ROC curve; alarms: images called unusual',
    protocol:
      `${nameOf(card)}, usual: all ${count} test images, grey; outliers: made of each of ` +
      `these images (${Object.values(CORRUPTION_WORDS).join('; ')}) or all test images of the other sets; scores: ` +
      `${Object.entries(SCORES)
        .map(([score, words]) => `${score} = ${words}`)
        .join('; ')}; standard errors of areas by DeLong et al. (1988); thresholds and percentiles ` +
      `from the card (${card.anomaly.split}); the mean over kinds is given for the ${held.count} validation images ` +
      'as well, which no parameter was fitted to',
    settings: { latent: latentSize(card.latent), weights: card.weights },
    seed: String(seed),
    data: { set: own.title, variant: 'grey', train: own.train.count, test: count },
    // What the package was trained on: this cell trains nothing.
    samples: epochs! * own.train.count,
    wallSeconds: (performance.now() - began) / 1000,
  };
}
