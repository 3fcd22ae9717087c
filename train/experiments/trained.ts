// How long packages were trained, for experiments that train nothing of their own.
import type { ModelCard } from '../../models/card.ts';
import { nameOf } from '../../models/model-id.ts';
import type { DataSetId } from '../data/registry.ts';
import { findPackage } from '../evaluate/package.ts';
import { readCard } from '../evaluate/read-card.ts';
import { NOTHING } from '../families/settings.ts';

/**
 * Training images that the weights of a package have seen: epochs of all that its recipe does not hold out, and those of
 * the runs or the package that it went on from.
 * @throws Error when it went on from a run of which its card does not say how long it was, or from a package that is not here.
 */
export async function samplesSeen(
  card: ModelCard,
  load: (id: DataSetId, validation: number) => Promise<{ train: { count: number } }>,
): Promise<number> {
  const { epochs = 0, epochsBefore, settings } = card.training;
  const { train } = await load(card.dataset.id as DataSetId, Number(settings.validation));
  const { from = NOTHING } = settings;
  if (from === NOTHING) return epochs * train.count;
  if (epochsBefore !== undefined) return (epochsBefore + epochs) * train.count;
  const folder = findPackage(String(from));
  if (!folder)
    throw new Error(
      `${nameOf(card)}: went on from ${from}, which is no package here: nobody knows how long that was trained`,
    );
  return epochs * train.count + (await samplesSeen(readCard(folder), load));
}
