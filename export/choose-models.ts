// Which models go up: those that may stand on anybody's page, unless more is asked for by name.
import type { ModelCard } from '../models/card.ts';
import { nameOf } from '../models/model-id.ts';
import { isFree } from '../models/use.ts';

const usesOf = (cards: readonly ModelCard[]): string =>
  cards.map((card) => `${nameOf(card)} (${card.dataset.use})`).join(', ');

/**
 * `kept`: the cards named by `models`, ids or id@version separated by commas, or all; without those that are not for
 * every use, which are `left`, unless `withResearch`.
 * @throws Error naming a model that is not there, or that was asked for and may not go up.
 */
export function chooseModels(
  cards: readonly ModelCard[],
  { models, withResearch }: { models?: string; withResearch: boolean },
): { kept: ModelCard[]; left: ModelCard[] } {
  const wanted = models?.split(',');
  const is = (name: string) => (card: ModelCard) => name === card.id || name === nameOf(card);
  const missing = wanted?.find((name) => !cards.some(is(name)));
  if (missing !== undefined)
    throw new Error(`--models: there is no model '${missing}'; there are ${cards.map(nameOf).join(', ')}`);
  const named = wanted ? cards.filter((card) => wanted.some((name) => is(name)(card))) : [...cards];
  const left = withResearch ? [] : named.filter((card) => !isFree(card));
  if (wanted && left.length > 0)
    throw new Error(
      `--models: ${usesOf(left)} may not be for every use; read its terms, and add --with-research to publish it`,
    );
  const kept = named.filter((card) => !left.includes(card));
  if (kept.length === 0)
    throw new Error(`no model is for every use: ${usesOf(left)}; --with-research publishes them`);
  return { kept, left };
}

/** What was left out, in a sentence; nothing where nothing was. */
export const describeLeft = (left: readonly ModelCard[]): string[] =>
  left.length === 0 ? [] : [`left out, not for every use: ${usesOf(left)}; --with-research publishes them`];
