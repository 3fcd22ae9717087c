// Whether the directions of faces-vae@1 do to faces what they are called: a classifier that learnt on real faces says
// what it sees in the reconstruction of a held-out face, and in the same face moved along a direction.
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createStream } from '../../../core/sampling/stream.ts';
import { formatShare } from '../../../figures/numbers.ts';
import type { ModelCard } from '../../../models/card.ts';
import { type Images, selectImages } from '../../data/data-set.ts';
import { accuracy, trainClassifier } from '../../evaluate/classify/train-classifier.ts';
import { findPackage, openDensity } from '../../evaluate/package.ts';
import { createClassifier } from '../../models/classifier.ts';
import { readCheckpoint, writeCheckpoint } from '../../runner/checkpoint.ts';
import type { CellResult, Context, Measured, Program } from '../experiment.ts';
import { editSheet } from './edit-sheet.ts';
import { judge } from './judge-edits.ts';

const PACKAGE = 'faces-vae@1';
const VALIDATION = 3486;
const CLASSIFIER = { channels: [24, 48, 96], dense: 128, dropout: 0.5 };
const TRAINING = {
  epochs: 16,
  batchSize: 100,
  learningRate: 2e-3,
  weightDecay: 0.02,
  mirror: true,
  seed: '1',
};
/** Further away faces fall apart. */
const STRENGTHS = [1, 1.5, 2, 2.5, 3, 4];
/** The strength of an edit is the least that reaches this share of what the best one does to validation faces. */
const NEARLY_ALL = 0.9;

/** Faces of the class `from`, moved by strength × the sum of weighted directions so that they become `to`. */
type Edit = { from: string; to: string; along: Record<string, number> };

const EDITS: Edit[] = [
  { from: 'neutral', to: 'happiness', along: { smile: 1 } },
  { from: 'neutral', to: 'surprise', along: { surprise: 1 } },
  { from: 'neutral', to: 'sadness', along: { sadness: 1 } },
  { from: 'neutral', to: 'anger', along: { anger: 1 } },
  { from: 'happiness', to: 'sadness', along: { smile: -1, sadness: 1 } },
  { from: 'happiness', to: 'neutral', along: { smile: -1 } },
  { from: 'sadness', to: 'happiness', along: { sadness: -1, smile: 1 } },
];

/** Labels whose test faces are looked at as they are drawn again: no edit can be seen better than these. */
const LABELS = ['neutral', 'happiness', 'surprise', 'sadness', 'anger'];

/** The step of strength 1. @throws Error naming a direction that the card lacks. */
function vectorOf({ directions = [], id, version }: ModelCard, along: Edit['along']): number[] {
  const parts = Object.entries(along).map(([name, weight]) => {
    const found = directions.find((direction) => direction.name === name);
    if (!found) throw new Error(`face-edits: ${id}@${version} has no direction '${name}'`);
    return found.vector.map((value) => weight * value);
  });
  return parts[0]!.map((_, j) => parts.reduce((sum, part) => sum + part[j]!, 0));
}

/** A vector of the same length in a direction that means nothing. */
function anyVector(vector: readonly number[], seed: string): number[] {
  const stream = createStream(TRAINING.seed, seed);
  const drawn = vector.map(() => stream.normal());
  const scale = Math.hypot(...vector) / Math.hypot(...drawn);
  return drawn.map((value) => value * scale);
}

const clearOf = (images: Images, label?: number): Images =>
  selectImages(images, (i) => images.clear![i] === 1 && (label === undefined || images.labels![i] === label));

