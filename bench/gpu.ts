// Training steps on every compiled backend of the machine that this runs on: dense and convolutional, of a VAE and of
// adversarial networks. What is not there is named.
import { execFileSync } from 'node:child_process';
import { createStream } from '../core/sampling/stream.ts';
import type { PlainRow } from '../figures/table.ts';
import { build } from '../train/families/families.ts';
import type { Feeds, ImageShape } from '../train/model.ts';
import { recipeNamed } from '../train/recipes/recipes.ts';
import { resolveRecipe } from '../train/recipes/resolve.ts';
import { type Backend, chooseBackend } from '../train/runner/backends.ts';
import { drawNoise } from '../train/runner/noise.ts';
import { beginTraining, createTrainer, type Trainer, type TrainingState } from '../train/runner/step.ts';
import { valuesAt } from '../train/schedules.ts';
import type { Report } from './report.ts';
import { median } from './statistics.ts';

const SEED = 'bench';
/** The first is what the others are compared with. */
const BACKENDS = ['cpu', 'webgpu', 'cuda'] as const satisfies Backend[];
const DIGITS: ImageShape = { width: 28, height: 28, channels: 1 };
const FACES: ImageShape = { width: 48, height: 48, channels: 1 };
/**
 * Networks and batch of these recipes, and a rate at which plain descent moves them: parameters are compared after that, as
 * Adam takes what rounding leaves of a gradient that is zero for one of full size.
 */
const RECIPES = {
  'mnist-vae': { image: DIGITS, rate: '0.001' },
  'faces-vae': { image: FACES, rate: '0.00001' },
  'mnist-gan': { image: DIGITS, rate: '0.1' },
  'mnist-cgan': { image: DIGITS, rate: '0.01' },
};

type Effort = { parity: number; rounds: number; steps: number; batchSize?: number };
type Changes = Record<string, string>;

/** The step of a recipe on made-up images, ready to be taken. */
function stepOf(recipe: string, image: ImageShape, changes: Changes) {
  const resolved = resolveRecipe(recipeNamed(recipe), changes);
  const { model, phases, schedules } = build(resolved, { image, images: 60_000, classes: 10 });
  const { learner } = phases[0]!;
  const { batchSize, epochs } = resolved;
  const pixels = image.channels * image.height * image.width;
  const specs = learner.feeds(batchSize);
  // The middle of a run: weights of what is phased in are above zero.
  const schedule = valuesAt(schedules, { epoch: epochs / 2, epochs, step: 0 });
  return {
    trainer: (backend: Backend) => {
      const weights = model.init(createStream(SEED, 'parameters'), new Float32Array(pixels).fill(0.13));
      return createTrainer(learner, beginTraining(learner, weights), { batchSize, backend });
    },
    take(trainer: Trainer, at: number) {
      const stream = createStream(SEED, 'batch', at);
      const feeds: Feeds = drawNoise(specs, stream);
      for (const [name, { shape, distribution }] of Object.entries(specs)) {
        if (distribution !== 'data') continue;
        const values = new Float32Array(shape.reduce((product, d) => product * d, 1));
        if (name === 'labels')
          for (let row = 0; row < shape[0]!; row++) values[row * shape[1]! + (row % shape[1]!)] = 1;
        else for (let i = 0; i < values.length; i++) values[i] = Number(stream.uniform() < 0.13);
        feeds[name] = values;
      }
      return trainer.step(feeds, schedule);
    },
  };
}

/** Largest difference of a parameter, of two states. */
const furthest = (a: TrainingState, b: TrainingState): number =>
  Math.max(
    ...Object.entries(a.params).map(([name, { data }]) => {
      const other = b.params[name]!.data;
      return data.reduce((most, value, i) => Math.max(most, Math.abs(value - other[i]!)), 0);
    }),
  );

