// A graph and the shapes of its inputs → the instructions that run it, each buffer with its place.
import type { Graph, Model, Node } from '../../../onnx/model.ts';
import { placeBuffers } from './arena.ts';
import { createBuilder } from './builder.ts';
import { initialise, KIND } from './initialiser.ts';
import type { Instruction } from './instruction.ts';
import { unknownAttribute } from './operators/known-attributes.ts';
import type { Scope } from './operators/operator.ts';
import { OPERATORS } from './operators/table.ts';
import { Unsupported } from './unsupported.ts';
import { type Buffer, elementsOf, type Kind, type Value, wrap } from './value.ts';

export const OPSETS = { oldest: 13, newest: 26 };

/** More work than this in one run is an error: it would seem to hang. */
const MAX_OPERATIONS = 2e11;

type Port = { name: string; kind: Kind; shape: readonly number[]; buffer: Buffer };

export type Plan = {
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
};

/** @throws Unsupported naming the first operator, attribute or opset that this engine does not run. */
export function requireSupported({ opset, graph }: Model): void {
  if (opset < OPSETS.oldest || opset > OPSETS.newest) throw new Unsupported('model', `opset ${opset}`);
  const unknown = graph.nodes.find(({ op }) => !Object.hasOwn(OPERATORS, op));
  if (unknown) throw new Unsupported(unknown.op, 'this operator');
  for (const node of graph.nodes) {
    const attribute = unknownAttribute(node);
    if (attribute !== undefined) throw new Unsupported(node.op, `attribute '${attribute}'`);
  }
}

/** Says where it was when an error does not say so itself. */
function naming<T>(where: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Error) || error.message.startsWith('simd: ')) throw error;
    throw new Error(`simd: ${where}: ${error.message}`);
  }
}

function lower(
  graph: Graph,
  opset: number,
  shapes: Record<string, readonly number[]>,
  intern: (recipe: string) => string,
) {
  const builder = createBuilder(intern);
  const values = new Map<string, Value>();
  const define = (name: string, value: Value): void => {
    if (values.has(name)) throw new Error(`simd: graph: '${name}' must be made once, is made again`);
    values.set(name, value);
  };

  const inputs: Port[] = [];
  const initialisers = new Set(graph.initialisers.map(({ name }) => name));
  for (const { name, type } of graph.inputs) {
    if (initialisers.has(name)) continue;
    const shape = shapes[name]!;
    const buffer: Buffer = { elements: naming(`input '${name}'`, () => elementsOf(shape)) };
    inputs.push({ name, kind: KIND[type], shape, buffer });
    define(name, wrap(KIND[type], shape, buffer));
  }
  for (const tensor of graph.initialisers)
    define(
      tensor.name,
      naming(`initialiser '${tensor.name}'`, () => initialise(builder, tensor)),
    );

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
      const nodes = readers.get(name);
      return nodes?.length === 1 && !results.has(name) ? nodes[0] : undefined;
    },
    find: (name) => values.get(name),
    absorb: (node, input) => absorbed.set(node, input),
  };

  for (const node of graph.nodes) {
    const given = node.inputs.map((name) => {
      const value = values.get(name);
      if (name !== '' && !value)
        throw new Error(`simd: ${node.op}: nothing before it makes its input '${name}'`);
      return value;
    });
    const handedOn = absorbed.get(node);
    const made =
      handedOn === undefined
        ? naming(node.op, () => OPERATORS[node.op]!(builder, node, given, scope))
        : [given[handedOn]!];
    node.outputs.forEach((name, i) => {
      if (name === '') return;
      const value = made[i];
      if (!value) throw new Unsupported(node.op, `its output number ${i + 1}`);
      define(name, value);
    });
  }

  const outputs = graph.outputs.map(({ name }): Port => {
    const value = values.get(name);
    if (!value) throw new Error(`simd: graph: nothing makes its output '${name}'`);
    const { view, kind, shape } = builder.arranged(value);
    return { name, kind, shape, buffer: view.buffer };
  });
  return { instructions: builder.instructions, inputs, outputs };
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

/**
 * @param shapes of every input, by name
 * @param intern names constants, see builder.ts
 * @param resident whether a constant of that name is in the memory already
 * @throws Unsupported when another engine may run the graph; Error when it is wrong.
 */
export function makePlan(
  { graph, opset }: Model,
  shapes: Record<string, readonly number[]>,
  intern: (recipe: string) => string,
  resident: (constant: string) => boolean,
): Plan {
  const { instructions, inputs, outputs } = lower(graph, opset, shapes, intern);
  const wanted = new Set(outputs.map(({ buffer }) => buffer));
  const missing = ({ constant }: Buffer) => constant === undefined || !resident(constant);
  const kept = instructions.toReversed().filter(({ reads, writes }) => {
    if (!writes.some((buffer) => wanted.has(buffer) && missing(buffer))) return false;
    for (const buffer of reads) wanted.add(buffer);
    return true;
  });
  kept.reverse();
  const operations = kept.reduce((sum, instruction) => sum + instruction.operations, 0);
  if (operations > MAX_OPERATIONS)
    throw new Error(`simd: graph: at most ${MAX_OPERATIONS} operations, this takes ${operations}`);

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
  };
}
