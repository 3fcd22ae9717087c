// docs/measurements.md: what benchmarks measured, in full; and the three ratios of it that README leads with.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatNumber } from '../figures/numbers.ts';
import { markdownOf, type PlainRow, plainTable } from '../figures/table.ts';

const BENCHMARKS = [
  'train-step',
  'engine',
  'models',
  'edge',
  'costs',
  'saturation',
  'integer',
  'png',
] as const;
type Name = (typeof BENCHMARKS)[number] | 'sizes';

export type Bench = {
  title: string;
  protocol: string;
  date: string;
  machine: { processor: string; cores: number; node: string };
  rows: PlainRow[];
};

/** What a benchmark left under `root`; nothing where it was not run. */
export function readBench(root: string, name: Name): Bench | undefined {
  const file = join(root, `bench-${name}.json`);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

function section(root: string, name: Name): string[] {
  const bench = readBench(root, name);
  if (!bench) return [];
  const { title, protocol, date, machine, rows } = bench;
  return [
    `## ${title}`,
    `${machine.processor}, ${machine.cores} cores, Node ${machine.node}, ${date} ([figures](../${root}/bench-${name}.json)).`,
    markdownOf(plainTable(rows)),
    protocol,
  ];
}

export const renderMeasurements = (root: string): string =>
  `${[
    '# Measurements',
    'Made by `npm run report` from the files that `npm run bench -- <name> --json=results/bench-<name>.json` leaves: `train-step`, `engine`, `models`, `edge`, `costs`, `saturation`, `integer` and `png`. Each figure stands beside that of a peer in the same run. “Times as long” above 1 means that the peer is slower.',
    ...BENCHMARKS.flatMap((name) => section(root, name)),
  ].join('\n\n')}\n`;

/** @throws Error naming the benchmark that has no such row or column. */
export function cell(bench: Bench, row: string, column: string): number {
  const found = bench.rows.find((one) => Object.values(one)[0] === row)?.[column];
  if (typeof found !== 'number')
    throw new Error(`report: “${bench.title}” has no number '${column}' of '${row}'`);
  return found;
}

/** One line for each benchmark that was run: what takes how many times as long as it does here. */
export function headlines(root: string): string[] {
  const [step, engine, edge] = (['train-step', 'engine', 'edge'] as const).map((name) =>
    readBench(root, name),
  );
  const lines: string[] = [];
  if (step) {
    const times = cell(step, 'TensorFlow.js wasm', 'times dreamlet');
    const own = cell(step, 'dreamlet, compiled', 'ms per step');
    lines.push(
      `**${formatNumber(times, 1)} ×**: a training step of a VAE takes ${formatNumber(own, 1)} ms; TensorFlow.js on WebAssembly takes that many times as long.`,
    );
  }
  if (engine) {
    const times = engine.rows.map((row) => Number(row['onnxruntime-web, workerd, times as long']));
    lines.push(
      `**${formatNumber(Math.min(...times), 1)} to ${formatNumber(Math.max(...times), 1)} ×**: onnxruntime-web takes that many times as long as dreamlet’s engine to decode one image or many, both on one thread of workerd.`,
    );
  }
  if (edge) {
    const [own, peer] = ['', ', onnxruntime-web'].map((by) =>
      cell(edge, `first image of a new process${by}`, 'p50 ms'),
    ) as [number, number];
    lines.push(
      `**${formatNumber(peer / own, 0)} ×**: the first image of a new process is there after ${formatNumber(own, 0)} ms, with onnxruntime-web inside the same worker after ${formatNumber(peer, 0)} ms.`,
    );
  }
  return lines;
}
