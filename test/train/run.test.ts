// Recipes, checkpoints, and a run that stops and goes on.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import '@tensorflow/tfjs-backend-cpu';
import { scalar, tensor } from '@tensorflow/tfjs-core';
import { afterAll, expect, test } from 'vitest';
import { createStream } from '../../core/sampling/stream.ts';
import type { DataSet, Images } from '../../train/data/data-set.ts';
import { drawDigit } from '../../train/data/glyphs.ts';
import { buildOptimiser, OPTIMISATION } from '../../train/families/settings.ts';
import { parseArguments, requireKnown, wholeNumber } from '../../train/io/arguments.ts';
import { readSafetensors, writeSafetensors } from '../../train/io/safetensors.ts';
import type { HostTensors } from '../../train/model.ts';
import { recipeNamed } from '../../train/recipes/recipes.ts';
import { resolveRecipe } from '../../train/recipes/resolve.ts';
import { chooseRun } from '../../train/run/choose-run.ts';
import { openRun } from '../../train/run/open-run.ts';
import { readReport } from '../../train/run/report.ts';
import { createRun } from '../../train/run/run-folder.ts';
import { reportRun, trainRun } from '../../train/run/session.ts';
import type { Backend } from '../../train/runner/backends.ts';
import { readCheckpoint } from '../../train/runner/checkpoint.ts';

const root = mkdtempSync(join(tmpdir(), 'dreamlet-test-'));
afterAll(() => rmSync(root, { recursive: true }));

const glyphs = (split: string, count: number): Images => {
  const pixels = new Uint8Array(count * 784);
  for (let i = 0; i < count; i++) pixels.set(drawDigit(i % 10, createStream('test', split, i)), i * 784);
  return { count, width: 28, height: 28, channels: 1, pixels };
};
const dataset: DataSet = {
  id: 'glyphs',
  title: 'glyphs',
  terms: 'MIT',
  train: glyphs('train', 60),
  validation: glyphs('validation', 20),
  test: glyphs('test', 100),
};
const settings = resolveRecipe(recipeNamed('glyphs-vae'), {
  hidden: '12',
  latent: '3',
  batchSize: '20',
  epochs: '3',
  klWarmupEpochs: '1',
  tightenEpochs: '1',
  tightenSamples: '2',
  variant: 'dynamic',
  selectSamples: '2',
  evaluateSamples: '4',
  evaluateImages: '100',
});

async function runIn(
  name: string,
  options: { stopAfter?: number; backend?: Backend; change?: object } = {},
): Promise<string> {
  const { stopAfter, backend = 'cpu', change = {} } = options;
  const folder = join(root, name);
  const image = { width: 28, height: 28, channels: 1 as const };
  const { id, title, terms } = dataset;
  try {
    createRun(folder, {
      recipe: 'glyphs-vae',
      settings: { ...settings, ...change },
      backend,
      image,
      dataset: { id, title, terms, images: 60 },
    });
  } catch (error) {
    if (!(error as Error).message.includes('--resume')) throw error;
  }
  let epochs = 0;
  const display = { step: () => {}, line: () => {} };
  const progress = await trainRun(folder, dataset, {
    backend,
    threads: 1,
    display,
    shouldStop: () => ++epochs === stopAfter,
  });
  if (progress.epoch === settings.epochs) await reportRun(folder, dataset, { backend, threads: 1 });
  return folder;
}

