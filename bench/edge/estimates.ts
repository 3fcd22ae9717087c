// What the engine says beforehand that a run will cost (worker/engine/simd/costs.ts), against what it does cost: a kernel
// of each kind, on graphs large enough that nothing else counts.
import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import type { PlainRow } from '../../figures/table.ts';
import { decodeModel } from '../../onnx/decode.ts';
import { encodeModel } from '../../onnx/model.ts';
import { KERNELS } from '../../scripts/kernels.ts';
import { createGraph, type GraphBuilder, int, ints, string } from '../../test/worker/engine/graph.ts';
import type { Tensor } from '../../worker/engine/engine.ts';
import { ALIGNMENT, bytesOf } from '../../worker/engine/simd/arena.ts';
import { createIntern } from '../../worker/engine/simd/builder.ts';
import { SLOW_CORE } from '../../worker/engine/simd/costs.ts';
import { instantiate } from '../../worker/engine/simd/kernels.ts';
import { makePlan, type Plan } from '../../worker/engine/simd/plan.ts';
import type { Buffer } from '../../worker/engine/simd/value.ts';
import type { Report } from '../report.ts';

const ROUNDS = 500;
const ROUND_MILLISECONDS = 0.6;

const unary = (op: string) => (g: GraphBuilder) =>
  g.node(op, [g.operand([1 << 16], { numbers: 'positive' })]);
const image = (g: GraphBuilder, channels: number, side: number) => g.operand([1, channels, side, side]);
const conv =
  (channels: number, outputs: number, side: number, group = 1) =>
  (g: GraphBuilder) =>
    g.node(
      'Conv',
      [image(g, channels, side), g.operand([outputs, channels / group, 3, 3], { constant: true })],
      {
        group: int(group),
        pads: ints([1, 1, 1, 1]),
      },
    );
const product =
  (a: readonly number[], b: readonly number[], constant = true) =>
  (g: GraphBuilder) =>
    g.node('MatMul', [g.operand(a), g.operand(b, { constant })]);

export const GRAPHS: Record<string, (g: GraphBuilder) => string> = {
  ...Object.fromEntries(
    ['Relu', 'Exp', 'Log', 'Erf', 'Tanh', 'Sigmoid', 'Softplus', 'Elu', 'Sin', 'Cos'].map((op) => [
      op,
      unary(op),
    ]),
  ),
  Pow: (g) => g.node('Pow', [g.operand([1 << 14], { numbers: 'positive' }), g.operand([1 << 14])]),
  'Add, whole': (g) => g.node('Add', [g.operand([1 << 16]), g.operand([1 << 16])]),
  'Add, transposed': (g) =>
    g.node('Add', [
      g.node('Transpose', [g.operand([256, 256])], { perm: ints([1, 0]) }),
      g.operand([256, 256]),
    ]),
  'Add, rows of 3': (g) => g.node('Add', [g.operand([1 << 14, 3]), g.operand([1 << 14, 1])]),
  '200 Neg of 1': (g) => {
    let x = g.operand([1]);
    for (let i = 0; i < 200; i++) x = g.node('Neg', [x]);
    return x;
  },
  'ReduceSum, last axis': (g) => g.node('ReduceSum', [g.operand([256, 256]), g.integers([1])]),
  'ReduceMax, first axis': (g) => g.node('ReduceMax', [g.operand([256, 256])], { axes: ints([0]) }),
  'ReduceSum, rows of 2': (g) => g.node('ReduceSum', [g.operand([1 << 14, 2]), g.integers([1])]),
  'MatMul 1 × 1024 × 1024': product([1, 1024], [1024, 1024]),
  'MatMul 64 × 256 × 256': product([64, 256], [256, 256]),
  'MatMul 64 × 256 × 256, fed': product([64, 256], [256, 256], false),
  'MatMul 512 × 4 × 4': product([512, 4], [4, 4]),
  'MatMul 2048 of 4 × 4 × 4': product([2048, 4, 4], [2048, 4, 4], false),
  'MatMul 8192 of 1': product([8192, 1, 1], [8192, 1, 1], false),
  'Conv 64 → 64, 3 × 3': conv(64, 64, 16),
  'Conv 3 → 4, 3 × 3': conv(3, 4, 64),
  'Conv 64 groups': conv(64, 64, 16, 64),
  'ConvTranspose 64 → 32, 4 × 4': (g) =>
    g.node('ConvTranspose', [image(g, 64, 8), g.operand([64, 32, 4, 4], { constant: true })], {
      strides: ints([2, 2]),
      pads: ints([1, 1, 1, 1]),
    }),
  'Gather of rows': (g) =>
    g.node('Gather', [
      g.operand([256, 64]),
      g.integers(Array.from({ length: 1024 }, (_, i) => (7 * i) % 256)),
    ]),
  'Gather of numbers': (g) =>
    g.node('Gather', [g.operand([4096]), g.integers(Array.from({ length: 4096 }, (_, i) => (7 * i) % 4096))]),
  'Resize, nearest': (g) =>
    g.node('Resize', [image(g, 16, 32), '', g.constant('float32', [4], [1, 1, 2, 2])], {
      mode: string('nearest'),
    }),
  'Resize, linear': (g) =>
    g.node('Resize', [image(g, 16, 32), '', g.constant('float32', [4], [1, 1, 2, 2])], {
      mode: string('linear'),
    }),
  MaxPool: (g) =>
    g.node('MaxPool', [image(g, 32, 32)], { kernel_shape: ints([2, 2]), strides: ints([2, 2]) }),
  Softmax: (g) => g.node('Softmax', [g.operand([256, 256])]),
};

