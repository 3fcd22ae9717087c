// A graph and the shapes of its inputs → the instructions that run it, each buffer with its place.
import type { Model, Node } from '../../../onnx/model.ts';
import { placeBuffers } from './arena.ts';
import { createBuilder, type Intern } from './builder.ts';
import { transferCost } from './costs.ts';
import { type ElementType, elementType } from './element-type.ts';
import type { Fed } from './feeds.ts';
import { initialise } from './initialiser.ts';
import type { Instruction } from './instruction.ts';
import type { Scope } from './operators/operator.ts';
import { OPERATORS } from './operators/table.ts';
import { Unsupported } from './unsupported.ts';
import { type Buffer, elementsOf, known, type Value, wrap } from './value.ts';

type Port = { name: string; type: ElementType; shape: readonly number[]; buffer: Buffer };

export type Plan = {
  /** Those that go into the memory; an input whose numbers the plan depends on need not. */
  inputs: Port[];
  outputs: Port[];
  /** Makes the constants that are not there yet; runs once. */
  prologue: Instruction[];
  /** Runs every time. */
  main: Instruction[];
  /** Constants that `main` reads. */
  constants: Buffer[];
  /** Places of all other buffers, in bytes from the beginning of the arena. */
  offsets: Map<Buffer, number>;
  arenaBytes: number;
  /** What a slow core takes to make the constants that are not there yet, and for a run. */
  nanoseconds: { prologue: number; main: number };
};

/** Says where it was when a refusal does not say so itself; a fault of the engine goes through as it is. */
function naming<T>(where: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Error) || error.constructor !== Error || error.message.startsWith('simd: '))
      throw error;
    throw new Error(`simd: ${where}: ${error.message}`);
  }
}

/**
 * About what planning costs on a slow core, in nanoseconds: for a node, an instruction, a number that is known and may be
 * computed with, and one that is only put into the memory.
 */
const COSTS = { node: 20_000, instruction: 20_000, known: 500, stored: 100 };

/** Values of all names, and the instructions that make them. @throws as `makePlan` does. */
export function lower(
  { graph, opset }: Model,
  feeds: ReadonlyMap<string, Fed>,
  intern: Intern,
  maxMilliseconds: number,
) {
  let spent = 0;
  let counted = 0;
  /** Stops where it has taken as long as it may. */
  const spend = (made: readonly (Value | undefined)[]): void => {
    const { instructions } = builder;
    spent += COSTS.node + COSTS.instruction * (instructions.length - counted);
    for (const value of made) spent += COSTS.known * (value?.known?.length ?? 0);
    for (; counted < instructions.length; counted++)
      if (instructions[counted]!.reads.length === 0)
        spent += COSTS.stored * instructions[counted]!.writes[0]!.elements;
    if (spent > 1e6 * maxMilliseconds)
      throw new Error(`simd: graph: planning it would take more than ${maxMilliseconds} ms on a slow core`);
  };
  const builder = createBuilder(intern);
  const values = new Map<string, Value>();
  const inputs: Port[] = [];
  const stored = new Map(graph.initialisers.map((tensor) => [tensor.name, tensor]));
  for (const { name, type: declared } of graph.inputs) {
    if (stored.has(name)) continue;
    const where = `input '${name}'`;
    const type = elementType(declared, where);
    const { shape, numbers } = feeds.get(name)!;
    const elements = naming(where, () => elementsOf(shape));
    if (numbers) values.set(name, known(type, shape, numbers));
    else {
      const buffer: Buffer = { elements };
      inputs.push({ name, type, shape, buffer });
      values.set(name, wrap(type, shape, buffer));
    }
  }
  /** The value of a name; a constant of the file is made when it is first asked for. */
  const find = (name: string): Value | undefined => {
    const value = values.get(name);
    const tensor = value ? undefined : stored.get(name);
    if (!tensor) return value;
    const where = `initialiser '${name}'`;
    const made = naming(where, () => initialise(builder, tensor, where));
    values.set(name, made);
    return made;
  };

  const readers = new Map<string, Node[]>();
  for (const node of graph.nodes)
    for (const name of node.inputs) {
      const list = readers.get(name);
      if (list) list.push(node);
      else readers.set(name, [node]);
    }
  const results = new Set(graph.outputs.map(({ name }) => name));
  const absorbed = new Map<Node, number>();
  const scope: Scope = {
    opset,
    onlyConsumer(name) {
      const nodes = name === '' ? undefined : readers.get(name);
      return nodes?.length === 1 && !results.has(name) ? nodes[0] : undefined;
    },
    find,
    absorb: (node, input) => absorbed.set(node, input),
  };

  for (const node of graph.nodes) {
    const given = node.inputs.map((name) => (name === '' ? undefined : find(name)));
    const handedOn = absorbed.get(node);
    const made =
      handedOn === undefined
        ? naming(node.op, () => OPERATORS[node.op]!(builder, node, given, scope))
        : [given[handedOn]!];
    spend(made);
    node.outputs.forEach((name, i) => {
      if (name === '') return;
      const value = made[i];
      if (!value) throw new Unsupported(node.op, `its output number ${i + 1}`);
      values.set(name, value);
    });
  }

  const outputs = graph.outputs.map(({ name }): Port => {
    const { view, type, shape } = naming(`output '${name}'`, () => builder.arranged(find(name)!));
    return { name, type, shape, buffer: view.buffer };
  });
  return { instructions: builder.instructions, inputs, outputs, find };
}

