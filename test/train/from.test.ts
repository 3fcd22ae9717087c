// Training that begins with the weights of another model: of a run, or of a package.
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tensor } from '@tensorflow/tfjs-core';
import { afterAll, expect, test } from 'vitest';
import { createStream } from '../../core/sampling/stream.ts';
import { largestDifference } from '../../export/parity.ts';
import { build } from '../../train/families/families.ts';
import type { HostTensors, Tensors, Weights } from '../../train/model.ts';
import { sgd } from '../../train/optimisers.ts';
import { recipeNamed } from '../../train/recipes/recipes.ts';
import { resolveRecipe } from '../../train/recipes/resolve.ts';
import { chooseRun } from '../../train/run/choose-run.ts';
import { weightsFrom } from '../../train/run/from.ts';
import { weightsOfPackage } from '../../train/run/package-weights.ts';
import { BEST, NO_PROGRESS, writeCheckpoint } from '../../train/runner/checkpoint.ts';
import { beginTraining } from '../../train/runner/step.ts';
import { beginGlyphsRun } from './glyphs-run.ts';

const facts = { image: { width: 28, height: 28, channels: 1 }, images: 60, classes: 10 } as const;

/** A recipe that is built, its model and fresh weights. */
function made(recipe: string, settings: Record<string, string> = {}) {
  const built = build(resolveRecipe(recipeNamed(recipe), settings), facts);
  const { model } = built;
  return { built, model, fresh: model.init(createStream('1', 'init'), new Float32Array(784).fill(0.1)) };
}

const toTensors = (host: HostTensors): Tensors =>
  Object.fromEntries(Object.entries(host).map(([name, { shape, data }]) => [name, tensor(data, shape)]));

// A dense model; one whose kernels the graph keeps in another order; and one in whose graph two equal biases are one.
test.each(['glyphs-vae@1', 'mnist-hvae@1', 'mnist-rows@2'])(
  'the weights of %s come back from its graphs',
  async (name) => {
    const { model, fresh } = made(name.split('@')[0]!);
    const { params, state } = weightsOfPackage(`models/${name}`, model, fresh);
    expect(Object.keys(params).sort()).toEqual(Object.keys(fresh.params).sort());
    const { run, inputs: takes } = model.graphs.decoder!;
    const z = new Float32Array(2 * takes.z!.shape[0]!);
    createStream('test').fillNormal(z);
    const difference = await largestDifference(
      readFileSync(`models/${name}/decoder.onnx`),
      (inputs) => run(toTensors(params), toTensors(state), inputs),
      { z: { shape: [2, z.length / 2], data: z } },
    );
    expect(difference).toBeLessThan(1e-5);
  },
);

const begun = process.cwd();
const root = mkdtempSync(join(tmpdir(), 'dreamlet-test-'));
afterAll(() => rmSync(root, { recursive: true }));

test('a run goes on with the best weights of another, which must be of the same networks', () => {
  const small = { hidden: '12', latent: '3' };
  const { built, fresh } = made('glyphs-vae', small);
  process.chdir(root);
  try {
    mkdirSync('runs');
    beginGlyphsRun('runs/first');
    expect(() => weightsFrom('first', built, fresh)).toThrow('--from=first: no best.safetensors there');
    const learned: Weights = made('glyphs-vae', { ...small, seed: '2' }).fresh;
    const weights = {
      ...learned,
      params: Object.fromEntries(
        Object.entries(learned.params).map(([name, { shape, data }]) => [
          name,
          { shape, data: data.map((v) => v + 1) },
        ]),
      ),
    };
    writeCheckpoint(
      join('runs/first', BEST),
      beginTraining(
        {
          updates: [
            {
              of: '',
              optimiser: sgd(),
              learningRate: 'x',
              gradients: () => {
                throw new Error();
              },
            },
          ],
        },
        weights,
      ),
      NO_PROGRESS,
    );
    expect(weightsFrom('first', built, fresh).params).toEqual(weights.params);
    const wider = made('glyphs-vae', { hidden: '13', latent: '3' });
    expect(() => weightsFrom('first', wider.built, wider.fresh)).toThrow(
      /--from=first: encoder\/hidden-0\/kernel is \[784,12\] there, but \[784,13\] in this recipe/,
    );
    const generator = made('mnist-cgan');
    expect(() => weightsFrom('first', generator.built, generator.fresh)).toThrow(
      '--from=first holds no generator/',
    );
    expect(() => weightsFrom('secnod', built, fresh)).toThrow(
      '--from=secnod is neither a run under runs/ nor a package in models/ or models/own/',
    );
  } finally {
    process.chdir(begun);
  }
});

test('a run goes on with the averages of another generator, which are what its images are drawn with', () => {
  const { built, fresh } = made('mnist-cgan', { channels: '4,4', criticChannels: '4,4', latent: '3' });
  const { learner } = built.phases[0]!;
  const name = 'generator/conv-0/bias';
  const start = beginTraining(learner, fresh);
  start.state[`average/${name}`]!.data.fill(7);
  process.chdir(root);
  try {
    beginGlyphsRun('runs/averaged');
    writeCheckpoint(join('runs/averaged', BEST), start, NO_PROGRESS);
    const { params, state } = weightsFrom('averaged', built, fresh);
    expect([...params[name]!.data]).toEqual(Array(params[name]!.data.length).fill(7));
    expect(params['critic/score/bias']).toEqual(fresh.params['critic/score/bias']);
    expect(Object.keys(state)).toEqual(Object.keys(fresh.state));
  } finally {
    process.chdir(begun);
  }
});

test('a package of a generator alone, of other networks or latents, or without its version is refused in words', () => {
  const { built, fresh } = made('mnist-cgan');
  expect(() => weightsFrom('mnist-cgan@1', built, fresh)).toThrow(
    '--from=mnist-cgan@1 holds no generator/norm-',
  );
  const of = (settings: Record<string, string>, from = 'glyphs-vae@1') => {
    const other = made('glyphs-vae', settings);
    return () => weightsFrom(from, other.built, other.fresh);
  };
  expect(of({ hidden: '64,64' })).toThrow(
    /(decoder|encoder)\.onnx: of other networks than this recipe: operator \d+ is/,
  );
  expect(of({ latent: '5' })).toThrow('--from=glyphs-vae@1 holds no ');
  expect(of({}, 'glyphs-vae')).toThrow('--from=glyphs-vae must name a version, such as glyphs-vae@1');
});

test('a damaged package is refused', () => {
  const folder = join(root, 'glyphs-vae@1');
  cpSync('models/glyphs-vae@1', folder, { recursive: true });
  appendFileSync(join(folder, 'decoder.onnx'), 'x');
  const { model, fresh } = made('glyphs-vae');
  expect(() => weightsOfPackage(folder, model, fresh)).toThrow(/decoder\.onnx: SHA-256 .* damaged package/);
});

test('--from names something, and a run that goes on cannot change it', () => {
  const choose = (from: string, resume = false) =>
    chooseRun('glyphs-vae', { name: 'begun', resume, dryRun: false }, { from });
  expect(choose('glyphs-vae@1').settings.from).toBe('glyphs-vae@1');
  expect(() => choose('')).toThrow('--from= is not allowed; give nothing, NAME of a run under runs/');
  process.chdir(root);
  try {
    beginGlyphsRun('runs/begun');
    expect(() => choose('glyphs-vae@1', true)).toThrow(
      'begun began with from=nothing; a setting cannot change on the way',
    );
  } finally {
    process.chdir(begun);
  }
});