test('a run that stopped goes on to the same bits', async () => {
  const whole = await runIn('whole');
  const parts = await runIn('parts', { stopAfter: 1 });
  expect(() => openRun(parts, { finished: true })).toThrow(/stopped after epoch 1 of 3; finish it with/);
  await runIn('parts', { stopAfter: 1 });
  await runIn('parts');
  for (const file of ['last.safetensors', 'best.safetensors'])
    expect(readFileSync(join(parts, file)).equals(readFileSync(join(whole, file))), file).toBe(true);
  const lines = readFileSync(join(parts, 'metrics.jsonl'), 'utf8').trim().split('\n');
  const epochs = lines.map((line) => JSON.parse(line));
  expect(epochs.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
  // The last step of each epoch of three: the KL weight rises over the first, the learning rate falls all the way.
  const rate = (done: number) => 1e-5 + 0.5 * 0.99e-3 * (1 + Math.cos((Math.PI * done) / 3));
  expect(epochs.map(({ schedule }) => schedule)).toEqual(
    [2 / 3, 5 / 3, 8 / 3].map((done) => ({
      learningRate: expect.closeTo(rate(done), 9),
      klWeight: expect.closeTo(Math.min(1, done), 9),
    })),
  );
  // Estimator B descends −ELBO itself; in the last epoch the loss is a tighter bound than the ELBO beside it.
  expect(epochs[1].train.loss + epochs[1].train.elbo).toBeCloseTo(0, 3);
  expect(epochs[2].train.loss + epochs[2].train.elbo).toBeLessThan(-0.01);
  for (const { validation } of epochs)
    expect(validation.elbo).toBeCloseTo(validation.reconstruction - validation.kl, 6);
  const { best } = openRun(whole, { finished: true });
  const report = readReport(whole);
  expect(report).toMatchObject({ epoch: best.epoch, weights: 'float32' });
  expect(report!.figures.map(({ name }) => name)).toEqual([
    'nll',
    'elbo',
    'reconstruction',
    'kl',
    'active-units',
  ]);
  writeFileSync(join(parts, 'report.json'), '{"weights":"float32"}');
  expect(() => readReport(parts)).toThrow(
    /report\.json: no figures, samples or images; make it again with: npm run evaluate -- /,
  );
  writeFileSync(join(parts, 'recipe.json'), '{"recipe":');
  expect(() => openRun(parts)).toThrow(/parts\/recipe\.json: .*: truncated or damaged$/);
  for (const sheet of ['samples/epoch-003.png', 'reconstructions/epoch-003.png', 'interpolation.png'])
    expect(readFileSync(join(whole, sheet)).subarray(1, 4).toString()).toBe('PNG');
}, 60_000);

test('the compiled step and the eager one reach the same parameters', async () => {
  const [compiled, eager] = [
    await runIn('compiled', { stopAfter: 1 }),
    await runIn('eager', { stopAfter: 1, backend: 'tfjs-cpu' }),
  ];
  const a = readCheckpoint(join(compiled, 'last.safetensors')).weights.params;
  const b = readCheckpoint(join(eager, 'last.safetensors')).weights.params;
  let worst = 0;
  for (const [name, { data }] of Object.entries(a))
    data.forEach((value, i) => {
      worst = Math.max(worst, Math.abs(value - b[name]!.data[i]!));
    });
  expect(worst).toBeGreaterThan(0);
  expect(worst).toBeLessThan(1e-5);
}, 60_000);

test('a run that diverges says where, and keeps its last good checkpoint', async () => {
  await expect(
    runIn('diverged', {
      change: { learningRate: 10, likelihood: 'gaussian', optimiser: 'sgd', tightenEpochs: 0 },
    }),
  ).rejects.toThrow(
    /^training diverged: \S+ is (NaN|-?Infinity) at step \d+ \(epoch \d\); (the last good checkpoint is|no epoch was finished)/,
  );
});

test.each([
  [{ latnt: '3' }, '--latnt is not a setting of the family vae; did you mean --latent?'],
  [{ zzz: '3' }, /^--zzz is not a setting of the family vae; its settings are dataset, size,/],
  [{ latent: '0' }, '--latent=0 is not allowed; give a whole number from 1 to 1024'],
  [{ latent: '1.5' }, '--latent=1.5 is not allowed'],
  [{ optimiser: 'lion' }, '--optimiser=lion is not allowed; give adam, adamw, adagrad, sgd'],
  [{ optimiser: 'sgd', momentum: '1' }, '--momentum=1 is not allowed; give a number from 0 to 0.9999'],
  [{ activation: 'swish' }, '--activation=swish is not allowed; give tanh, relu, leaky-relu, elu'],
  [{ hidden: '5,x' }, '--hidden=5,x is not allowed'],
  [{ tightenEpochs: '500' }, '--tightenEpochs=500 exceeds the 160 epochs of the run'],
])('overriding with %j is refused', (overrides, message) => {
  expect(() => resolveRecipe(recipeNamed('mnist-vae'), overrides as Record<string, string>)).toThrow(message);
});

test('what a command line may not say is named', () => {
  expect(() => requireKnown(['a', 'b'], {}, 1, [])).toThrow("'b' is one word too many; see --help");
  expect(() => requireKnown([], { sample: '3' }, 1, ['samples', 'images'])).toThrow(
    '--sample is not an option; did you mean --samples?',
  );
  expect(() => requireKnown([], { x: '3' }, 1, ['samples', 'images'])).toThrow(
    '--x is not an option; the options are --samples, --images',
  );
  expect(parseArguments(['a', '-h', '--n', '-1'], [])).toEqual({
    positional: ['a'],
    options: { help: 'true', n: '-1' },
  });
  expect(() => parseArguments(['-epochs=3'], [])).toThrow("'-epochs=3' must begin with two hyphens");
  for (const text of ['0', '1.5', 'two', '-1', ''])
    expect(() => wholeNumber('threads', text)).toThrow(
      `--threads=${text} must be a whole number of at least 1`,
    );
  const choose = (recipe: string, name: string) =>
    chooseRun(recipe, { name, resume: false, dryRun: false }, {});
  expect(() => choose('nothing', 'a')).toThrow(
    "there is no recipe 'nothing'; the recipes are quick, pictures, mnist-vae",
  );
  expect(() => choose('mnist-vaee', 'a')).toThrow(
    "there is no recipe 'mnist-vaee'; did you mean mnist-vae? the recipes are quick",
  );
  expect(() => choose('quick', '../away')).toThrow('--name=../away is not allowed');
  expect(choose('quick', 'a.b_c-1').folder).toBe(join('runs', 'a.b_c-1'));
});

test('every optimiser of the settings moves a parameter in its own way', async () => {
  const moved: Record<string, number[]> = {};
  for (const optimiser of OPTIMISATION.optimiser.options) {
    const chosen = { optimiser, map: false, learningRate: 0.1, finalLearningRate: 0 };
    const { update, init } = buildOptimiser({ ...chosen, weightDecay: 0.5, momentum: 0.5 }, 60);
    const toTensors = (host: HostTensors) =>
      Object.fromEntries(Object.entries(host).map(([name, { shape, data }]) => [name, tensor(data, shape)]));
    const start = { w: { shape: [1], data: Float32Array.of(1) } };
    let [w, slots] = [toTensors(start), toTensors(init(start))];
    moved[optimiser] = [0.5, 0.25].map((g) => {
      ({ params: w, state: slots } = update(w, { w: tensor([g]) }, slots, scalar(0.1), {}));
      return Number(w.w!.dataSync()[0]!.toFixed(4));
    });
  }
  // All but sgd take a whole first step; the second one tells adam, which forgets, from adagrad, which does not.
  expect(moved).toEqual({
    adam: [0.9, 0.8068],
    adamw: [0.85, 0.7143],
    adagrad: [0.9, 0.8553],
    sgd: [0.95, 0.9],
  });
});

test('safetensors come back, and damaged ones are named', () => {
  const path = join(root, 'é.safetensors');
  const tensors = {
    'params/é': { shape: [2, 1], data: Float32Array.of(1.5, -2) },
    s: { shape: [], data: Float32Array.of(7) },
  };
  writeSafetensors(path, tensors, { epoch: '3' });
  expect(readSafetensors(path)).toEqual({ tensors, metadata: { epoch: '3' } });
  const bytes = readFileSync(path);
  expect(Number(bytes.readBigUInt64LE()) % 8).toBe(0);
  const flipped = Buffer.from(bytes);
  flipped[bytes.length - 2]! ^= 1;
  writeFileSync(path, flipped);
  expect(() => readSafetensors(path)).toThrow(/the data have SHA-256 .*: truncated or damaged checkpoint$/);
  for (const length of [4, 20, bytes.length - 1]) {
    writeFileSync(path, bytes.subarray(0, length));
    expect(() => readSafetensors(path), `${length} bytes`).toThrow(/: truncated or damaged checkpoint$/);
  }
});