/** One constant after the other, each just before it is needed, so that what it is made from soon makes room. */
function inOrderOfNeed(instructions: readonly Instruction[], targets: readonly Buffer[]): Instruction[] {
  const makers = new Map(
    instructions.flatMap((instruction) => instruction.writes.map((buffer) => [buffer, instruction] as const)),
  );
  const ordered = new Set<Instruction>();
  const stack = targets.toReversed().flatMap((buffer) => makers.get(buffer) ?? []);
  while (stack.length > 0) {
    const next = stack.at(-1)!;
    const missing = next.reads
      .flatMap((buffer) => makers.get(buffer) ?? [])
      .filter((one) => !ordered.has(one));
    if (missing.length > 0) stack.push(...missing);
    else ordered.add(stack.pop()!);
  }
  return [...ordered];
}

const total = (instructions: readonly Instruction[]): number =>
  instructions.reduce((sum, { nanoseconds }) => sum + nanoseconds, 0);

/**
 * @param feeds of every input, by name
 * @param intern names constants, see builder.ts
 * @param resident whether a constant of that name is in the memory already
 * @param maxMilliseconds what planning may take on a slow core
 * @throws Unsupported when another engine may run the graph; Error when it is wrong.
 */
export function makePlan(
  model: Model,
  feeds: ReadonlyMap<string, Fed>,
  intern: Intern,
  resident: (constant: string) => boolean,
  maxMilliseconds: number,
): Plan {
  const { instructions, inputs, outputs } = lower(model, feeds, intern, maxMilliseconds);
  const wanted = new Set(outputs.map(({ buffer }) => buffer));
  const missing = ({ constant }: Buffer) => constant === undefined || !resident(constant);
  const kept = instructions.toReversed().filter(({ reads, writes }) => {
    if (!writes.some((buffer) => wanted.has(buffer) && missing(buffer))) return false;
    for (const buffer of reads) wanted.add(buffer);
    return true;
  });
  kept.reverse();
  const isConstant = ({ constant }: Buffer) => constant !== undefined;
  const main = kept.filter(({ writes }) => !writes.every(isConstant));
  const results = outputs.map(({ buffer }) => buffer);
  const constants = [...new Set([...main.flatMap(({ reads }) => reads), ...results])].filter(isConstant);

  const making = kept.filter(({ writes }) => writes.every(isConstant));
  const prologue = inOrderOfNeed(making, constants);
  const stays = new Set(constants);
  const temporary = placeBuffers(prologue, (buffer) => !stays.has(buffer), [], []);
  const arena = placeBuffers(
    main,
    (buffer) => !isConstant(buffer),
    inputs.map(({ buffer }) => buffer),
    results,
  );
  return {
    inputs,
    outputs,
    prologue,
    main,
    constants,
    offsets: new Map([...temporary.offsets, ...arena.offsets]),
    arenaBytes: Math.max(temporary.bytes, arena.bytes),
    nanoseconds: {
      prologue: total(prologue),
      main:
        total(main) +
        transferCost([...inputs, ...outputs].reduce((n, { shape }) => n + elementsOf(shape), 0)),
    },
  };
}
