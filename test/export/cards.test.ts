// What the cards that ship claim, against the recipes and the files beside them.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LEVELS } from '../../core/anomaly/quantiles.ts';
import { readCards } from '../../export/publish.ts';
import { isAble } from '../../models/able.ts';
import { isDiscreteVae, isGaussianVae } from '../../models/card.ts';
import { modelCardSchema } from '../../models/card-schema.ts';
import { FIDELITY_FIGURES } from '../../train/evaluate/fidelity/measure.ts';
import { parseArguments } from '../../train/io/arguments.ts';
import { recipeNamed } from '../../train/recipes/recipes.ts';
import { resolveRecipe } from '../../train/recipes/resolve.ts';

const cards = (await readCards('models')).map((card) => [`${card.id}@${card.version}`, card] as const);

/** The words of `npm run <script> -- …` in a command line, the first of them or another. */
const wordsOf = (command: string, script: string, which = 0) => {
  const [, words] = [...command.matchAll(new RegExp(`npm run ${script} -- ([^&]+)`, 'g'))].at(which)!;
  return parseArguments(words!.trim().split(' '), []);
};

/** What a figure of `images` of the test images says, where one of all says `all`. */
const partOf = (all: string, images: string | number): string =>
  all === `test, ${images} images` ? all : `test, ${images} images drawn by chance, seed 'test-subset'`;

test.each(cards)('%s: its command leads to its settings and its figures', (_, card) => {
  const { id, training, metrics } = card;
  // Trainings that it went on from come before its own.
  const train = wordsOf(training.command, 'train', -1);
  const settings = resolveRecipe(recipeNamed(train.positional[0]!), train.options);
  // Cards made before a setting was there lack it; all that they state must be what the command leads to.
  const shared = Object.keys(settings).filter((name) => name in training.settings);
  expect(shared.length).toBeGreaterThan(15);
  for (const name of shared) expect(`${name}=${settings[name]}`).toBe(`${name}=${training.settings[name]}`);
  const { samples, images } = wordsOf(training.command, 'evaluate', -1).options;
  const nll = metrics.find(({ name }) => name === 'nll');
  expect(nll !== undefined).toBe(isGaussianVae(card) || isDiscreteVae(card));
  if (nll) expect(nll.protocol).toMatch(new RegExp(`with ${samples} (posterior|discrete) samples`));
  // The ELBO is of all.
  const all = metrics.find(({ name }) => name === 'elbo')?.split;
  if (nll) expect(nll.split).toBe(partOf(all!, images!));
  expect(wordsOf(training.command, 'export').options.id).toBe(id);
});

test.each(cards)('%s: its files are the ones it describes', (name, { files, graphs, encoded }) => {
  const described = [
    ...Object.values(graphs).map(({ file }) => file),
    'preview.png',
    ...(encoded ? [encoded.file] : []),
  ];
  expect(files.map((file) => file.name).toSorted()).toEqual(described.toSorted());
  for (const file of files) {
    const bytes = readFileSync(join('models', name, file.name));
    expect([bytes.length, createHash('sha256').update(bytes).digest('hex')]).toEqual([
      file.bytes,
      file.sha256,
    ]);
  }
});

test.each(cards.filter(([, card]) => isAble(card, 'anomaly')))(
  '%s: its anomaly scores are of images that it was not fitted to, and its false alarms are stated',
  (_, { anomaly, dataset, likelihood }) => {
    const { images, split, levels, estimator, falseAlarms } = anomaly!;
    expect([split, levels]).toEqual([`validation, first ${images} images`, LEVELS]);
    expect(images).toBeGreaterThanOrEqual(dataset.id === 'frey-face' ? 105 : 2000);
    expect(falseAlarms.split).toMatch(
      new RegExp(`^test, ${falseAlarms.images} images( drawn by chance, seed 'test-subset')?$`),
    );
    expect(falseAlarms.reached.map(({ rate }) => rate)).toEqual([0.01, 0.05]);
    for (const { share, interval } of falseAlarms.reached) {
      expect(share).toBeGreaterThanOrEqual(interval[0]);
      expect(share).toBeLessThanOrEqual(interval[1]);
    }
    const notOfData = estimator.includes('not a likelihood of the data');
    expect(notOfData).toBe(dataset.variant === 'grey' && likelihood === 'bernoulli');
  },
);

const judging = cards.find(([, card]) => isAble(card, 'anomaly'))![1];
// Three times what was asked for is 3 %.
const alarming = {
  split: 'test, 100 images',
  images: 100,
  reached: [{ rate: 0.01, share: 0.04, interval: [0.01, 0.1] }],
};
test.each([
  ['the section', { anomaly: undefined }],
  ['the capability', { capabilities: ['generate'] }],
  ['a level', { anomaly: { ...judging.anomaly!, levels: [0, 1] } }],
  ['few false alarms', { anomaly: { ...judging.anomaly!, falseAlarms: alarming } }],
])('a card without %s is refused', (_, change) => {
  expect(modelCardSchema.safeParse({ ...judging, ...change }).success).toBe(false);
});

test('mnist-vae is as good as was asked: at most 87.0 nats, 5000 samples, the whole test set', () => {
  const { metrics } = cards.find(([name]) => name === 'mnist-vae@1')![1];
  const nll = metrics.find(({ name }) => name === 'nll')!;
  expect(nll.value).toBeLessThanOrEqual(87);
  expect([nll.split, nll.protocol.includes('with 5000 posterior samples')]).toEqual([
    'test, 10000 images',
    true,
  ]);
});

test('figures of what a model draws are known by name: a version that draws otherwise leaves them out', () => {
  const [, { metrics }] = cards.find(([name]) => name === 'mnist-cgan@1')!;
  // Besides them it has the effect of its directions, which is of pairs of pictures.
  const drawn = metrics.map(({ name }) => name).filter((name) => !name.startsWith('edit-'));
  expect(drawn.toSorted()).toEqual([...FIDELITY_FIGURES].toSorted());
});

test('who was taught by a critic does not say that training maximised the likelihood of its scores', () => {
  const said = cards.flatMap(([name, { family, anomaly, dataset }]) =>
    anomaly && dataset.variant === 'grey' && !anomaly.estimator.includes('densities')
      ? [[name, family === 'gan', anomaly.estimator.includes('as in training')] as const]
      : [],
  );
  expect(said.filter(([, critic]) => critic).map(([name]) => name)).toContain('mnist-bigan@1');
  for (const [name, critic, claims] of said) expect([name, claims]).toEqual([name, !critic]);
});
