// `npm run bench -- <train-step | gpu | updates | penalty | engine | edge | models | costs | estimates | saturation | sizes | png | integer> [--json=FILE]`.
import { parseArguments, requireKnown, runCommand } from '../train/io/arguments.ts';
import { publish, type Report } from './report.ts';

const benchmarks: Record<string, () => Promise<Report>> = {
  'train-step': async () => (await import('./train-step.ts')).trainStep(),
  gpu: async () => (await import('./gpu.ts')).gpu(),
  updates: async () => (await import('./updates.ts')).updates(),
  penalty: async () => (await import('./penalty.ts')).penalty(),
  engine: async () => (await import('./edge/engine.ts')).engine(),
  integer: async () => (await import('./integer/integer.ts')).integer(),
  edge: async () => (await import('./edge/edge.ts')).edge(),
  models: async () => (await import('./edge/models.ts')).models(),
  costs: async () => (await import('./edge/costs.ts')).costs(),
  estimates: async () => (await import('./edge/estimates.ts')).estimates(),
  saturation: async () => (await import('./edge/saturation.ts')).saturation(),
  sizes: async () => (await import('./sizes.ts')).sizes(),
  png: async () => (await import('./png.ts')).png(),
};

const HELP = `npm run bench -- NAME [--json=FILE]

  NAME              ${Object.keys(benchmarks).join(', ')}
  --json=FILE       the figures, as results/ has them`;

async function main(): Promise<void> {
  const { positional, options } = parseArguments(process.argv.slice(2), []);
  if (options.help) return console.log(HELP);
  requireKnown(positional, options, 1, ['json']);
  const [name = ''] = positional;
  const benchmark = benchmarks[name];
  if (!benchmark)
    throw new Error(`bench: no benchmark “${name}”; there are ${Object.keys(benchmarks).join(', ')}`);
  publish(await benchmark(), options.json);
}

runCommand(main);
