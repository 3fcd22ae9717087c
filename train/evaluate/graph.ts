// A graph of a model, run by the training framework: what the export records, and what sheets and measures call.
import type { GraphSpec, HostTensors, Weights } from '../model.ts';
import { compileRows, type RowFunction, type RowSource, type RunOptions, sizeOf } from '../runner/rows.ts';

export const compileGraph = (
  { inputs, run }: GraphSpec,
  like: Weights,
  options: RunOptions & { batch?: number },
): Promise<RowFunction> => compileRows(like, inputs, run, options);

/** What `count` rows of the inputs become, each output as [count, …shape]. */
export async function runGraph(
  graph: GraphSpec,
  rows: RowFunction,
  weights: Weights,
  sources: Record<string, RowSource>,
  count: number,
): Promise<HostTensors> {
  const results: HostTensors = Object.fromEntries(
    Object.entries(graph.outputs).map(([name, { shape }]) => [
      name,
      { shape: [count, ...shape], data: new Float32Array(count * sizeOf(shape)) },
    ]),
  );
  await rows.over(weights, sources, count, (i, outputs) => {
    for (const [name, value] of Object.entries(outputs)) results[name]!.data.set(value, i * value.length);
  });
  return results;
}
