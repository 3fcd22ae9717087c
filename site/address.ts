// The state of the page as its address says it, in the words of GET /generate: what is shared is what is seen.
import { COLORMAPS } from '../core/image/colormaps.ts';
import { type Able, isAble } from '../models/able.ts';
import { classesOf, type ModelCard } from '../models/card.ts';
import { openingOf } from './featured.ts';
import type { Kept } from './page.ts';
import { SCALINGS } from './paint.ts';

const SEED_LENGTH = 64;
const MAX_TEMPERATURE = 2;
const MAX_STRENGTH = 3;

/** What an address that names its model says where it says nothing. */
const PLAIN = {
  seed: 'anna',
  to: 'otto',
  down: 'mia',
  moved: 'sofia',
  temperature: 1,
  colormap: 'gray',
  scaling: 'smooth',
  label: undefined,
} as const;

/** What the first slider says of a picture that nobody has moved: a section opens on what it is about. */
const FIRST_STRENGTH = 2;

export const nameOf = ({ id, version }: ModelCard): string => `${id}@${version}`;

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

/**
 * What `query` says, and what the page opens with where it says nothing; `missing` is a model that is not here.
 * Nothing where there is no model that generates. Values that are out of range count as not said.
 */
export function readAddress(
  query: URLSearchParams,
  cards: readonly ModelCard[],
): { kept: Kept; missing?: string } | undefined {
  const generators = cards.filter((card) => isAble(card, 'generate'));
  const opening = openingOf(generators);
  if (!opening) return undefined;
  const model = query.get('model');
  const named = generators.findLast((card) => model === card.id || model === nameOf(card));
  const plain: Kept = {
    ...PLAIN,
    ...(named ? { card: named } : opening),
    strengths: query.has('strengths') ? readStrengths(query.get('strengths')) : {},
  };
  const oneOf = <T extends string>(values: readonly T[], name: string, otherwise: T): T =>
    values.find((value) => value === query.get(name)) ?? otherwise;
  const text = (name: 'seed' | 'to' | 'down' | 'moved') =>
    query.get(name)?.slice(0, SEED_LENGTH) ?? plain[name];
  const temperature = Number.parseFloat(query.get('temperature') ?? '');
  const classes = classesOf(plain.card);
  const label = query.get('label');
  const index = classes?.indexOf(label ?? '') ?? -1;
  const kept: Kept = {
    ...plain,
    seed: text('seed'),
    to: text('to'),
    down: text('down'),
    moved: text('moved'),
    temperature: temperature >= 0 && temperature <= MAX_TEMPERATURE ? temperature : plain.temperature,
    colormap: oneOf(COLORMAPS, 'colormap', plain.colormap),
    scaling: oneOf(SCALINGS, 'scaling', plain.scaling),
    label: index < 0 ? plain.label : index,
  };
  return { kept, ...(model !== null && !named ? { missing: model } : {}) };
}

/** What GET /generate is asked for the picture of the seed, beside the model. */
export function pictureQuery({ card, seed, label, temperature, colormap }: Omit<Kept, 'strengths'>) {
  return {
    seed,
    ...(label === undefined ? {} : { label: classesOf(card)![label]! }),
    ...(temperature === 1 ? {} : { temperature }),
    ...(colormap === 'gray' || card.image.channels !== 1 ? {} : { colormap }),
  };
}

/** The query of an address that says `kept`: the picture as GET /generate is asked for it, then what else is not plain. */
export function writeAddress(kept: Kept): URLSearchParams {
  const query = new URLSearchParams({ model: nameOf(kept.card) });
  for (const [name, value] of Object.entries(pictureQuery(kept))) query.set(name, String(value));
  for (const name of ['scaling', 'to', 'down', 'moved'] as const)
    if (kept[name] !== PLAIN[name]) query.set(name, kept[name]);
  const strengths = writeStrengths(kept.strengths);
  if (strengths) query.set('strengths', strengths);
  return query;
}
