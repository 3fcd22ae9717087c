// One loaded graph: its memory, the plans for what it was fed, and the constants that they share.
import type { Model, ValueInfo } from '../../../onnx/model.ts';
import type { Session, Tensor, TensorSpec } from '../engine.ts';
import { bytesOf } from './arena.ts';
import { createIntern } from './builder.ts';
import { isInteger } from './element-type.ts';
import { type Fed, fedNumbers, keyOf, requireFeed, sameNumbers, wholeNumbers } from './feeds.ts';
import type { AddressOf } from './instruction.ts';
import { isBatchInvariant } from './invariance.ts';
import type { Memory } from './memory.ts';
import { makePlan, type Plan } from './plan.ts';
import { valuedInputs } from './valued.ts';
import { forgetWeights, recallWeights } from './weights.ts';

export type Limits = {
  /** Memory that one session may take, weights included. */
  maxBytes: number;
  /** About what loading, and what one run, may take on a slow core. */
  maxMilliseconds: number;
};

/** Plans kept, one for each combination of input shapes; the least recently used goes first. */
const MAX_PLANS = 16;

const toSpec = ({ name, shape }: ValueInfo): TensorSpec => ({ name, shape });

/** A plan with addresses; they hold while runs calculate at `base`. */
type Bound = {
  plan: Omit<Plan, 'prologue' | 'constants'>;
  feeds: ReadonlyMap<string, Fed>;
  base: number;
  at: AddressOf;
  steps: (() => void)[];
};

/** What one session has taken of the memory. */
function createRoom(memory: Memory) {
  const taken = new Map<number, number>();
  return {
    bytes: () => [...taken.values()].reduce((sum, bytes) => sum + bytes, 0),
    take(bytes: number): number {
      const address = memory.take(bytes);
      if (bytes > 0) taken.set(address, bytes);
      return address;
    },
    free(): void {
      for (const [address, bytes] of taken) memory.give(address, bytes);
      taken.clear();
    },
  };
}

/**
 * @param fileBytes how long the file is
 * @param again reads the model again; without it, the bytes of the file are kept for plans to come
 * @returns the session, and what gives back its memory, which holds nothing of the session itself
 * @throws Unsupported, or Error for a graph that is wrong, or asks for more than the limits
 */
