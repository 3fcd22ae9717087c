// npm run train -- [recipe] [--setting=value …]
import { parseArguments, requireKnown, runCommand, wholeNumber } from './io/arguments.ts';
import { list } from './list.ts';
import { chooseRun } from './run/choose-run.ts';
import { trainOne } from './run/train-one.ts';
import { sweep } from './sweep.ts';

const HELP = `npm run train -- [recipe] [--setting=value …]

  --list            the recipes and their settings
  --data=DIR        search this folder for data first
  --backend=NAME    cpu, webgpu, cuda, tfjs-node-gpu, tfjs-node or tfjs-cpu; default: the fastest that works
  --threads=N       processor threads; default: all cores
  --name=NAME       name of the run folder under runs/
  --resume          go on with the run that --name names, or with the latest of the recipe and these
                    settings; where there is none, begin it
  --sweep=S:A,B,C   a run for each value of setting S, compared on validation images
  --dry-run         one small full cycle, to prove that everything works
  --no-download     never fetch data

Any setting of the recipe can be overridden: npm run train -- mnist-vae --epochs=40 --seed=3
Watch runs as they learn: npm run watch`;

const FLAGS = ['list', 'help', 'resume', 'dry-run', 'no-download'];
const OPTIONS = [...FLAGS, 'data', 'backend', 'threads', 'name', 'sweep'];

async function main(): Promise<void> {
  const { positional, options } = parseArguments(process.argv.slice(2), FLAGS);
  if (options.help) return console.log(HELP);
  if (options.list) return console.log(list());
  requireKnown(positional, {}, 1, []);
  const overrides = Object.fromEntries(Object.entries(options).filter(([name]) => !OPTIONS.includes(name)));
  const { data, backend, threads, name } = options;
  const limit = threads ? { threads: wholeNumber('threads', threads) } : {};
  let stop = false;
  const choose = {
    ...(name === undefined ? {} : { name }),
    resume: options.resume !== undefined,
    dryRun: options['dry-run'] !== undefined,
  };
  const train = {
    ...(backend ? { backend } : {}),
    ...limit,
    ...(data ? { data } : {}),
    download: options['no-download'] === undefined,
    dryRun: choose.dryRun,
    shouldStop: () => stop,
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      stop = true;
      console.log('\nstopping after this epoch, which is then saved; once more stops at once');
    });
  const [recipe] = positional;
  if (options.sweep) return sweep(options.sweep, recipe, choose, overrides, train);
  await trainOne(chooseRun(recipe, choose, overrides, OPTIONS), train);
}

runCommand(main);
