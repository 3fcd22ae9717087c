// `npm run deploy [-- --dry-run]`: builds the site, then deploys the reference engine and the worker that calls it.
import { execFileSync } from 'node:child_process';
import { build } from './build.ts';

await build();
for (const config of ['worker/reference/wrangler.toml', 'wrangler.toml'])
  execFileSync(
    process.execPath,
    ['node_modules/wrangler/bin/wrangler.js', 'deploy', '-c', config, ...process.argv.slice(2)],
    { stdio: 'inherit' },
  );