async function cell(context: Context): Promise<CellResult> {
  const began = performance.now();
  const { backend, threads, log } = context;
  const options = { backend, threads };
  const dataset = await context.load('fer', VALIDATION);
  const names = dataset.labelNames!;
  const [train, validation, test] = [dataset.train, dataset.validation, dataset.test].map((set) =>
    clearOf(set),
  );
  const { width, height, channels } = dataset.train;
  const image = { width, height, channels };
  const classifier = createClassifier({ image, classes: names.length, ...CLASSIFIER });
  const checkpoint = join(context.folder, 'classifier.safetensors');
  if (!existsSync(checkpoint)) {
    const best = await trainClassifier(classifier, train!, validation!, TRAINING, { ...options, log });
    mkdirSync(context.folder, { recursive: true });
    writeCheckpoint(checkpoint, { ...best, optimiser: {} }, { epoch: best.epoch, step: 0, best: best.share });
  }
  const { weights, progress } = readCheckpoint(checkpoint);
  const right = await accuracy(classifier, weights, test!, options);
  const folder = findPackage(PACKAGE);
  if (!folder) throw new Error(`face-edits: there is no package ${PACKAGE} in models/`);
  const { card, subject } = openDensity(folder);
  const judging = { classifier, weights, vae: subject.model, options };

  const values: Record<string, Measured> = {
    'classifier right': right,
  };
  const settings: CellResult['settings'] = { ...CLASSIFIER, ...TRAINING, bestEpoch: progress.epoch };
  for (const label of LABELS) {
    const { known, faces } = await judge(
      judging,
      clearOf(test!, names.indexOf(label)),
      [names.indexOf(label), 0],
      [],
    );
    values[`${label}: known when drawn again`] = { count: known, of: faces };
  }
  const steps: number[][] = [];
  for (const { from, to, along } of EDITS) {
    const name = `${from} to ${to}`;
    const pair = [names.indexOf(from), names.indexOf(to)] as const;
    const vector = vectorOf(card, along);
    const by = (strength: number, step: readonly number[]) => step.map((value) => strength * value);
    const tried = await judge(
      judging,
      clearOf(validation!, pair[0]),
      pair,
      STRENGTHS.map((s) => by(s, vector)),
    );
    const rates = tried.moves.map(({ rate }) => (100 * rate.count) / rate.of);
    const strength = STRENGTHS[rates.findIndex((rate) => rate >= NEARLY_ALL * Math.max(...rates))]!;
    const found = await judge(judging, clearOf(test!, pair[0]), pair, [
      by(strength, vector),
      by(strength, anyVector(vector, name)),
    ]);
    const [moved, control] = found.moves;
    steps.push(by(strength, vector));
    settings[`${name}: strength`] = strength;
    settings[`${name}: validation rates`] = rates.map((rate) => Math.round(10 * rate) / 10);
    settings[`${name}: test faces, known`] = [found.faces, found.known];
    values[`${name}: rate`] = moved!.rate;
    values[`${name}: gain`] = moved!.gain;
    values[`${name}: rate, any direction`] = control!.rate;
    log(
      `${name}, strength ${strength}: ${formatShare(moved!.rate)}, any direction ${formatShare(control!.rate)}`,
    );
  }
  return {
    values,
    picture: await editSheet(subject.model, steps, options),
    unit: 'faces, and percentage points of probability',
    protocol:
      `${PACKAGE}; a convolutional classifier learns from the clear training faces (6 of 10 votes), its epoch is chosen ` +
      `by validation faces; "right": share of clear test faces. Edits start at the posterior mean of clear test faces ` +
      `of the first class. "rate": of those whose reconstruction is called that class, the share that is called the ` +
      `second one after the edit; "gain": mean rise of its probability from reconstruction to edit, over all of them; ` +
      `"any direction": a random vector of the same length. Strengths: the least of ${STRENGTHS.join(', ')} that ` +
      `reaches ${NEARLY_ALL} of the best rate on validation faces. "known when drawn again": share of clear test faces ` +
      `of a class whose reconstruction is called so. Picture: faces of seeds, as they are, then every edit at its strength`,
    settings,
    seed: TRAINING.seed,
    data: { set: dataset.title, variant: 'grey', train: train!.count, test: test!.count },
    samples: TRAINING.epochs * train!.count,
    wallSeconds: (performance.now() - began) / 1000,
  };
}

/** Training samples of a finished cell. */
export const samples = 1;

export const cells: Program['cells'] = { expressions: cell };
