// The built site with models and results: that of the models that ship once, for all files of browser tests.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import type { TestProject } from 'vitest/node';
import { publishModels } from '../../export/publish.ts';
import { publishResults } from '../../report/publish.ts';

/** @returns the folder, which is the caller's to remove. */
export async function buildSite(models: string): Promise<string> {
  const dist = mkdtempSync(join(tmpdir(), 'dreamlet-site-'));
  await build({ configFile: 'site/vite.config.ts', logLevel: 'error', build: { outDir: dist } });
  await publishModels(models, join(dist, 'models'));
  publishResults('results', join(dist, 'results'));
  return dist;
}

export default async function setup(project: TestProject): Promise<() => void> {
  const dist = await buildSite('models');
  project.provide('site', dist);
  return () => rmSync(dist, { recursive: true });
}

declare module 'vitest' {
  export interface ProvidedContext {
    /** Folder of the site with the models that ship. */
    site: string;
  }
}
