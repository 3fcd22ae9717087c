// A toy recipe through the whole of it: trained, measured as run and as package, exported, served.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createStream } from '../../../core/sampling/stream.ts';
import { exportRun } from '../../../export/package.ts';
import { publishModels } from '../../../export/publish.ts';
import type { DataSet, Images } from '../../../train/data/data-set.ts';
import { openPackage } from '../../../train/evaluate/package.ts';
import { evaluateModel } from '../../../train/evaluate/report.ts';
import { RECIPES } from '../../../train/recipes/recipes.ts';
import { resolveRecipe, type Stated } from '../../../train/recipes/resolve.ts';
import { openRun } from '../../../train/run/open-run.ts';
import { readReport } from '../../../train/run/report.ts';
import { createRun } from '../../../train/run/run-folder.ts';
import { reportRun, trainRun } from '../../../train/run/session.ts';
import { createNodeApp } from '../../../worker/node.ts';

const OPTIONS = { backend: 'cpu' as const, threads: 1 };

/** Pictures of 4×4 bits: `bitsOf` gives one from the uniform draws of a stream, and its class where it has one. */
export function toyData(
  id: string,
  bitsOf: (uniform: () => number) => { bit(p: number): boolean; label?: number },
  labelNames?: string[],
): DataSet {
  const images = (split: string, count: number): Images => {
    const stream = createStream(id, split);
    const pixels = new Uint8Array(count * 16);
    const labels = new Uint8Array(count);
    for (let i = 0; i < count; i++) {
      const { bit, label = 0 } = bitsOf(() => stream.uniform());
      for (let p = 0; p < 16; p++) pixels[i * 16 + p] = 255 * Number(bit(p));
      labels[i] = label;
    }
    return { count, width: 4, height: 4, channels: 1, pixels, ...(labelNames ? { labels } : {}) };
  };
  return {
    id,
    title: id,
    terms: 'MIT',
    ...(labelNames ? { labelNames } : {}),
    train: images('train', 2000),
    validation: images('validation', 200),
    test: images('test', 500),
  };
}

/** Entropy of what a list holds, nats: no distribution says it in fewer on average (Gibbs). */
export function entropyOf(items: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return [...counts.values()].reduce((sum, n) => sum - (n / items.length) * Math.log(n / items.length), 0);
}

/** Pixels of every image as bits, row by row. */
export const bitsOf = ({ count, pixels }: Images): string[] =>
  Array.from({ length: count }, (_, i) =>
    Array.from(pixels.subarray(i * 16, i * 16 + 16), (grey) => Number(grey > 127)).join(''),
  );

export async function cycle(name: string, stated: Stated, dataset: DataSet) {
  const root = mkdtempSync(join(tmpdir(), `dreamlet-${name}-`));
  onTestFinished(() => rmSync(root, { recursive: true }));
  RECIPES[name] = stated;
  const folder = join(root, 'run');
  const { id, title, terms, labelNames } = dataset;
  const { count, width, height, channels } = dataset.train;
  createRun(folder, {
    recipe: name,
    settings: resolveRecipe(stated, {}),
    backend: 'cpu',
    image: { width, height, channels },
    dataset: { id, title, terms, images: count, ...(labelNames ? { labelNames } : {}) },
  });
  const display = { step: () => {}, line: () => {} };
  await trainRun(folder, dataset, { ...OPTIONS, display, shouldStop: () => false });
  await reportRun(folder, dataset, OPTIONS);
  const report = readReport(folder)!;
  const out = join(root, 'models');
  const { folder: shipped, card } = await exportRun(
    { ...openRun(folder, { finished: true }), report },
    { out, id: name, title, description: title, weights: 'float32' },
  );
  const { samples, images } = report;
  const { subject } = openPackage(shipped);
  await publishModels(out, join(root, 'dist'));
  return {
    card,
    /** Of the run, and of the package alone. */
    figures: Object.fromEntries(report.figures.map((figure) => [figure.name, figure.value])),
    again: Object.fromEntries(
      (await evaluateModel(subject, dataset, { ...OPTIONS, samples, images })).map((figure) => [
        figure.name,
        figure.value,
      ]),
    ),
    app: createNodeApp(join(root, 'dist'), name),
  };
}
