// From a run to a package, served: in a temporary folder.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mul } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodePng } from '../../core/image/decode-png.ts';
import { createStream } from '../../core/sampling/stream.ts';
import { commandOf, epochsBefore } from '../../export/command.ts';
import { type ExportOptions, exportRun } from '../../export/package.ts';
import { publishModels } from '../../export/publish.ts';
import { classesOf } from '../../models/card.ts';
import type { Images } from '../../train/data/data-set.ts';
import { drawDigit } from '../../train/data/glyphs.ts';
import { findPackage, openPackage } from '../../train/evaluate/package.ts';
import { evaluateModel } from '../../train/evaluate/report.ts';
import type { Subject } from '../../train/evaluate/subject.ts';
import { recipeNamed } from '../../train/recipes/recipes.ts';
import type { Stated } from '../../train/recipes/resolve.ts';
import { resolveRecipe } from '../../train/recipes/resolve.ts';
import { openRun } from '../../train/run/open-run.ts';
import { createRun } from '../../train/run/run-folder.ts';
import { BEST, writeCheckpoint } from '../../train/runner/checkpoint.ts';
import { createApp } from '../../worker/app.ts';
import { createNodeApp, createNodeEngine } from '../../worker/node.ts';
import { image, ROWS, TWO_LAYERS, untrained } from './untrained.ts';

const root = mkdtempSync(join(tmpdir(), 'dreamlet-export-'));
afterAll(() => rmSync(root, { recursive: true }));

const options: ExportOptions = {
  out: join(root, 'models'),
  id: 'probe',
  title: 'Probe',
  description: 'For tests.',
  weights: 'float32',
};
const KINDS: [string, Record<string, string>, Stated?][] = [
  ['one layer', { variant: 'dynamic' }],
  ['labels', { variant: 'dynamic', classes: '10' }],
  ['two stochastic layers', {}, TWO_LAYERS],
  ['two layers of Gaussian pixels', { variant: 'grey', likelihood: 'gaussian' }, TWO_LAYERS],
  ['rows', {}, ROWS],
  ['Gaussian pixels', { variant: 'grey', likelihood: 'gaussian' }],
  ['Gaussian pixels of one variance', { variant: 'grey', likelihood: 'gaussian', sharedVariance: 'true' }],
  ['continuous-Bernoulli pixels', { variant: 'grey', likelihood: 'continuous-bernoulli' }],
];
const idOf = (name: string) => name.toLowerCase().replaceAll(' ', '-');

let first: Awaited<ReturnType<typeof exportRun>>;
beforeAll(async () => {
  first = await exportRun(untrained({}), options);
});

test('a package holds everything, proved and hashed', () => {
  expect(readdirSync(first.folder).toSorted()).toEqual([
    'decoder.onnx',
    'encoder.onnx',
    'model.json',
    'preview.png',
  ]);
  const { card } = first;
  const decoder = card.graphs.decoder!;
  expect([card.id, card.version, card.latent]).toEqual(['probe', 1, { prior: 'gaussian', dimensions: 3 }]);
  expect(card.parity.maxAbsDifference).toBeLessThan(1e-4);
  expect(decoder.parameters).toBe(3 * 16 + 16 + 16 * 784 + 784);
  // Two products, and at most a handful of operations for each element besides.
  expect(decoder.flopsPerImage).toBeGreaterThan(2 * (3 * 16 + 16 * 784));
  expect(decoder.flopsPerImage).toBeLessThan(2 * (3 * 16 + 16 * 784) + 5 * 800);
  for (const { name, bytes } of card.files) expect(readFileSync(join(first.folder, name)).length).toBe(bytes);
});

test('the same model is the same version, another one the next; nothing half-written stays', async () => {
  expect((await exportRun(untrained({}), options)).created).toBe(false);
  const second = await exportRun(untrained({}, 2), options);
  expect([second.created, second.card.version]).toEqual([true, 2]);
  expect(readdirSync(options.out).toSorted()).toEqual(['probe@1', 'probe@2']);
});

test.each([
  ['float16 weights', {}, 'float16'],
  ['a conditional model', { classes: '10' }, 'float32'],
  [
    'a convolutional Gaussian model',
    { network: 'conv', channels: '4,6', dense: '8', batchNorm: 'true', likelihood: 'gaussian' },
    'float32',
  ],
] as const)('%s export with parity', async (_, overrides, weights) => {
  const run = untrained(overrides as Record<string, string>, 3);
  const { card } = await exportRun(
    { ...run, report: { ...run.report!, weights } },
    { ...options, id: `probe-${weights}`, weights },
  );
  expect(card.parity.maxAbsDifference).toBeLessThan(1e-4);
});

