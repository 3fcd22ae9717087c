// A small page on this machine that shows runs as they learn: what it asks for, from the run folders alone.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { basename, join } from 'node:path';
import { curvesSvg } from '../run/curves.ts';
import { isFinished } from '../run/done.ts';
import { listRuns, readRunRecord } from '../run/run-folder.ts';
import { curvesOf } from '../run/session.ts';

/** Folders of sheets, one for each epoch. */
const SHEETS = ['samples', 'reconstructions', 'completions'];

type RunState = {
  name: string;
  recipe: string;
  dataset: string;
  epochs: number;
  epoch: number;
  finished: boolean;
  /** Of the last epoch, by name. */
  validation: Record<string, number>;
  /** Names of the sheets of each kind, ascending. */
  sheets: Record<string, string[]>;
};

function stateOf(folder: string): RunState {
  const { recipe, settings, dataset } = readRunRecord(folder);
  const last = curvesOf(folder).metrics.at(-1);
  const sheets = SHEETS.filter((kind) => existsSync(join(folder, kind))).map((kind) => [
    kind,
    readdirSync(join(folder, kind))
      .filter((name) => name.endsWith('.png'))
      .sort(),
  ]);
  return {
    name: basename(folder),
    recipe,
    dataset: dataset.title,
    epochs: settings.epochs,
    epoch: last?.epoch ?? 0,
    finished: isFinished({ folder, settings }),
    validation: last?.validation ?? {},
    sheets: Object.fromEntries(sheets),
  };
}

type Answer = { type: string; body: string | Uint8Array };

/** What stands at an address below the root of runs; nothing where there is none. */
export function answer(address: string, root: string): Answer | undefined {
  const { pathname, searchParams } = new URL(address, 'http://localhost');
  // Only names that are listed are read, so that no address leads out of the folder.
  const known = new Map(listRuns(undefined, root).map((folder) => [basename(folder), folder]));
  if (pathname === '/')
    return { type: 'text/html; charset=utf-8', body: readFileSync(new URL('page.html', import.meta.url)) };
  if (pathname === '/runs')
    return { type: 'application/json', body: JSON.stringify([...known.values()].map(stateOf)) };
  if (pathname === '/curves.svg') {
    const folders = searchParams.getAll('run').flatMap((name) => known.get(name) ?? []);
    const runs = folders.map(curvesOf).filter(({ metrics }) => metrics.length > 0);
    const theme = searchParams.get('theme') === 'dark' ? 'dark' : 'light';
    return runs.length > 0 ? { type: 'image/svg+xml', body: curvesSvg(runs, theme) } : undefined;
  }
  const [, name, kind, file] = /^\/sheets\/([^/]+)\/([a-z]+)\/(epoch-\d+\.png)$/.exec(pathname) ?? [];
  const folder = known.get(name ?? '');
  if (!folder || !SHEETS.includes(kind!)) return undefined;
  const path = join(folder, kind!, file!);
  return existsSync(path) ? { type: 'image/png', body: readFileSync(path) } : undefined;
}

/** Serves the page to this machine alone. */
export function createWatchServer(root: string): Server {
  return createServer((request, response) => {
    // A page elsewhere that a name of its own leads here must not read what runs hold.
    const host = (request.headers.host ?? '').replace(/:\d+$/, '');
    const found = ['localhost', '127.0.0.1', '[::1]'].includes(host) ? answer(request.url!, root) : undefined;
    if (!found) {
      response.writeHead(404, { 'Content-Type': 'text/plain' }).end('there is nothing here\n');
      return;
    }
    response.writeHead(200, { 'Content-Type': found.type, 'Cache-Control': 'no-store' }).end(found.body);
  });
}