/** Parameters before and after `steps` steps of plain descent. */
async function descend(recipe: keyof typeof RECIPES, backend: Backend, steps: number, changes: Changes) {
  const { image, rate } = RECIPES[recipe];
  const step = stepOf(recipe, image, { ...changes, optimiser: 'sgd', learningRate: rate });
  const trainer = await step.trainer(backend);
  const before = structuredClone(trainer.current());
  for (let i = 0; i < steps; i++) await step.take(trainer, i);
  const after = structuredClone(trainer.current());
  await trainer.release();
  return { before, after };
}

/** Milliseconds of a step as the recipe trains, medians of rounds, by backend. */
async function time(recipe: keyof typeof RECIPES, backends: Backend[], effort: Effort, changes: Changes) {
  const step = stepOf(recipe, RECIPES[recipe].image, changes);
  const runners: { backend: Backend; trainer: Trainer; times: number[] }[] = [];
  for (const backend of backends) runners.push({ backend, trainer: await step.trainer(backend), times: [] });
  // The first round warms up.
  for (let round = 0; round <= effort.rounds; round++)
    for (const { trainer, times } of runners) {
      const start = performance.now();
      for (let i = 0; i < effort.steps; i++) await step.take(trainer, i);
      if (round > 0) times.push((performance.now() - start) / effort.steps);
    }
  for (const { trainer } of runners) await trainer.release();
  return new Map(runners.map(({ backend, times }) => [backend, median(times)]));
}

const messageOf = (error: unknown) =>
  error instanceof Error ? error.message.split('\n')[0]! : String(error);

/** What NVIDIA's tool calls the card. */
function card(): string {
  try {
    const query = ['--query-gpu=name', '--format=csv,noheader'];
    return `GPU: ${execFileSync('nvidia-smi', query, { encoding: 'utf8', stdio: 'pipe' }).trim()}`;
  } catch {
    return 'No nvidia-smi here: what webgpu ran on is not known';
  }
}

export async function gpu({
  backends = BACKENDS as readonly Backend[],
  effort = { parity: 20, rounds: 7, steps: 10 } as Effort,
} = {}): Promise<Report> {
  const changes: Changes = effort.batchSize === undefined ? {} : { batchSize: String(effort.batchSize) };
  const rows: PlainRow[] = [];
  const there: Backend[] = [];
  for (const backend of backends)
    try {
      await chooseBackend(backend);
      there.push(backend);
    } catch (error) {
      rows.push({ step: 'all', backend, 'ms per step': 'not there', why: messageOf(error) });
    }
  for (const recipe of Object.keys(RECIPES) as (keyof typeof RECIPES)[]) {
    const ended = new Map<Backend, Awaited<ReturnType<typeof descend>>>();
    for (const backend of there)
      try {
        console.log(`${recipe} on ${backend}`);
        ended.set(backend, await descend(recipe, backend, effort.parity, changes));
      } catch (error) {
        rows.push({ step: recipe, backend, 'ms per step': 'failed', why: messageOf(error) });
      }
    const times = await time(recipe, [...ended.keys()], effort, changes);
    const [first] = there;
    for (const [backend, { before, after }] of ended)
      rows.push({
        step: recipe,
        backend,
        'ms per step': times.get(backend)!.toFixed(2),
        [`times ${first}`]: (times.get(backend)! / times.get(first!)!).toFixed(2),
        [`parameters off ${first}`]: furthest(after, ended.get(first!)!.after).toExponential(1),
        'parameters moved': furthest(after, before).toExponential(1),
      });
  }
  return {
    title:
      'Training steps by backend: fully connected and convolutional, of VAEs and of adversarial networks',
    protocol: `Networks, optimiser and batch of each recipe, made-up images, arrays from and to the host at every step, as in training; medians of ${effort.rounds} interleaved rounds of ${effort.steps} steps after one of warm-up. Parameters: the largest difference after ${effort.parity} steps of plain descent, and how far these go. ${card()}.`,
    seed: SEED,
    packages: ['@tensorflow/tfjs-core', 'onnxruntime-node'],
    rows,
  };
}
