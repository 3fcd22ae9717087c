// Short adversarial games, which experiments play one beside the other: rounds of so many steps of the generator.
import { createStream } from '../../core/sampling/stream.ts';
import type { DataSet } from '../data/data-set.ts';
import { build } from '../families/families.ts';
import type { Built, Recipe } from '../families/family.ts';
import type { GanRecipe } from '../families/gan.ts';
import { fitRounds, type Position, type Round } from '../fit.ts';
import { glyphsCgan } from '../recipes/glyphs-cgan.ts';
import { factsOf } from '../run/train.ts';
import { drawNoise } from '../runner/noise.ts';
import type { RunOptions } from '../runner/rows.ts';
import type { TrainingState } from '../runner/step.ts';
import { valuesAt } from '../schedules.ts';

const { classes: _, conditioning: __, ...networks } = glyphsCgan;
/** The networks of such games: those of glyphs-cgan without labels, small enough for many games. */
export const UNLABELLED: GanRecipe = networks;

/**
 * Plays from `start` to `rounds`, each of the first `steps` batches of as many epochs of its own as these take. Batches
 * and noise of a round depend on the recipe's seed and the round alone, so that a game that stops after one and goes on
 * later ends with the same bits. Schedules take a round for an epoch.
 * @throws Diverged, see `requireFinite`.
 */
export async function playGame(
  recipe: Recipe,
  dataset: DataSet,
  { steps, rounds }: { steps: number; rounds: number },
  start: Position & { weights: TrainingState },
  options: RunOptions,
  onRound: (round: Round) => Promise<void>,
): Promise<{ built: Built; weights: TrainingState }> {
  const built = build(recipe, factsOf(dataset));
  const { learner } = built.phases[0]!;
  const { batchSize } = recipe;
  const batches = built.batches(dataset);
  const epochs = Math.ceil(steps / batches.steps);
  const weights = await fitRounds(
    {
      learner: () => learner,
      batchSize,
      rounds,
      *feeds(round) {
        const noise = createStream(String(recipe.seed), 'noise', round);
        const specs = learner.feeds(batchSize);
        let taken = 0;
        for (let epoch = round * epochs; taken < steps; epoch++)
          for (const batch of batches.of(epoch)) {
            yield { ...batch, ...drawNoise(specs, noise) };
            taken += 1;
            if (taken === steps) break;
          }
      },
      schedule: ({ round, within, step }) =>
        valuesAt(built.schedules, { epoch: round + within / steps, epochs: rounds, step }),
      async onRound(round) {
        await onRound(round);
        return false;
      },
    },
    start,
    options,
  );
  return { built, weights };
}
