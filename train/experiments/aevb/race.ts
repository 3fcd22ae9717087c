// Successive halving (Jamieson & Talwalkar 2016): all candidates train a little, the better half goes on, until one is
// left, whose training goes on as the run. So candidates are judged late only where they are close.

/** Samples of training at which the worse half is dropped. */
export const RUNGS = [25_000, 50_000, 100_000];

export type Racer<C, S> = { candidate: C; state: S; score: number };
/** What the race found: every candidate with the samples it was given and its score there. */
export type Lap<C> = { candidate: C; samples: number; score: number };

/**
 * `advance` takes a candidate from its state (undefined at the start) to `samples` and scores it; larger is better, NaN
 * is worst. Of an odd number the larger half goes on.
 */
export async function race<C, S>(
  candidates: readonly C[],
  rungs: readonly number[],
  advance: (candidate: C, state: S | undefined, samples: number) => Promise<{ state: S; score: number }>,
): Promise<{ winner: Racer<C, S>; laps: Lap<C>[] }> {
  let racers: { candidate: C; state?: S }[] = candidates.map((candidate) => ({ candidate }));
  let ranked: Racer<C, S>[] = [];
  const laps: Lap<C>[] = [];
  for (const samples of rungs) {
    ranked = [];
    for (const { candidate, state } of racers) {
      const racer = { candidate, ...(await advance(candidate, state, samples)) };
      ranked.push(racer);
      laps.push({ candidate, samples, score: racer.score });
    }
    const worth = ({ score }: Racer<C, S>) => (Number.isNaN(score) ? Number.NEGATIVE_INFINITY : score);
    ranked.sort((a, b) => worth(b) - worth(a));
    racers = ranked.slice(0, Math.ceil(ranked.length / 2));
  }
  return { winner: ranked[0]!, laps };
}
