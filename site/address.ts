// The state of the page as its address says it, in the words of GET /generate: what is shared is what is seen.
import { pictureQuery, readPicture, seedIn } from '../core/shown-picture.ts';
import type { Able } from '../models/able.ts';
import type { ModelCard } from '../models/card.ts';
import { nameOf } from '../models/model-id.ts';
import type { Kept } from './page.ts';
import { SCALINGS } from './paint.ts';

const MAX_STRENGTH = 3;

/** What an address says beside its picture where it says nothing. */
const PLAIN = { to: 'otto', down: 'mia', moved: 'sofia', beside: '', scaling: 'smooth' } as const;

/** What the first slider says of a picture that nobody has moved: a section opens on what it is about. */
const FIRST_STRENGTH = 2;

/** The strengths of a section that nobody has touched yet. */
export const openingStrengths = (card: Able<'edit'> | undefined): Record<string, number> =>
  card ? { [card.directions[0]!.name]: FIRST_STRENGTH } : {};

const writeStrengths = (strengths: Kept['strengths']): string =>
  Object.entries(strengths)
    .map(([name, strength]) => `${name}:${strength}`)
    .join();

function readStrengths(text: string | null): Kept['strengths'] {
  const pairs = (text ?? '').split(',').map((pair) => pair.split(':'));
  return Object.fromEntries(
    pairs
      .map(([name, value]) => [name!, Number(value)] as const)
      .filter(([name, value]) => name && Math.abs(value) <= MAX_STRENGTH),
  );
}

/** As `readPicture`, with what else the page keeps. */
export function readAddress(
  query: URLSearchParams,
  cards: readonly ModelCard[],
): { kept: Kept; missing?: string } | undefined {
  const read = readPicture(query, cards);
  if (!read) return undefined;
  const { picture, opening, missing } = read;
  const plain = { ...PLAIN, ...(opening ? { to: opening.to } : {}) };
  const kept: Kept = {
    ...picture,
    to: seedIn(query, 'to') ?? plain.to,
    down: seedIn(query, 'down') ?? plain.down,
    moved: seedIn(query, 'moved') ?? plain.moved,
    beside: query.get('beside') ?? plain.beside,
    strengths: query.has('strengths') ? readStrengths(query.get('strengths')) : {},
    scaling: SCALINGS.find((one) => one === query.get('scaling')) ?? plain.scaling,
  };
  return { kept, ...(missing === undefined ? {} : { missing }) };
}

/** The query of an address that says `kept`: the picture as GET /generate is asked for it, then what else is not plain. */
export function writeAddress(kept: Kept): URLSearchParams {
  const query = new URLSearchParams({ model: nameOf(kept.card) });
  for (const [name, value] of Object.entries(pictureQuery(kept))) query.set(name, String(value));
  for (const name of ['scaling', 'to', 'down', 'moved', 'beside'] as const)
    if (kept[name] !== PLAIN[name]) query.set(name, kept[name]);
  const strengths = writeStrengths(kept.strengths);
  if (strengths) query.set('strengths', strengths);
  return query;
}
