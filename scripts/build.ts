// `npm run build`: dist/ = the built site, every model package, models/index.json with all their cards, and what
// its page of results shows.
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build as buildSite } from 'vite';
import { publishModels } from '../export/publish.ts';
import type { ModelCard } from '../models/card.ts';
import { FOLDERS } from '../models/folders.ts';
import { publishResults } from '../report/publish.ts';
import { clearTemporary, temporaryOf } from '../train/io/files.ts';
import { noticesText, readNotices } from './notices.ts';
import { swapFolder } from './swap-folder.ts';

/**
 * Builds the site, then puts models and results beside it, which Vite would otherwise clear away; all of it in a folder
 * of its own that takes the place of the old one at the end, so that a server which runs meanwhile never lacks a file.
 * Gives the cards of the models that are in it: those that `choose` leaves, all of them otherwise.
 */
export async function build(
  folder = 'dist',
  choose?: (cards: ModelCard[]) => ModelCard[],
): Promise<ModelCard[]> {
  const made = `${folder}.${process.pid}-${Date.now()}`;
  const next = temporaryOf(folder);
  clearTemporary(dirname(folder), basename(folder));
  try {
    await buildSite({
      configFile: 'site/vite.config.ts',
      logLevel: 'warn',
      build: { outDir: resolve(next) },
    });
    const cards = await publishModels(FOLDERS, join(next, 'models'), choose);
    publishResults('results', join(next, 'results'));
    writeFileSync(join(next, 'licences.txt'), noticesText(readNotices()));
    renameSync(next, made);
    swapFolder(made, folder);
    return cards;
  } finally {
    rmSync(next, { recursive: true, force: true });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await build();