test('what cannot be exported says why', async () => {
  const run = untrained({});
  await expect(exportRun(run, { ...options, id: 'My Model' })).rejects.toThrow(
    '--id=My Model is not allowed',
  );
  await expect(exportRun({ ...run, report: undefined }, options)).rejects.toThrow(
    'no report.json; make it with: npm run evaluate',
  );
  await expect(exportRun(run, { ...options, weights: 'float16' })).rejects.toThrow(
    /report\.json is of epoch 2 with float32 weights/,
  );
  const decoder = run.model.graphs.decoder!;
  const broken: typeof run = {
    ...run,
    model: {
      ...run.model,
      graphs: {
        decoder: { ...decoder, run: (...args) => ({ mean: mul(decoder.run(...args).mean!, Number.NaN) }) },
      },
    },
  };
  await expect(exportRun(broken, { ...options, id: 'broken' })).rejects.toThrow(/^parity: /);
  expect(readdirSync(options.out)).not.toContain('broken@1');
  expect(() => openRun(root)).toThrow('is not a run: it has no recipe.json');
});

test.each(KINDS)('a package with %s has the figures of its run', async (name, overrides, stated) => {
  const labels = Uint8Array.from({ length: 100 }, (_, i) => i % 10);
  const digits: Images = { ...image, count: 100, pixels: new Uint8Array(78_400), labels };
  for (let i = 0; i < 100; i++) digits.pixels.set(drawDigit(i % 10, createStream('test', i)), i * 784);
  const dataset = { id: 'x', title: 'x', terms: 'x', train: digits, validation: digits, test: digits };
  const run = untrained(overrides, 1, stated);
  const { folder } = await exportRun(run, { ...options, id: idOf(name) });
  const { subject } = openPackage(folder);
  const figuresOf = (of: Subject) => evaluateModel(of, dataset, { samples: 4, images: 30, backend: 'cpu' });
  const [there, here] = [await figuresOf(subject), await figuresOf(run)];
  expect(there).toEqual(
    here.map((figure) => ({
      ...figure,
      value: expect.closeTo(figure.value, 4),
      ...(figure.standardError ? { standardError: expect.closeTo(figure.standardError, 4) } : {}),
    })),
  );
  expect(Math.abs(here[0]!.value)).toBeGreaterThan(100);
});

test('the card of a conditional model lists its labels, its graphs take them, its preview has a row for each', async () => {
  const { card, folder } = await exportRun(untrained({ classes: '10' }, 4), { ...options, id: 'by-class' });
  expect(classesOf(card)).toEqual([...'0123456789']);
  expect(classesOf(first.card)).toBeUndefined();
  const { decoder, encoder } = card.graphs;
  for (const { inputs } of [decoder!, encoder!])
    expect(inputs.at(-1)).toMatchObject({
      name: 'label',
      dtype: 'float32',
      shape: ['batch', 10],
      range: [0, 1],
    });
  expect(decoder!.parameters).toBe((3 + 10) * 16 + 16 + 16 * 784 + 784);
  const preview = decodePng(readFileSync(join(folder, 'preview.png')), { maxPixels: 1e6 });
  expect([preview.width, preview.height]).toEqual([8 * 28, 10 * 28]);
});

test('directions of the report are on the card, and make the model one that edits', async () => {
  const run = untrained({}, 6);
  const directions = [{ name: 'thickness', meaning: 'thicker strokes', vector: [1, 0, -2] }];
  const report = { ...run.report!, directions };
  const { card } = await exportRun({ ...run, report }, { ...options, id: 'edits' });
  expect([card.directions, card.capabilities]).toEqual([
    directions,
    ['generate', 'interpolate', 'encode', 'edit'],
  ]);
  expect([first.card.directions, first.card.capabilities.includes('edit')]).toEqual([undefined, false]);
});

test('a package that is damaged, or says too little of a pixel, is refused by name', async () => {
  const apart = { ...options, out: join(root, 'apart') };
  const bernoulli = await exportRun(untrained({}), { ...apart, id: 'mean-alone' });
  const card = { ...bernoulli.card, likelihood: 'gaussian' };
  writeFileSync(join(bernoulli.folder, 'model.json'), JSON.stringify(card));
  expect(() => openPackage(bernoulli.folder)).toThrow(
    "mean-alone@1 has a gaussian likelihood, but its decoder no output 'log_variance'; export the run again",
  );
  const { folder } = await exportRun(untrained({}, 5), { ...apart, id: 'damaged' });
  const path = join(folder, 'encoder.onnx');
  writeFileSync(path, readFileSync(path).fill(0, 500, 501).subarray(1));
  expect(() => openPackage(folder)).toThrow(
    /damaged@1\/encoder\.onnx: SHA-256 .* is not the one on the card/,
  );
  writeFileSync(join(folder, 'model.json'), '{');
  expect(() => openPackage(folder)).toThrow(/model\.json: .*: truncated or damaged$/);
});

