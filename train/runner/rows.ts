// A function of trained weights over all rows of a set, batch by batch.
import type { HostTensors, Tensors, Weights } from '../model.ts';
import type { Backend } from './backends.ts';
import { compile } from './compile.ts';
import { group, prefix, shapesOf } from './names.ts';

export type RunOptions = { backend: Backend; threads?: number };

const flat = ({ params, state }: Weights): HostTensors => ({
  ...prefix('params', params),
  ...prefix('state', state),
});

/** A function that is compiled once and fed its weights at every run. */
export type Weighted = {
  run(weights: Weights, inputs: HostTensors): Promise<HostTensors>;
  release(): Promise<void>;
};

/** Compiles `fn` for weights shaped `like` these and inputs of the given shapes. */
export async function compileWeighted(
  like: Weights,
  inputs: Record<string, readonly number[]>,
  fn: (params: Tensors, state: Tensors, inputs: Tensors) => Tensors,
  options: RunOptions,
): Promise<Weighted> {
  const compiled = await compile(
    { ...shapesOf(flat(like)), ...prefix('input', inputs) },
    (given) => fn(group(given, 'params'), group(given, 'state'), group(given, 'input')),
    options,
  );
  return {
    run: (weights, given) => compiled.run({ ...flat(weights), ...prefix('input', given) }),
    release: compiled.release,
  };
}

/** Where the rows of an input come from: `fill` writes rows from `start` on, and leaves zeros where there are none. */
export type RowSource = { shape: readonly number[]; fill(start: number, out: Float32Array): void };

/** Rows of `values`, row-major, `shape` each. */
export const rowsOf = (values: Float32Array, shape: readonly number[]): RowSource => ({
  shape,
  fill: (start, out) => out.set(values.subarray(start * sizeOf(shape), start * sizeOf(shape) + out.length)),
});

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, d) => product * d, 1);

export type RowFunction = {
  /** Calls `each` with the outputs of every one of `count` rows, in order; they are views that the next batch replaces. */
  over(
    weights: Weights,
    sources: Record<string, RowSource>,
    count: number,
    each: (row: number, outputs: Record<string, Float32Array>) => void,
  ): Promise<void>;
  release(): Promise<void>;
};

const BATCH = 250;

/**
 * `fn` over batches of rows: its inputs are [batch, …shape], and so are its outputs. The last batch is filled up with
 * zeros, whose results are dropped.
 */
export async function compileRows(
  like: Weights,
  inputs: Record<string, { shape: readonly number[] }>,
  fn: (params: Tensors, state: Tensors, inputs: Tensors) => Tensors,
  { batch = BATCH, ...options }: RunOptions & { batch?: number },
): Promise<RowFunction> {
  const shapes = Object.fromEntries(
    Object.entries(inputs).map(([name, { shape }]) => [name, [batch, ...shape]]),
  );
  const weighted = await compileWeighted(like, shapes, fn, options);
  return {
    async over(weights, sources, count, each) {
      for (let start = 0; start < count; start += batch) {
        const feeds = Object.entries(shapes).map(([name, shape]) => {
          const data = new Float32Array(sizeOf(shape));
          sources[name]!.fill(start, data);
          return [name, { shape, data }] as const;
        });
        const outputs = Object.entries(await weighted.run(weights, Object.fromEntries(feeds)));
        for (let i = 0; i < Math.min(batch, count - start); i++)
          each(
            start + i,
            Object.fromEntries(
              outputs.map(([name, { data }]) => {
                const length = data.length / batch;
                return [name, data.subarray(i * length, (i + 1) * length)];
              }),
            ),
          );
      }
    },
    release: weighted.release,
  };
}

/** The same for weights that stand still: compiled, run over the sources, and released. */
export async function overRows(
  weights: Weights,
  sources: Record<string, RowSource>,
  count: number,
  fn: (params: Tensors, state: Tensors, inputs: Tensors) => Tensors,
  each: (row: number, outputs: Record<string, Float32Array>) => void,
  options: RunOptions & { batch?: number },
): Promise<void> {
  const rows = await compileRows(weights, sources, fn, options);
  await rows.over(weights, sources, count, each);
  await rows.release();
}
