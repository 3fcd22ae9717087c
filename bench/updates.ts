// A step of two updates, a critic's and then a generator's, compiled as one graph or as one for each: the step of
// Goodfellow et al. 2014 on MNIST with their networks, Algorithm 1 with k = 1.
import { createStream } from '../core/sampling/stream.ts';
import { build } from '../train/families/families.ts';
import type { HostTensors, Tensors } from '../train/model.ts';
import { recipeNamed } from '../train/recipes/recipes.ts';
import { resolveRecipe } from '../train/recipes/resolve.ts';
import { compile } from '../train/runner/compile.ts';
import { shapesOf } from '../train/runner/names.ts';
import { drawNoise } from '../train/runner/noise.ts';
import { beginTraining, flatten, type Learner, trainingStep } from '../train/runner/step.ts';
import type { Report } from './report.ts';
import { median } from './statistics.ts';

const SEED = 'bench';
const BATCH_SIZE = 100;
const ROUNDS = 11;
const STEPS = 4;
const image = { width: 28, height: 28, channels: 1 as const };

type Step = () => Promise<void>;

/** Everything that one step is fed. */
function inputsOf(learner: Learner): HostTensors {
  const pixels = new Float32Array(784).fill(0.13);
  const { model } = build(recipe, { image, images: 60_000, classes: 10 });
  const weights = beginTraining(learner, model.init(createStream(SEED), pixels));
  const specs = learner.feeds(BATCH_SIZE);
  const stream = createStream(SEED, 'feeds');
  const noise = drawNoise(specs, stream);
  const inputs: HostTensors = { ...flatten(weights) };
  for (const [name, { shape }] of Object.entries(specs)) {
    const length = shape.reduce((n, d) => n * d, 1);
    const data = noise[name] ?? new Float32Array(length).map(() => stream.uniform());
    inputs[`feed/${name}`] = { shape, data };
  }
  for (const name of learner.scalars) inputs[`schedule/${name}`] = { shape: [], data: Float32Array.of(0.05) };
  return inputs;
}

/** The step of these updates; what does not move is no output. */
async function stepOf(learner: Learner, inputs: HostTensors): Promise<Step> {
  const moves = (name: string) => learner.updates.some(({ of }) => name.includes(`/${of}/`));
  const step = (given: Tensors): Tensors =>
    Object.fromEntries(Object.entries(trainingStep(learner)(given)).filter(([name]) => moves(name)));
  const compiled = await compile(shapesOf(inputs), step, { backend: 'cpu', threads: 1 });
  // Results go to buffers that are there already, as in training.
  const into = await compiled.run(inputs);
  return async () => {
    await compiled.run(inputs, into);
  };
}

const recipe = resolveRecipe(recipeNamed('mnist-gan'), { criticSteps: '1' });

export async function updates(): Promise<Report> {
  const { learner } = build(recipe, { image, images: 60_000, classes: 10 }).phases[0]!;
  const inputs = inputsOf(learner);
  const one = await stepOf(learner, inputs);
  const each: Step[] = [];
  for (const update of learner.updates) each.push(await stepOf({ ...learner, updates: [update] }, inputs));
  const runners: Record<string, Step> = {
    'one graph': one,
    'a graph for each update': async () => {
      for (const step of each) await step();
    },
  };
  const times = Object.values(runners).map((): number[] => []);
  for (let round = 0; round <= ROUNDS; round++)
    for (const [i, step] of Object.values(runners).entries()) {
      const start = performance.now();
      for (let s = 0; s < STEPS; s++) await step();
      // The first round warms up.
      if (round > 0) times[i]!.push((performance.now() - start) / STEPS);
    }
  const [first] = times.map(median);
  return {
    title: 'A step of two updates: one graph for both, or one for each',
    protocol: `Networks, optimiser and batch of the recipe mnist-gan, k = 1, one thread; medians of ${ROUNDS} interleaved rounds of ${STEPS} steps after one of warm-up.`,
    seed: SEED,
    packages: ['@tensorflow/tfjs-core', 'onnxruntime-node'],
    rows: Object.keys(runners).map((name, i) => ({
      'compiled as': name,
      'ms per step': median(times[i]!),
      'times one graph': median(times[i]!) / first!,
      'ms, best round': Math.min(...times[i]!),
    })),
  };
}
