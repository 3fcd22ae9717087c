// Trains by the protocol of Kingma & Welling 2013, Section 5, and measures on the way: Adagrad on batches of 100,
// initialisation and step size chosen in the first iterations on the training set.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Diverged, fitRounds } from '../../fit.ts';
import { readSafetensors, writeSafetensors } from '../../io/safetensors.ts';
import type { Feeds, HostTensors, Weights } from '../../model.ts';
import type { Initialisation } from '../../models/aevb.ts';
import { group, prefix } from '../../runner/names.ts';
import { flatten, type Learner, type TrainingState, unflatten } from '../../runner/step.ts';
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

/** Where a curve keeps how far it came. */
export const checkpointOf = (folder: string): string => join(folder, 'last.safetensors');

/** A way of training. */
export type Method = {
  learner: Learner;
  begin(initialisation: Initialisation): TrainingState;
  /** What it keeps besides: chains, of Monte Carlo EM. */
  beginOwn?(): HostTensors;
  /** What update `step` is fed, which depends on its number, the weights and `own`; that may change in place. */
  feeds(step: number, weights: () => Weights, own: HostTensors): Feeds | Promise<Feeds>;
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
  /** Samples after which the best step of each initialisation is judged once more; without it they race together. */
  final?: number;
};

export type CurveResult = {
  candidate: Candidate;
  laps: Lap<Candidate>[];
  /** Samples, and what `measure` gave after them. */
  rows: number[][];
  weights: Weights;
  seconds: number;
};

type State = { training: TrainingState; own: HostTensors; samples: number; rows: number[][] };

const text = (values: number[]): string => values.map((value) => value.toFixed(2)).join(' ');

/** The step next on the ladder to `best`, when that is at an edge of those `tried`. */
export function beyond(best: number, tried: readonly number[]): number | undefined {
  if (best === Math.min(...tried)) return LADDER.findLast((step) => step < best);
  if (best === Math.max(...tried)) return LADDER.find((step) => step > best);
  return undefined;
}

/** JSON has no NaN, which is the score of what diverged. */
const orDiverged = (name: string, value: unknown): unknown =>
  name === 'score' && value === null ? Number.NaN : value;

export async function trainCurve(
  { method, at, measure, rungs = RUNGS, final }: CurveOptions,
  context: Context,
): Promise<CurveResult> {
  const path = checkpointOf(context.folder);

  /** Trains on to `to` samples, measuring at the points on the way, the last one included. */
  async function advance(
    { candidate, from, to }: { candidate: Candidate; from: State; to: number },
    onPoint?: (state: State) => void,
  ): Promise<State> {
    const stops = [...new Set([...at, to])]
      .filter((stop) => stop > from.samples && stop <= to)
      .sort((a, b) => a - b);
    const { own } = from;
    let now = from;
    await fitRounds(
      {
        learner: () => method.learner,
        batchSize: BATCH_SIZE,
        rounds: stops.length,
        async *feeds(round, current) {
          for (let step = now.samples / BATCH_SIZE; step < stops[round]! / BATCH_SIZE; step++)
            yield await method.feeds(step, current, own);
        },
        schedule: ({ step }) => ({
          learningRate: step < GATHERING_STEPS ? 0 : candidate.stepSize,
          klWeight: 1,
        }),
        async onRound({ round, weights }) {
          const samples = stops[round - 1]!;
          const row = at.includes(samples) ? [[samples, ...(await measure(weights))]] : [];
          now = { training: weights, own, samples, rows: [...now.rows, ...row] };
          onPoint?.(now);
          return false;
        },
      },
      { round: 0, step: from.samples / BATCH_SIZE, weights: from.training },
      context,
    );
    return now;
  }

  async function tryOut(candidate: Candidate, state: State | undefined, to: number) {
    const from = state ?? {
      training: method.begin(candidate.initialisation),
      own: method.beginOwn?.() ?? {},
      samples: 0,
      rows: [],
    };
    if (Number.isNaN(from.samples)) return { state: from, score: Number.NaN };
    try {
      const reached = await advance({ candidate, from, to });
      const score = await method.score(reached.training);
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

  /** The winner of a race, and of the steps beyond the grid when it stood at the edge. */
  async function chooseAmong(initialisations: readonly Initialisation[]) {
    const candidates = initialisations.flatMap((initialisation) =>
      STEP_SIZES.map((stepSize) => ({ initialisation, stepSize })),
    );
    const { winner, laps } = await race<Candidate, State>(candidates, rungs, tryOut);
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

  async function choose() {
    if (final === undefined) return chooseAmong(INITIALISATIONS);
    const heats: Awaited<ReturnType<typeof chooseAmong>>[] = [];
    for (const initialisation of INITIALISATIONS) heats.push(await chooseAmong([initialisation]));
    const { winner, laps } = await race<Candidate, State>(
      heats.map(({ candidate }) => candidate),
      [final],
      (candidate, _, to) => tryOut(candidate, heats.find((heat) => heat.candidate === candidate)!.state, to),
    );
    return { ...winner, laps: [...heats.flatMap((heat) => heat.laps), ...laps] };
  }

  const began = performance.now();
  type Saved = Pick<State, 'samples' | 'rows'> & Pick<CurveResult, 'candidate' | 'laps' | 'seconds'>;
  const saved = existsSync(path) ? readSafetensors(path) : undefined;
  const start = saved && (JSON.parse(saved.metadata.start!, orDiverged) as Saved);
  const restored = (): State => {
    const { tensors } = saved!;
    const { samples, rows } = start!;
    return { training: unflatten(tensors), own: group(tensors, 'own'), samples, rows };
  };
  const chosen = start ? { ...start, state: restored() } : await choose();
  const { candidate, laps } = chosen;
  const seconds = () => (start?.seconds ?? 0) + (performance.now() - began) / 1000;
  const save = ({ training, own, samples, rows }: State) => {
    const metadata = { candidate, laps, samples, rows, seconds: seconds() } satisfies Saved;
    const tensors = { ...flatten(training), ...prefix('own', own) };
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
    weights: reached.training,
    seconds: seconds(),
  };
}