export function createSession(
  model: Model,
  memory: Memory,
  { maxBytes, maxMilliseconds }: Limits,
  fileBytes: number,
  again?: () => Promise<Model>,
): { session: Session; free: () => void } {
  const { kernels } = memory;
  const addresses = new Map<string, number>();
  const plans = new Map<string, Bound>();
  const room = createRoom(memory);
  let intern = createIntern();
  let forgotten = false;
  let released = false;
  let invariant: boolean | undefined;
  let last: Bound | undefined;

  /** Where the buffers of a plan lie: constants at their own addresses, the others where runs calculate. */
  const addressIn =
    ({ offsets }: Pick<Plan, 'offsets'>, base: number): AddressOf =>
    (buffer) =>
      (buffer.constant === undefined ? undefined : addresses.get(buffer.constant)) ??
      base + offsets.get(buffer)!;

  function bind(plan: Bound['plan'], feeds: ReadonlyMap<string, Fed>): Bound {
    const base = memory.workspace(plan.arenaBytes);
    const at = addressIn(plan, base);
    return { plan, feeds, base, at, steps: plan.main.map((instruction) => instruction.bind(kernels, at)) };
  }

  function clear(): void {
    plans.clear();
    addresses.clear();
    intern = createIntern();
    last = undefined;
    room.free();
  }

  function requireTime(nanoseconds: number, what: string): void {
    const milliseconds = Math.ceil(nanoseconds / 1e6);
    if (milliseconds > maxMilliseconds)
      throw new Error(
        `simd: graph: ${what} would take about ${milliseconds} ms on a slow core, ${maxMilliseconds} ms are allowed`,
      );
  }

  /** Nothing where the plan needs numbers of the file that are forgotten. */
  function prepare(feeds: ReadonlyMap<string, Fed>): Bound | undefined {
    const { prologue, constants, ...plan } = makePlan(
      model,
      feeds,
      intern,
      (constant) => addresses.has(constant),
      maxMilliseconds,
    );
    requireTime(plan.nanoseconds.prologue, 'making its constants');
    requireTime(plan.nanoseconds.main, 'a run');
    const added = new Map<string, number>();
    let end = 0;
    for (const buffer of constants) {
      if (addresses.has(buffer.constant!) || added.has(buffer.constant!)) continue;
      added.set(buffer.constant!, end);
      end += bytesOf(buffer);
    }
    const bytes = room.bytes() + end + plan.arenaBytes;
    if (bytes > maxBytes && plans.size > 0) {
      // Constants of shapes that were fed once have filled the memory: begin anew.
      clear();
      return prepare(feeds);
    }
    if (bytes > maxBytes) throw new Error(`simd: memory: at most ${maxBytes} bytes, this takes ${bytes}`);
    if (forgotten && prologue.some(({ file }) => file)) return undefined;
    const base = memory.workspace(plan.arenaBytes);
    const start = room.take(end);
    for (const [constant, offset] of added) addresses.set(constant, start + offset);
    try {
      for (const instruction of prologue) instruction.bind(kernels, addressIn(plan, base))();
    } catch (error) {
      // Some constants are not there.
      clear();
      throw error;
    }
    return bind(plan, feeds);
  }

  function planFor(feeds: ReadonlyMap<string, Fed>): Bound | undefined {
    const key = keyOf(feeds);
    let bound = plans.get(key);
    plans.delete(key);
    if (!bound) bound = prepare(feeds);
    else if (bound.base !== memory.workspace(bound.plan.arenaBytes)) bound = bind(bound.plan, feeds);
    if (!bound) return undefined;
    plans.set(key, bound);
    if (plans.size > MAX_PLANS) plans.delete(plans.keys().next().value!);
    return bound;
  }

  function requireHeld(): void {
    if (released) throw new Error('simd: session: it was released, and cannot run');
  }

  /** Makes a plan that needs the file; it is kept among the others. */
  async function planAgain(feeds: ReadonlyMap<string, Fed>): Promise<void> {
    const found = await again!();
    requireHeld();
    recallWeights(model, found);
    forgotten = false;
    try {
      planFor(feeds);
    } finally {
      forget();
    }
  }

  function forget(): void {
    if (!again) return;
    forgetWeights(model);
    forgotten = true;
  }

  const initialisers = new Set(model.graph.initialisers.map(({ name }) => name));
  const inputs = model.graph.inputs.filter(({ name }) => !initialisers.has(name));
  const valued = valuedInputs(model);
  /** Whether the plan that ran last takes these feeds as they are: the usual case, and the quick one. */
  const fits = (feeds: Record<string, Tensor>, { feeds: planned, base }: Bound): boolean =>
    base === memory.workspace(0) &&
    inputs.every(({ name }) => {
      const feed = Object.hasOwn(feeds, name) ? feeds[name] : undefined;
      const { shape, numbers } = planned.get(name)!;
      return (
        feed?.data instanceof Float32Array &&
        feed.shape?.length === shape.length &&
        shape.every((size, axis) => feed.shape[axis] === size) &&
        feed.data.length === shape.reduce((n, size) => n * size, 1) &&
        (!numbers || sameNumbers(feed.data, numbers))
      );
    });
  const fedTo = (feeds: Record<string, Tensor>): ReadonlyMap<string, Fed> =>
    new Map(
      inputs.map((input) => {
        const { shape, data } = requireFeed(input, feeds);
        return [input.name, valued.has(input.name) ? { shape, numbers: fedNumbers(input, data) } : { shape }];
      }),
    );

  /** A shape that the file does not declare is that of the first plan. */
  const outputSpec = ({ name, shape, unranked }: ValueInfo, i: number): TensorSpec => {
    const planned = unranked ? [...plans.values()].at(-1)?.plan.outputs[i]?.shape : undefined;
    return { name, shape: planned?.map((_, axis) => `${name}_axis${axis}`) ?? shape };
  };

  // Whether the graph can be run shows here, where its sizes are known, and not only when it is first fed.
  const likely = inputs.map(({ shape }) => shape.map((size) => (typeof size === 'string' ? 1 : size)));
  try {
    if (valued.size === 0) planFor(new Map(inputs.map(({ name }, i) => [name, { shape: likely[i]! }])));
  } catch (error) {
    room.free();
    const guessed = inputs.some(({ shape }) => shape.some((size) => typeof size === 'string'));
    if (!guessed || !(error instanceof Error) || error.constructor !== Error) throw error;
  }

  forget();

  const session: Session = {
    inputs: inputs.map(toSpec),
    outputs: model.graph.outputs.map(outputSpec),
    get batchInvariant() {
      invariant ??= isBatchInvariant(model, maxMilliseconds);
      return invariant;
    },
    bytes: () => room.bytes() + (again ? 0 : fileBytes),
    async run(feeds) {
      requireHeld();
      if (!feeds || typeof feeds !== 'object')
        throw new Error(`simd: session: feeds must be tensors by name, got ${feeds}`);
      if (!last || !fits(feeds, last)) {
        const fed = fedTo(feeds);
        let bound = planFor(fed);
        while (!bound) {
          await planAgain(fed);
          requireHeld();
          // Meanwhile others may have moved the place where runs calculate.
          bound = planFor(fed);
        }
        last = bound;
      }
      // From here to the answer nothing waits: all sessions calculate in the same place.
      const { plan, steps, at } = last;
      for (const { name, type, buffer } of plan.inputs) {
        const { data } = feeds[name]!;
        if (isInteger(type)) kernels.integers.set(wholeNumbers(name, type, data), at(buffer) / 4);
        else kernels.floats.set(data, at(buffer) / 4);
      }
      for (const step of steps) step();
      return Object.fromEntries(
        plan.outputs.map(({ name, type, shape, buffer }) => {
          const start = at(buffer) / 4;
          const end = start + buffer.elements;
          const data = isInteger(type)
            ? new Float32Array(kernels.integers.subarray(start, end))
            : kernels.floats.slice(start, end);
          return [name, { shape: [...shape], data }];
        }),
      );
    },
    async release() {
      released = true;
      clear();
    },
  };
  return { session, free: room.free };
}
