// `npm run build`: dist/ = the built site, every model package and models/index.json with all their cards.
import { pathToFileURL } from 'node:url';
import { build as buildSite } from 'vite';
import { publishModels } from '../export/publish.ts';

/** Builds the site and then puts the models beside it, which Vite would otherwise clear away. */
export async function build(): Promise<void> {
  await buildSite({ configFile: 'site/vite.config.ts', logLevel: 'warn' });
  await publishModels('models', 'dist/models');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await build();
