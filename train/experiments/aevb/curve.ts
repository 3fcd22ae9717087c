// Trains by the protocol of Kingma & Welling 2013, Section 5, and measures on the way: Adagrad on batches of 100,
// initialisation and step size chosen in the first iterations on the training set.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Weights } from '../../evaluate/bounds/elbo.ts';
import type { HostTensors } from '../../model.ts';
import type { Initialisation } from '../../models/aevb.ts';
import { readSafetensors, writeSafetensors } from '../../run/safetensors.ts';
import { group } from '../../runner/names.ts';
import type { Context } from '../experiment.ts';
import { type Lap, RUNGS, race } from './race.ts';

export const BATCH_SIZE = 100;
/** Steps at the start in which Adagrad only gathers squared gradients (the authors' code). */
export const GATHERING_STEPS = 100;
/** Steps of Adagrad that the race begins with: those of the paper. */
export const STEP_SIZES = [0.01, 0.02, 0.1];
/** Steps that follow when the best is the smallest or the largest that was tried. */
const LADDER = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1];
export const INITIALISATIONS: Initialisation[] = [0.01, 0.1, 'fan-in'];

export type Candidate = { initialisation: Initialisation; stepSize: number };

/** A loss that is no finite number: training cannot go on from there. */
export class Diverged extends Error {}

/** A way of training, whose whole state is named tensors, `params/…` and `state/…` of the model among them. */
export type Method = {
  begin(initialisation: Initialisation): HostTensors;
  /** Goes on from update `from` to update `to`. @throws Diverged */
  advance(state: HostTensors, from: number, to: number, stepSize: number): Promise<HostTensors>;
  /** What candidates are judged by, on training images; larger is better. */
  score(weights: Weights): Promise<number>;
};

export type CurveOptions = {
  method: Method;
  /** Samples after which to measure, ascending multiples of the batch; the last one ends the run. */
  at: number[];
  /** The figures of a point. */
  measure(weights: Weights): Promise<number[]>;
  rungs?: readonly number[];
};

export type CurveResult = {
  candidate: Candidate;
  laps: Lap<Candidate>[];
  /** Samples, and what `measure` gave after them. */
  rows: number[][];
  weights: Weights;
  seconds: number;
};

type State = { tensors: HostTensors; samples: number; rows: number[][] };

const weightsOf = (tensors: HostTensors): Weights => ({
  params: group(tensors, 'params'),
  state: group(tensors, 'state'),
});

const text = (values: number[]): string => values.map((value) => value.toFixed(2)).join(' ');

/** The step next on the ladder to `best`, when that is at an edge of those `tried`. */
export function beyond(best: number, tried: readonly number[]): number | undefined {
  if (best === Math.min(...tried)) return LADDER.findLast((step) => step < best);
  if (best === Math.max(...tried)) return LADDER.find((step) => step > best);
  return undefined;
}

export async function trainCurve(
  { method, at, measure, rungs = RUNGS }: CurveOptions,
  context: Context,
): Promise<CurveResult> {
  const path = join(context.folder, 'last.safetensors');

  /** Trains on to `to` samples, measuring at the points on the way, the last one included. */
  async function advance(
    { candidate, from, to }: { candidate: Candidate; from: State; to: number },
    onPoint?: (state: State) => void,
  ): Promise<State> {
    let now = from;
    const stops = new Set([...at, to].filter((stop) => stop > from.samples && stop <= to));
    for (const samples of [...stops].sort((a, b) => a - b)) {
      const [start, end] = [now.samples, samples].map((count) => count / BATCH_SIZE) as [number, number];
      const tensors = await method.advance(now.tensors, start, end, candidate.stepSize);
      const row = at.includes(samples) ? [[samples, ...(await measure(weightsOf(tensors)))]] : [];
      now = { tensors, samples, rows: [...now.rows, ...row] };
      onPoint?.(now);
    }
    return now;
  }

  async function tryOut(candidate: Candidate, state: State | undefined, to: number) {
    const from = state ?? { tensors: method.begin(candidate.initialisation), samples: 0, rows: [] };
    if (Number.isNaN(from.samples)) return { state: from, score: Number.NaN };
    try {
      const reached = await advance({ candidate, from, to });
      const score = await method.score(weightsOf(reached.tensors));
      context.log(
        `${candidate.initialisation}, step ${candidate.stepSize}: ${to} samples: ${score.toFixed(2)}`,
      );
      return { state: reached, score };
    } catch (error) {
      if (!(error instanceof Diverged)) throw error;
      context.log(`${candidate.initialisation}, step ${candidate.stepSize}: ${error.message}`);
      return { state: { ...from, samples: Number.NaN }, score: Number.NaN };
    }
  }

  /** The winner of the race, and of the steps beyond the grid when it stood at the edge. */
  async function choose() {
    const candidates = INITIALISATIONS.flatMap((initialisation) =>
      STEP_SIZES.map((stepSize) => ({ initialisation, stepSize })),
    );
    const { winner, laps } = await race(candidates, rungs, tryOut);
    let best = winner;
    for (const tried = [...STEP_SIZES]; ; ) {
      const stepSize = beyond(best.candidate.stepSize, tried);
      if (stepSize === undefined) return { ...best, laps };
      tried.push(stepSize);
      const candidate = { ...best.candidate, stepSize };
      const samples = rungs.at(-1)!;
      const { state, score } = await tryOut(candidate, undefined, samples);
      laps.push({ candidate, samples, score });
      if (score > best.score) best = { candidate, state, score };
    }
  }

  const began = performance.now();
  type Saved = Pick<State, 'samples' | 'rows'> & Pick<CurveResult, 'candidate' | 'laps' | 'seconds'>;
  const saved = existsSync(path) ? readSafetensors(path) : undefined;
  const start = saved && (JSON.parse(saved.metadata.start!) as Saved);
  const chosen = start
    ? { ...start, state: { tensors: saved.tensors, samples: start.samples, rows: start.rows } }
    : await choose();
  const { candidate, laps } = chosen;
  const seconds = () => (start?.seconds ?? 0) + (performance.now() - began) / 1000;
  const save = ({ tensors, samples, rows }: State) => {
    const metadata = { candidate, laps, samples, rows, seconds: seconds() } satisfies Saved;
    writeSafetensors(path, tensors, { start: JSON.stringify(metadata) });
    context.log(`${samples} samples: ${text(rows.at(-1)?.slice(1) ?? [])} (${seconds().toFixed(0)} s)`);
  };
  if (!start) save(chosen.state);
  // A run that is beyond the limit already stands where it stands.
  const end = Math.max(chosen.state.samples, at.findLast((samples) => samples <= context.limit) ?? 0);
  const reached = await advance({ candidate, from: chosen.state, to: end }, save);
  return {
    candidate,
    laps,
    rows: reached.rows,
    weights: structuredClone(weightsOf(reached.tensors)),
    seconds: seconds(),
  };
}
