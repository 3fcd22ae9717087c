// The decoders that ship: how long loading takes, plan and weights included, and one picture; dreamlet's engine and
// onnxruntime-web in turn, in Node and in workerd.
import { readFileSync } from 'node:fs';
import type { PlainRow } from '../../figures/table.ts';
import { isAble } from '../../models/able.ts';
import type { ModelCard } from '../../models/card.ts';
import { build } from '../../scripts/build.ts';
import type { Engine } from '../../worker/engine/engine.ts';
import { createNodeEngine, createNodeReference } from '../../worker/node.ts';
import type { Report } from '../report.ts';
import { median } from '../statistics.ts';
import { feedsOf } from './feeds.ts';
import { get } from './load.ts';
import { startWorkerd } from './workerd.ts';

const ROUNDS = 7;
const LOADS = 4;
/** A round of pictures lasts about so long, and has at least and at most so many. */
const ROUND_MILLISECONDS = 60;
const RUNS = [32, 500] as const;

/** Pictures of a round, where one takes `milliseconds`. */
const runsFor = (milliseconds: number): number =>
  Math.min(RUNS[1], Math.max(RUNS[0], Math.ceil(ROUND_MILLISECONDS / milliseconds)));

/** Milliseconds of one load, and of one of so many pictures. */
async function once(engine: Engine, onnx: Uint8Array, runs: number): Promise<[load: number, run: number]> {
  const start = performance.now();
  const session = await engine.load(onnx);
  const feeds = feedsOf(session, 1);
  await session.run(feeds);
  const loaded = performance.now();
  for (let i = 0; i < runs; i++) await session.run(feeds);
  const done = performance.now();
  await session.release();
  return [loaded - start, (done - loaded) / runs];
}

const ratio = (peer: readonly number[], own: readonly number[]): number =>
  median(own.map((value, i) => peer[i]! / value));

export async function models(): Promise<Report> {
  await build();
  const cards: ModelCard[] = JSON.parse(readFileSync('dist/models/index.json', 'utf8'));
  const graphs = cards.flatMap((card) => {
    const graph = isAble(card, 'generate') ? card.graphs.decoder : card.graphs.completer;
    return graph ? [`${card.id}@${card.version}/${graph.file}`] : [];
  });
  const engines = [createNodeEngine(), createNodeReference()] as const;
  const workerd = await startWorkerd({ engines: 'bench/edge/engine-worker.ts' }, 'dist');
  const rows: PlainRow[] = [];
  try {
    for (const graph of graphs) {
      const onnx = readFileSync(`dist/models/${graph}`);
      const node = { loads: [[], []] as number[][], runs: [[], []] as number[][] };
      const edge = { loads: [[], []] as number[][], runs: [[], []] as number[][] };
      const ask = async (engine: string, query: string) =>
        (await get(`${workerd.urls.engines}/${engine}/models/${graph}?images=1&${query}`)).milliseconds;
      // The first round is not counted: it tells how many runs a round needs.
      const wanted: [number, number] = [RUNS[0], RUNS[0]];
      for (let round = -1; round < ROUNDS; round++)
        for (const [which, engine] of engines.entries()) {
          const n = wanted[which]!;
          const [load, run] = await once(engine, onnx, n);
          if (round < 0) wanted[which] = runsFor(run);
          const name = ['simd', 'ort'][which]!;
          // The clock of workerd stands still: differences between requests.
          const bare = await ask(name, 'loads=1&runs=1');
          const loads = ((await ask(name, `loads=${1 + LOADS}&runs=1`)) - bare) / LOADS;
          const runs = ((await ask(name, `loads=1&runs=${1 + n}`)) - bare) / n;
          if (round < 0) continue;
          node.loads[which]!.push(load);
          node.runs[which]!.push(run);
          edge.loads[which]!.push(loads);
          edge.runs[which]!.push(runs);
        }
      const columns = (where: string, { loads, runs }: typeof node) => ({
        [`load ms, ${where}`]: median(loads[0]!),
        [`onnxruntime-web loads, ${where}, times as long`]: ratio(loads[1]!, loads[0]!),
        [`picture ms, ${where}`]: median(runs[0]!),
        [`onnxruntime-web draws, ${where}, times as long`]: ratio(runs[1]!, runs[0]!),
      });
      rows.push({ graph, ...columns('workerd', edge), ...columns('Node', node) });
    }
  } finally {
    await workerd.stop();
  }
  return {
    title: 'The models that ship: loading, and one picture',
    protocol: `Loading is reading the file that is in memory, planning, and the first run; a picture is a run after that, the mean of ${RUNS[0]} to ${RUNS[1]}, so that a round lasts ${ROUND_MILLISECONDS} ms or more. Medians of ${ROUNDS} rounds, the engines in turn; ratios round by round. In workerd, where the clock stands still, differences between requests. Neither engine has another one to fall back on.`,
    seed: 'bench',
    packages: ['workerd', 'onnxruntime-web'],
    rows,
  };
}
