// `npm run build`: dist/ = the built site, every model package, models/index.json with all their cards, and what
// its page of results shows.
import { pathToFileURL } from 'node:url';
import { build as buildSite } from 'vite';
import { publishModels } from '../export/publish.ts';
import { publishResults } from '../report/publish.ts';

/** Builds the site and then puts models and results beside it, which Vite would otherwise clear away. */
export async function build(): Promise<void> {
  await buildSite({ configFile: 'site/vite.config.ts', logLevel: 'warn' });
  await publishModels('models', 'dist/models');
  publishResults('results', 'dist/results');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await build();
