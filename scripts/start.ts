// `npm start`: builds the site, then serves it and the API on this machine in workerd. No account, no network.
import { spawn } from 'node:child_process';
import { build } from './build.ts';

const port = process.env.PORT ?? '8787';

await build();
console.log(`\nStarting dreamlet: http://localhost:${port}   (Ctrl-C stops it)\n`);

const configs = ['wrangler.toml', 'worker/reference/wrangler.toml'].flatMap((file) => ['-c', file]);
const arguments_ = [
  'dev',
  ...configs,
  '--ip',
  'localhost',
  '--port',
  port,
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
