// What the page shows first: the one place to change when a better model lands. A model that is not published is passed
// over, and where none of these is, the first that generates opens the page.
import type { Capability } from '../models/capabilities.ts';
import { classesOf, type ModelCard } from '../models/card.ts';
import type { Colormap } from './image/colormaps.ts';

/** A model with a seed that shows what it can do; chosen by eye. */
type Opening = {
  model: string;
  seed: string;
  to: string;
  temperature: number;
  /** Name of the class that it shows; without one each seed draws its own. */
  label?: string;
  colormap: Colormap;
};

export const OPENINGS: readonly Opening[] = [
  {
    model: 'emoji-cgan',
    seed: 'dream',
    to: 'pixel',
    // Fewer are broken than at 1, and still none like another.
    temperature: 0.6,
    label: 'Smileys & Emotion',
    colormap: 'gray',
  },
  { model: 'mnist-cgan', seed: 'anna', to: 'otto', temperature: 1, colormap: 'ember' },
  { model: 'fashion-cgan', seed: 'anna', to: 'otto', temperature: 1, colormap: 'ember' },
  { model: 'mnist-hvae', seed: 'anna', to: 'otto', temperature: 0.85, colormap: 'ember' },
];

/** Whom a section asks where the model of the page cannot do what it is about; best first. */
const PREFERRED: Partial<Record<Capability, readonly string[]>> = {
  edit: ['faces-vae'],
  complete: ['mnist-halves'],
};

/** Ids of a preference list, as a rank for sorting: those that are not in it come last. */
const rankIn = (ids: readonly string[]) => (card: ModelCard) => {
  const at = ids.indexOf(card.id);
  return at < 0 ? ids.length : at;
};

/** The cards, preferred ones first, of each the newest version first. */
export function preferred<C extends ModelCard>(cards: readonly C[], capability: Capability): C[] {
  const rank = rankIn(PREFERRED[capability] ?? OPENINGS.map(({ model }) => model));
  return [...cards].sort((a, b) => rank(a) - rank(b) || b.version - a.version);
}

/** How the page opens with these models; nothing where there is none. */
export function openingOf<C extends ModelCard>(generators: readonly C[]) {
  const [card] = preferred(generators, 'generate');
  if (!card) return undefined;
  const found = OPENINGS.find(({ model }) => model === card.id);
  const {
    model: _,
    label,
    ...opening
  } = found ?? {
    model: card.id,
    seed: 'anna',
    to: 'otto',
    temperature: 1,
    colormap: 'ember' as const,
  };
  const index = label === undefined ? -1 : (classesOf(card)?.indexOf(label) ?? -1);
  return { card, ...opening, label: index < 0 ? undefined : index };
}
