// One loaded graph: its memory, the plans for the shapes it was fed, and the constants that they share.
import type { Model, ValueInfo } from '../../../onnx/model.ts';
import type { Session, Tensor, TensorSpec } from '../engine.ts';
import { ALIGNMENT, bytesOf } from './arena.ts';
import type { AddressOf } from './instruction.ts';
import type { Kernels } from './kernels.ts';
import { makePlan, type Plan } from './plan.ts';
import { Unsupported } from './unsupported.ts';

/** Plans kept, one for each combination of input shapes; the least recently used goes first. */
const MAX_PLANS = 16;

const toSpec = ({ name, shape }: ValueInfo): TensorSpec => ({ name, shape });

/** A plan with addresses; they hold while the arena begins at `base`. */
type Bound = { plan: Plan; base: number; at: AddressOf; steps: (() => void)[] };

/** @param maxBytes memory that the session may take, weights included. @throws Unsupported, or Error for a graph that is wrong. */
export function createSession(model: Model, kernels: Kernels, maxBytes: number): Session {
  const names = new Map<string, string>();
  const addresses = new Map<string, number>();
  const plans = new Map<string, Bound>();
  // Constants grow from the bottom; the arena, which one run at a time uses, begins behind them.
  const bottom = Math.ceil(kernels.heapBase() / ALIGNMENT) * ALIGNMENT;
  let top = bottom;
  let released = false;
  let last: Bound | undefined;

  function intern(recipe: string): string {
    const name = names.get(recipe) ?? `${names.size}`;
    names.set(recipe, name);
    return name;
  }

  /** Where the buffers of a plan lie now: constants at their own addresses, the others in the arena. */
  const addressIn =
    ({ offsets }: Plan): AddressOf =>
    (buffer) =>
      (buffer.constant === undefined ? undefined : addresses.get(buffer.constant)) ??
      top + offsets.get(buffer)!;

  const bind = (plan: Plan): Bound => ({
    plan,
    base: top,
    at: addressIn(plan),
    steps: plan.main.map((instruction) => instruction.bind(kernels, addressIn(plan))),
  });

  function prepare(shapes: Record<string, readonly number[]>): Bound {
    const plan = makePlan(model, shapes, intern, (constant) => addresses.has(constant));
    let end = top;
    const added = new Map<string, number>();
    for (const buffer of plan.constants) {
      if (addresses.has(buffer.constant!) || added.has(buffer.constant!)) continue;
      added.set(buffer.constant!, end);
      end += bytesOf(buffer);
    }
    // Kernels may read a little past the last buffer.
    const bytes = end + plan.arenaBytes + 2 * ALIGNMENT;
    if (bytes > maxBytes && plans.size > 0) {
      // Constants of shapes that were fed once have filled the memory: begin anew.
      plans.clear();
      addresses.clear();
      names.clear();
      last = undefined;
      top = bottom;
      return prepare(shapes);
    }
    if (bytes > maxBytes) throw new Error(`simd: memory: at most ${maxBytes} bytes, this takes ${bytes}`);
    kernels.reserve(bytes);
    top = end;
    for (const [constant, address] of added) addresses.set(constant, address);
    for (const instruction of plan.prologue) instruction.bind(kernels, addressIn(plan))();
    return bind(plan);
  }

  function planFor(shapes: Record<string, readonly number[]>): Bound {
    const key = JSON.stringify(Object.values(shapes));
    let bound = plans.get(key);
    plans.delete(key);
    if (!bound) bound = prepare(shapes);
    else if (bound.base !== top) bound = bind(bound.plan);
    plans.set(key, bound);
    if (plans.size > MAX_PLANS) plans.delete(plans.keys().next().value!);
    return bound;
  }

  const initialisers = new Set(model.graph.initialisers.map(({ name }) => name));
  const inputs = model.graph.inputs.filter(({ name }) => !initialisers.has(name));
  /** Whether the plan that ran last takes these feeds as they are: the usual case, and the quick one. */
  const fits = (feeds: Record<string, Tensor>, { plan, base }: Bound): boolean =>
    base === top &&
    plan.inputs.every(({ name, shape, buffer }) => {
      const feed = feeds[name];
      return (
        feed?.data instanceof Float32Array &&
        feed.data.length === buffer.elements &&
        feed.shape.length === shape.length &&
        shape.every((size, axis) => feed.shape[axis] === size)
      );
    });
  const shapesOf = (feeds: Record<string, Tensor>): Record<string, readonly number[]> =>
    Object.fromEntries(inputs.map((input) => [input.name, requireFeed(input, feeds)]));

  // Whether the graph can be run shows here, where its sizes are known, and not only when it is first fed.
  const likely = inputs.map(({ shape }) => shape.map((size) => (typeof size === 'string' ? 1 : size)));
  try {
    planFor(Object.fromEntries(inputs.map(({ name }, i) => [name, likely[i]!])));
  } catch (error) {
    const guessed = inputs.some(({ shape }) => shape.some((size) => typeof size === 'string'));
    if (error instanceof Unsupported || !guessed) throw error;
  }

  return {
    inputs: inputs.map(toSpec),
    outputs: model.graph.outputs.map(toSpec),
    batchInvariant: true,
    bytes: () => kernels.bytes.length,
    async run(feeds) {
      if (released) throw new Error('simd: session: it was released, and cannot run');
      if (!last || !fits(feeds, last)) last = planFor(shapesOf(feeds));
      const { plan, steps, at } = last;
      for (const { name, kind, buffer } of plan.inputs) {
        const memory = kind === 'integer' ? kernels.integers : kernels.floats;
        memory.set(feeds[name]!.data, at(buffer) / 4);
      }
      for (const step of steps) step();
      return Object.fromEntries(
        plan.outputs.map(({ name, kind, shape, buffer }) => {
          const memory = kind === 'integer' ? kernels.integers : kernels.floats;
          const start = at(buffer) / 4;
          return [
            name,
            { shape: [...shape], data: Float32Array.from(memory.subarray(start, start + buffer.elements)) },
          ];
        }),
      );
    },
    async release() {
      released = true;
      plans.clear();
      last = undefined;
    },
  };
}

/** The shape of the tensor that is fed to an input. @throws Error naming input, rule and value. */
function requireFeed({ name, shape }: TensorSpec, feeds: Record<string, Tensor>): readonly number[] {
  const feed = feeds[name];
  if (!feed)
    throw new Error(`simd: input '${name}' must be fed, got ${Object.keys(feeds).join(', ') || 'nothing'}`);
  const fits =
    feed.shape.length === shape.length &&
    feed.shape.every(
      (size, i) => Number.isInteger(size) && size >= 0 && (typeof shape[i] === 'string' || shape[i] === size),
    );
  if (!fits) throw new Error(`simd: input '${name}' must have shape [${shape}], got [${feed.shape}]`);
  const elements = feed.shape.reduce((n, size) => n * size, 1);
  if (!(feed.data instanceof Float32Array))
    throw new Error(
      `simd: input '${name}' must be fed a Float32Array, got ${Object.prototype.toString.call(feed.data)}`,
    );
  if (feed.data.length !== elements)
    throw new Error(
      `simd: input '${name}' of shape [${feed.shape}] needs ${elements} numbers, got ${feed.data.length}`,
    );
  return feed.shape;
}
