// Wrangler, as the scripts call it.
import { spawnSync } from 'node:child_process';

/** Runs it to its end, with its words on the terminal. @returns whether it succeeded. */
export const wrangler = (...words: readonly string[]): boolean =>
  spawnSync(process.execPath, ['node_modules/wrangler/bin/wrangler.js', ...words], { stdio: 'inherit' })
    .status === 0;
