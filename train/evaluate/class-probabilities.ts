// What a classifier makes of a set of images.
import type { Images } from '../data/data-set.ts';
import { imageRows } from '../data/sources.ts';
import type { Model, Weights } from '../model.ts';
import type { RunOptions } from '../runner/rows.ts';
import { compileGraph, runGraph } from './graph.ts';

/** [images · classes], of grey images, as people send them. */
export async function classProbabilities(
  { graphs }: Model,
  weights: Weights,
  images: Images,
  options: RunOptions,
): Promise<Float32Array> {
  const graph = graphs.classifier!;
  const rows = await compileGraph(graph, weights, options);
  const { probabilities } = await runGraph(graph, rows, weights, { x: imageRows(images) }, images.count);
  await rows.release();
  return probabilities!.data;
}
