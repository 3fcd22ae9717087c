// npm run experiment -- <experiment> [--cell=NAME,…] [--force]
import { existsSync, rmSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { encodePng } from '../../core/image/png.ts';
import { type DataSetId, loadDataSet } from '../data/registry.ts';
import { parseArguments, requireKnown, runCommand, wholeNumber } from '../io/arguments.ts';
import { readJson, writeAtomically } from '../io/files.ts';
import { RUNS } from '../run/run-folder.ts';
import { chooseBackend } from '../runner/backends.ts';
import { writeCell } from './cells.ts';
import type { CellResult, Context } from './experiment.ts';
import { EXPERIMENTS } from './registry.ts';

const HELP = `npm run experiment -- <experiment> [options]

  --cell=A,B        these cells alone
  --list            the cells of the experiment
  --samples=N       stop curves after N training samples for now; a later call without it goes on from there
  --force           compute cells again whose result is there, from the beginning
  --threads=N       processor threads (default 1)
  --backend=NAME    as for npm run train
  --data=DIR        search this folder for data first

Each cell leaves results/<experiment>/<cell>.json; one that was interrupted goes on from its checkpoint in
${RUNS}/<experiment>/<cell>/. Experiments:
${EXPERIMENTS.map(({ id, title }) => `  ${id.padEnd(18)} ${title}`).join('\n')}`;

/** Training samples of a result that is there; 0 without one. */
const samplesOf = (file: string): number => (existsSync(file) ? (readJson(file) as CellResult).samples : 0);

const OPTIONS = ['cell', 'list', 'samples', 'force', 'threads', 'backend', 'data', 'help'];

async function main(): Promise<void> {
  const { positional, options } = parseArguments(process.argv.slice(2), ['list', 'force', 'help']);
  requireKnown(positional, options, 1, OPTIONS);
  const experiment = EXPERIMENTS.find(({ id }) => id === positional[0]);
  if (options.help || positional[0] === undefined) return console.log(HELP);
  if (!experiment)
    throw new Error(
      `there is no experiment '${positional[0]}'; there are ${EXPERIMENTS.map(({ id }) => id).join(', ')}`,
    );
  const { cells, samples } = await experiment.load();
  const names = Object.keys(cells);
  if (options.list) return console.log(names.join('\n'));
  const wanted = options.cell?.split(',') ?? names;
  const unknown = wanted.find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new Error(`${experiment.id} has no cell '${unknown}'; its cells are ${names.join(', ')}`);
  const threads = wholeNumber('threads', options.threads ?? '1');
  const limit = Number(options.samples ?? Number.POSITIVE_INFINITY);
  if (!(limit > 0)) throw new Error(`--samples=${options.samples} is not allowed; give a number above 0`);
  const { backend } = await chooseBackend(options.backend);

  for (const name of wanted) {
    const file = join('results', experiment.id, `${name}.json`);
    const folder = join(RUNS, experiment.id, name);
    if (options.force) rmSync(folder, { recursive: true, force: true });
    else if (samplesOf(file) >= Math.min(limit, typeof samples === 'number' ? samples : samples(name))) {
      console.log(`${name}: ${file} is there already`);
      continue;
    }
    const context: Context = {
      load: (id: DataSetId, validation: number) =>
        loadDataSet(id, { validation, download: true, ...(options.data ? { dir: options.data } : {}) }),
      backend,
      threads,
      folder,
      limit,
      log: (line) => console.log(`${name}: ${line}`),
    };
    const { picture, ...result } = await cells[name]!(context);
    const png = `${name}.png`;
    if (picture) writeAtomically(join('results', experiment.id, png), encodePng(picture));
    const processor = cpus()[0]?.model ?? 'unknown';
    const date = new Date().toISOString().slice(0, 10);
    writeCell(file, {
      experiment: experiment.id,
      cell: name,
      ...result,
      ...(picture ? { picture: png } : {}),
      // Other work of the machine makes the seconds of a cell longer.
      machine: { processor, threads, backend, node: process.version, load: loadavg()[0] },
      date,
    });
    console.log(`${name}: written to ${file}`);
  }
}

runCommand(main);
