// npm run watch: a page of this machine with the curves, samples and reconstructions of runs, as their epochs come.

import { parseArguments, requireKnown, runCommand } from '../io/arguments.ts';
import { requirePort } from '../io/port.ts';
import { RUNS } from '../run/run-folder.ts';
import { createWatchServer } from './server.ts';

const HELP = `npm run watch

Shows the runs under ${RUNS}/ as they learn, one or two side by side, at http://localhost:8790; PORT=8791 npm run watch
at another port. It reads what is in the run folders, and changes nothing.`;

async function main(): Promise<void> {
  const { positional, options } = parseArguments(process.argv.slice(2), []);
  if (options.help) return console.log(HELP);
  requireKnown(positional, options, 0, ['help']);
  const port = await requirePort(process.env.PORT ?? '8790', 'npm run watch');
  createWatchServer(RUNS).listen(port, 'localhost');
  console.log(`runs as they learn: http://localhost:${port}   (Ctrl-C stops it)`);
}

runCommand(main);