/** The instructions of a plan, in a memory of their own. */
async function bound(plan: Plan, feeds: Record<string, Tensor>): Promise<() => void> {
  const kernels = await instantiate(new WebAssembly.Module(readFileSync(KERNELS)));
  let top = Math.ceil(kernels.heapBase() / ALIGNMENT) * ALIGNMENT;
  const places = new Map<string, number>();
  for (const buffer of plan.constants) {
    places.set(buffer.constant!, top);
    top += bytesOf(buffer);
  }
  kernels.reserve(top + plan.arenaBytes + 2 * ALIGNMENT);
  const at = (buffer: Buffer): number =>
    (buffer.constant === undefined ? undefined : places.get(buffer.constant)) ??
    top + plan.offsets.get(buffer)!;
  for (const instruction of plan.prologue) instruction.bind(kernels, at)();
  const steps = plan.main.map((instruction) => instruction.bind(kernels, at));
  return () => {
    // Their places are used again once they have been read.
    for (const { name, buffer } of plan.inputs) kernels.floats.set(feeds[name]!.data, at(buffer) / 4);
    for (const step of steps) step();
  };
}

/** Microseconds of one run, over one round. */
function roundOf(run: () => void): number {
  const start = performance.now();
  let runs = 0;
  for (; performance.now() - start < ROUND_MILLISECONDS; runs++) run();
  return (1000 * (performance.now() - start)) / runs;
}

/** What `make` builds, planned: the microseconds that it is said to take, and what measures a round of it. */
export async function estimated(make: (g: GraphBuilder) => string) {
  const graph = createGraph({ opset: 17 });
  const { model, feeds } = graph.finish({ [make(graph)]: 4 });
  const fed = new Map(Object.entries(feeds).map(([name, { shape }]) => [name, { shape }]));
  const plan = makePlan(
    decodeModel(encodeModel(model)),
    fed,
    createIntern(),
    () => false,
    Number.POSITIVE_INFINITY,
  );
  const run = await bound(plan, feeds);
  const estimate = plan.main.reduce((sum, { nanoseconds }) => sum + nanoseconds, 0) / 1000;
  return { estimate, round: () => roundOf(run) };
}

export async function estimates(): Promise<Report> {
  // As workerd compiles it: every load and store is checked.
  setFlagsFromString('--wasm-enforce-bounds-checks');
  const rows: PlainRow[] = [];
  for (const [what, make] of Object.entries(GRAPHS)) {
    const { estimate, round } = await estimated(make);
    // The least of several rounds: what others do on the same core only adds.
    const took = Math.min(...Array.from({ length: ROUNDS }, round));
    rows.push({
      what,
      'estimate µs, slow core': estimate,
      'µs here': took,
      'times as long': estimate / took,
    });
  }
  return {
    title: 'What a run is said to cost before it is begun, against what it costs',
    protocol: `The engine refuses what would take a slow core longer than it is allowed: one ${SLOW_CORE} times as slow as this one. One kernel each, in Node with memory checked as in workerd; the least of ${ROUNDS} rounds of ${ROUND_MILLISECONDS} ms.`,
    seed: 'case',
    packages: [],
    rows,
  };
}
