// `npm start`: builds the site, then serves it and the API on this machine in workerd. No account, no network.
import { spawn } from 'node:child_process';
import { parseArguments, requireKnown, runCommand } from '../train/io/arguments.ts';
import { requirePort } from '../train/io/port.ts';

const HELP = `npm start

Builds the site and serves it, with the API and all models, at http://localhost:8787; PORT=8788 npm start at another port.`;

async function main(): Promise<void> {
  const { positional, options } = parseArguments(process.argv.slice(2), []);
  if (options.help) return console.log(HELP);
  requireKnown(positional, options, 0, ['help']);
  const port = await requirePort(process.env.PORT ?? '8787', 'npm start');
  // What builds is loaded once there is something to build: help and refusals come at once.
  const { build } = await import('./build.ts');
  await build();
  console.log(`\nStarting dreamlet: http://localhost:${port}   (Ctrl-C stops it)\n`);

  const configs = ['wrangler.toml', 'worker/reference/wrangler.toml'].flatMap((file) => ['-c', file]);
  const arguments_ = [
    'dev',
    ...configs,
    '--ip',
    'localhost',
    '--port',
    String(port),
    '--show-interactive-dev-session',
    'false',
  ];
  const wrangler = spawn(process.execPath, ['node_modules/wrangler/bin/wrangler.js', ...arguments_], {
    stdio: 'inherit',
    // Wrangler would ask its maker's servers for a sample `request.cf` and for newer versions.
    env: { ...process.env, CLOUDFLARE_CF_FETCH_ENABLED: 'false', WRANGLER_HIDE_BANNER: 'true' },
  });

  // Ctrl-C in a terminal reaches wrangler by itself; a signal sent to this process alone is passed on.
  process.on('SIGINT', () => wrangler.kill('SIGINT'));
  process.on('SIGTERM', () => wrangler.kill('SIGTERM'));
  wrangler.on('exit', (code) => process.exit(code ?? 0));
}

runCommand(main);
