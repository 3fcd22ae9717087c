// The picture that an address of the page asks for: the page draws it, and the worker shows it to those who unfurl links.
import { type Able, isAble } from '../models/able.ts';
import { classesOf, type ModelCard } from '../models/card.ts';
import { nameOf } from '../models/model-id.ts';
import { openingOf } from './featured.ts';
import { COLORMAPS, type Colormap } from './image/colormaps.ts';
import { drawnClass } from './sampling/label.ts';

const SEED_LENGTH = 64;
const MAX_TEMPERATURE = 2;

export type ShownPicture = {
  card: Able<'generate'>;
  seed: string;
  /** Class of a model that takes a label; undefined: drawn from the seed. */
  label: number | undefined;
  temperature: number;
  colormap: Colormap;
};

/** What an address that names its model says where it says nothing. */
const PLAIN = { seed: 'anna', temperature: 1, colormap: 'gray', label: undefined } as const;

/** A seed as the page takes it. */
export const seedIn = (query: URLSearchParams, name: string): string | undefined =>
  query.get(name)?.slice(0, SEED_LENGTH);

/**
 * What `query` says, and what the page opens with where it says nothing, which is `opening` where it names no model;
 * `missing` is a model that is not here. Nothing where there is no model that generates. Values that are out of range
 * count as not said.
 */
export function readPicture(query: URLSearchParams, cards: readonly ModelCard[]) {
  const generators = cards.filter((card) => isAble(card, 'generate'));
  const opening = openingOf(generators);
  if (!opening) return undefined;
  const model = query.get('model');
  const named = generators.findLast((card) => model === card.id || model === nameOf(card));
  const plain = named ? { ...PLAIN, card: named } : opening;
  const temperature = Number.parseFloat(query.get('temperature') ?? '');
  const index = classesOf(plain.card)?.indexOf(query.get('label') ?? '') ?? -1;
  const picture: ShownPicture = {
    card: plain.card,
    seed: seedIn(query, 'seed') ?? plain.seed,
    temperature: temperature >= 0 && temperature <= MAX_TEMPERATURE ? temperature : plain.temperature,
    colormap: COLORMAPS.find((one) => one === query.get('colormap')) ?? plain.colormap,
    label: index < 0 ? plain.label : index,
  };
  return {
    picture,
    ...(named ? {} : { opening }),
    ...(model !== null && !named ? { missing: model } : {}),
  };
}

/** What GET /generate is asked for the picture, beside the model. */
export function pictureQuery({ card, seed, label, temperature, colormap }: ShownPicture) {
  return {
    seed,
    ...(label === undefined ? {} : { label: classesOf(card)![label]! }),
    ...(temperature === 1 ? {} : { temperature }),
    ...(colormap === 'gray' || card.image.channels !== 1 ? {} : { colormap }),
  };
}

/** The picture in words, as its caption says it: with the class that its seed draws, where nobody chose one. */
export function pictureWords({ card, seed, label }: ShownPicture): string {
  const classes = classesOf(card);
  const as = classes ? `, as ${classes[label ?? drawnClass(seed, 0, classes.length)]}` : '';
  return `${nameOf(card)}, seed “${seed}”${as}`;
}
