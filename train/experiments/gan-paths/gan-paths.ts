// Pictures on the way from one point of z to another (Goodfellow et al. 2014, Figure 3), for every generator that a critic
// taught and that ships; and how even the way is.
import { join } from 'node:path';
import { sheet, toImage } from '../../../core/image/compose.ts';
import { interpolateLatents, PATHS_OF } from '../../../core/latents/interpolate.ts';
import { SHIPPED } from '../../../models/folders.ts';
import { latentSize } from '../../../models/latent.ts';
import { nameOf } from '../../../models/model-id.ts';
import type { DataSetId } from '../../data/registry.ts';
import { labelRows } from '../../data/sources.ts';
import { compileGraph, runGraph } from '../../evaluate/graph.ts';
import { openPackage } from '../../evaluate/package.ts';
import { cardsIn } from '../../evaluate/read-card.ts';
import { createLatentSampler, requireLatent } from '../../evaluate/sampler.ts';
import { meanAndError } from '../../evaluate/statistics.ts';
import { rowsOf } from '../../runner/rows.ts';
import type { CellResult, Context, Program } from '../experiment.ts';
import { samplesSeen } from '../trained.ts';

const FAMILY = 'gan';
const SEED = 'paths';
const PATHS = 500;
/** Pictures of a path, both ends among them. */
const POINTS = 12;
/** Paths of the sheet, the first ones. */
const SHOWN = 10;

/**
 * The longest step of each path as a share of its length, both by pixels: `values` [paths · points, size], path by path.
 * Of an even path it is 1 / (points − 1); a generator that jumps from one picture to another has more.
 */
export function longestSteps(values: Float32Array, points: number, size: number): number[] {
  return Array.from({ length: values.length / (points * size) }, (_, path) => {
    const steps = Array.from({ length: points - 1 }, (_, i) => {
      const from = (path * points + i) * size;
      let squared = 0;
      for (let p = from; p < from + size; p++) squared += (values[p + size]! - values[p]!) ** 2;
      return Math.sqrt(squared);
    });
    return Math.max(...steps) / steps.reduce((sum, step) => sum + step, 0);
  });
}

async function ofPackage(name: string, context: Context): Promise<CellResult> {
  const began = performance.now();
  const { card, subject } = openPackage(join(SHIPPED, name));
  const { backend, threads } = context;
  const { model } = subject;
  const spec = requireLatent(model);
  const n = latentSize(spec);
  const sampler = await createLatentSampler(model, subject, { backend, threads });
  const ends = await sampler.draw(subject, SEED, 2 * PATHS);
  await sampler.release();
  const end = (k: number) => ends.subarray(k * n, (k + 1) * n);
  const z = new Float32Array(PATHS * POINTS * n);
  for (let i = 0; i < PATHS * POINTS; i++) {
    const path = Math.floor(i / POINTS);
    const share = (i % POINTS) / (POINTS - 1);
    z.set(interpolateLatents(spec, end(2 * path), end(2 * path + 1), share), i * n);
  }
  const { classes = 0, image } = model;
  const labels = Uint8Array.from(
    { length: PATHS * POINTS },
    (_, i) => Math.floor(i / POINTS) % Math.max(1, classes),
  );
  const decoder = model.graphs.decoder!;
  const rows = await compileGraph(decoder, subject, { backend, threads });
  const { mean } = await runGraph(
    decoder,
    rows,
    subject,
    { z: rowsOf(z, [n]), ...(classes > 0 ? { label: labelRows(labels, classes) } : {}) },
    PATHS * POINTS,
  );
  await rows.release();
  const { width, height, channels } = image;
  const size = width * height * channels;
  const steps = longestSteps(mean!.data, POINTS, size);
  const { mean: value, standardError } = meanAndError(Float64Array.from(steps));
  const pictures = Array.from({ length: SHOWN * POINTS }, (_, i) =>
    toImage(mean!.data.subarray(i * size, (i + 1) * size), width, height, channels),
  );
  const { train, test, title } = await context.load(
    card.dataset.id as DataSetId,
    Number(card.training.settings.validation),
  );
  context.log(`longest step ${value.toFixed(4)}`);
  const way = { slerp: 'an arc', lerp: 'a straight line', codes: 'one code after another' };
  return {
    values: { 'longest step': { value, standardError } },
    unit: 'share of the length of a path, by pixels',
    protocol: `${PATHS} paths of ${POINTS} pictures between latents of the seed '${SEED}' along ${way[PATHS_OF[spec.prior][0]]}${classes > 0 ? ', each within one class' : ''}; the longest distance between neighbours over the sum of all; the first ${SHOWN} paths are shown`,
    settings: { model: name, paths: PATHS, points: POINTS },
    seed: SEED,
    data: { set: title, variant: card.dataset.variant, train: train.count, test: test.count },
    samples: await samplesSeen(card, context.load),
    wallSeconds: (performance.now() - began) / 1000,
    picture: sheet(pictures, POINTS),
  };
}

const packages = cardsIn(SHIPPED)
  .filter(({ family }) => family === FAMILY)
  .map(nameOf);

export const { samples, cells }: Program = {
  samples: 1,
  cells: Object.fromEntries(packages.map((name) => [name, (context: Context) => ofPackage(name, context)])),
};
