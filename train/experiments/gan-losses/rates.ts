// One game at the learning rate that suits it: each candidate plays a round, and the one nearest to the validation images
// goes on.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DataSet } from '../../data/data-set.ts';
import { collapse } from '../../evaluate/fidelity/collapse.ts';
import type { Recipe, Validator } from '../../families/family.ts';
import { Diverged, requireFinite } from '../../fit.ts';
import { readJson, writeJson } from '../../io/files.ts';
import type { Weights } from '../../model.ts';
import { initialWeights } from '../../run/train.ts';
import { NO_PROGRESS, readCheckpoint, writeCheckpoint } from '../../runner/checkpoint.ts';
import type { TrainingState } from '../../runner/step.ts';
import type { Context } from '../experiment.ts';
import { playGame } from '../game.ts';

/** After a round: Fréchet distance to validation images, spread, and the seconds that its steps took. */
export type Round = { frechet: number; spread: number; seconds: number };

/** What one rate came to. */
export type Played = { rate: number; rounds: Round[]; diverged?: string };

export type Game = {
  /** The recipe at a rate. */
  at(rate: number): Recipe;
  rates: readonly number[];
  /** Steps of the generator in a round, and rounds of the game. */
  steps: number;
  rounds: number;
  /** The weights that images are drawn with. */
  settle(weights: TrainingState): Promise<Weights>;
};

/**
 * What every rate came to, the chosen one first, and its weights; these are missing where every rate diverged in its
 * first round. A game that diverges keeps the weights of the round before. It goes on from the checkpoints in the
 * folder of the context.
 */
export async function playAtBestRate(
  { at, rates, steps, rounds, settle }: Game,
  dataset: DataSet,
  validator: Validator,
  { folder, backend, threads, log }: Pick<Context, 'folder' | 'backend' | 'threads' | 'log'>,
): Promise<{ played: Played[]; weights?: TrainingState }> {
  const notes = join(folder, 'rounds.json');
  const known = existsSync(notes) ? (readJson(notes) as Played[]) : [];
  const played: Played[] = rates.map(
    (rate) => known.find((one) => one.rate === rate) ?? { rate, rounds: [] },
  );
  const checkpoint = ({ rate }: Played) => join(folder, `${rate}.safetensors`);

  async function goOn(one: Played, until: number): Promise<void> {
    const path = checkpoint(one);
    const { weights, progress } = existsSync(path)
      ? readCheckpoint(path)
      : { weights: initialWeights(at(one.rate), dataset), progress: NO_PROGRESS };
    if (one.diverged !== undefined || progress.epoch >= until) return;
    try {
      await playGame(
        at(one.rate),
        dataset,
        { steps, rounds: until },
        { round: progress.epoch, step: progress.step, weights },
        { backend, threads },
        async ({ round, step, seconds, weights }) => {
          const { frechet, spread, recall } = await validator.measure(await settle(weights));
          const found = { frechet: frechet!, spread: spread! };
          requireFinite(found, { round: round - 1, step });
          one.rounds = [...one.rounds.slice(0, round - 1), { ...found, seconds }];
          writeJson(notes, played);
          writeCheckpoint(path, weights, { epoch: round, step, best: -found.frechet });
          log(`rate ${one.rate}, ${step} steps: ${found.frechet.toFixed(1)} in ${seconds.toFixed(0)} s`);
          const flaw = collapse(recall);
          if (flaw) log(`rate ${one.rate}, ${step} steps: ${flaw}`);
        },
      );
    } catch (error) {
      if (!(error instanceof Diverged)) throw error;
      one.diverged = error.message;
      writeJson(notes, played);
      log(`rate ${one.rate}: ${error.message}`);
    }
  }

  for (const one of played) await goOn(one, 1);
  const first = ({ rounds: [round] }: Played) => round?.frechet ?? Number.POSITIVE_INFINITY;
  const ranked = played.toSorted((a, b) => first(a) - first(b));
  const [best] = ranked;
  if (best!.rounds.length === 0) return { played: ranked };
  await goOn(best!, rounds);
  return { played: ranked, weights: readCheckpoint(checkpoint(best!)).weights };
}