test('the newest version of a package is found by its id', () => {
  expect(findPackage('probe', [options.out])).toBe(join(options.out, 'probe@2'));
  expect(findPackage('probe@1', [options.out])).toBe(join(options.out, 'probe@1'));
  expect(findPackage('prob', [options.out])).toBeUndefined();
});

test('the card states what was changed of the recipe', () => {
  expect(first.card.training.command).toBe(
    'npm run train -- glyphs-vae --hidden=16 --latent=3 && npm run evaluate -- --samples=50 --images=100 --weights=float32 && npm run export -- --id=probe --weights=float32',
  );
});

test('the command leaves out what a setting has left without meaning', () => {
  const settings = resolveRecipe(recipeNamed('mnist-gan'), { optimiser: 'adam' });
  expect(settings.momentum).toBeUndefined();
  const command = commandOf({ recipe: 'mnist-gan', settings }, untrained({}).report!, 'probe');
  expect(command).toMatch(/^npm run train -- mnist-gan --optimiser=adam (?!.*momentum)/);
});

test('the command of a run that went on from others begins with theirs', () => {
  const report = untrained({}).report!;
  const record = (overrides: Record<string, string>) => untrained(overrides).record;
  const begun = process.cwd();
  process.chdir(root);
  try {
    createRun('runs/first', record({}));
    createRun('runs/second', record({ from: 'first', epochs: '3' }));
    expect(commandOf(record({ from: 'second', seed: '2' }), report, 'probe').split(' && ')).toEqual([
      'npm run train -- glyphs-vae --name=first --hidden=16 --latent=3',
      'npm run train -- glyphs-vae --name=second --epochs=3 --from=first --hidden=16 --latent=3',
      expect.stringMatching(/^npm run train -- glyphs-vae (?!.*--name).*--from=second/),
      'npm run evaluate -- --samples=50 --images=100 --weights=float32',
      'npm run export -- --id=probe --weights=float32',
    ]);
    for (const [folder, epoch] of [
      ['runs/first', 2],
      ['runs/second', 3],
    ] as const)
      writeCheckpoint(
        join(folder, BEST),
        { params: {}, state: {}, optimiser: {} },
        { epoch, step: 1, best: 0 },
      );
    const before = ['nothing', 'first', 'second', 'probe@1'].map((from) => epochsBefore(record({ from })));
    expect(before).toEqual([0, 2, 5, undefined]);
    expect(commandOf(record({ from: 'probe@1' }), report, 'probe')).toMatch(
      /^npm run train -- glyphs-vae --from=probe@1 [^&]*&& npm run evaluate/,
    );
    expect(() => commandOf(record({ from: 'gone' }), report, 'probe')).toThrow(
      'export: the run went on from runs/gone, which is gone',
    );
  } finally {
    process.chdir(begun);
  }
});

test('what was exported is served', async () => {
  await publishModels(options.out, join(root, 'dist'));
  const app = createNodeApp(join(root, 'dist'), 'probe');
  const response = await app.request('/generate?seed=7');
  expect([response.status, response.headers.get('X-Model')]).toEqual([200, 'probe@2']);
  const old = await app.request('/generate/probe@1.png?seed=7');
  expect(Buffer.from(await old.arrayBuffer()).equals(Buffer.from(await response.arrayBuffer()))).toBe(false);
});

test('every kind of model is served from its package, by the own engine alone', async () => {
  await publishModels(options.out, join(root, 'dist'));
  const app = createApp({
    engine: createNodeEngine(),
    defaultModel: 'probe',
    version: '0.0.0',
    readFile: async (path) => readFileSync(join(root, 'dist', path)).buffer as ArrayBuffer,
  });
  const body = JSON.stringify({ pixels: Array(784).fill(0.3), width: 28, height: 28 });
  const post = (path: string, sent: string) =>
    app.request(path, { method: 'POST', body: sent, headers: { 'Content-Type': 'application/json' } });
  for (const id of KINDS.map(([name]) => idOf(name))) {
    const [drawn, said] = [
      await app.request(`/generate/${id}.png?seed=7`),
      await post(`/encode?model=${id}`, body),
    ];
    const { mean } = (await said.json()) as { mean: number[] };
    const label = id === 'labels' ? '&label=3' : '';
    const again = await post(`/decode?model=${id}${label}`, JSON.stringify({ latents: [mean] }));
    const rebuilt = await post(`/reconstruct?model=${id}${label}`, body);
    expect([id, drawn.status, said.status, again.status]).toEqual([id, 200, 200, 200]);
    if (!label) expect(await rebuilt.arrayBuffer()).toEqual(await again.arrayBuffer());
  }
});

test('a card that does not fit its folder is refused', async () => {
  const bad = join(root, 'bad');
  await publishModels(options.out, bad);
  writeFileSync(join(bad, 'probe@1', 'model.json'), JSON.stringify({ ...first.card, version: 9 }));
  await expect(publishModels(bad, join(root, 'x'))).rejects.toThrow('describes probe@9, not probe@1');
});
