// The model of the page beside another of the same data: the same seeds, of the same classes, learned in another way.
import { isAble } from '../../models/able.ts';
import { classesOf } from '../../models/card.ts';
import { nameOf } from '../../models/model-id.ts';
import { labelRows } from '../labels.ts';
import { modelLink } from '../model-link.ts';
import { byId, latest, type Page } from '../page.ts';
import { paintSheet } from '../paint.ts';

const [PICTURES, COLUMNS] = [8, 4];

const DRAWN_BY = [
  'card',
  'beside',
  'seed',
  'label',
  'temperature',
  'colormap',
  'scaling',
  'dreamer',
] as const;

type Card = Page['choices']['card'];

/** How families learn, as the section says it. */
const WORDS: Record<string, string> = {
  vae: 'a variational autoencoder, which is to explain every training image',
  'discrete-vae': 'a variational autoencoder of symbols, which is to explain every training image',
  gan: 'an adversarial generator, which is to be taken for the real thing',
};

/** Generators of the same data, those of other families first, and among them those that take a label as it does. */
function othersOf({ card, cards }: Page['choices']): Card[] {
  const likeness = (one: Card) =>
    2 * Number(one.family !== card.family) +
    Number((classesOf(one) === undefined) === (classesOf(card) === undefined));
  return cards
    .filter((one): one is Card => isAble(one, 'generate'))
    .filter((one) => one.dataset.id === card.dataset.id && one.id !== card.id)
    .sort((a, b) => likeness(b) - likeness(a) || b.version - a.version);
}

const linkTo = (address: string, words: string): HTMLAnchorElement => {
  const link = document.createElement('a');
  link.href = address;
  link.textContent = words;
  return link;
};

/** Where one sees what adversarial generators learned from. */
const ofGenerators = (cards: readonly Card[]): (Node | string)[] =>
  cards.some(({ family }) => family === 'gan')
    ? [
        ' Adversarial generators that ship: ',
        linkTo('/results/#gan-figure-2', 'the training images nearest to what they draw'),
        ', and ',
        linkTo('/results/#gan-training', 'how their training went'),
        '.',
      ]
    : [];

const said = (card: Card): string => WORDS[card.family] ?? `a model of the family ${card.family}`;

export function besideSection(page: Page): void {
  const section = byId('beside-section');
  const select = byId<HTMLSelectElement>('beside');
  let others: Card[] = [];

  const draw = latest(async () => {
    const choices = { ...page.choices };
    const other = others.find((one) => nameOf(one) === select.value);
    if (!other) return;
    const { card, seed, temperature, dreamer } = choices;
    const seeds = Array.from({ length: PICTURES }, (_, i) => (i === 0 ? seed : `${seed}-${i}`));
    for (const [id, one] of [
      ['beside-own', card],
      ['beside-other', other],
    ] as const) {
      const label = classesOf(one) ? choices.label : undefined;
      const latents = await dreamer.draw(one, seeds, temperature);
      const images = await dreamer.decode(one, latents, labelRows({ card: one, label }, seeds));
      paintSheet(byId<HTMLCanvasElement>(id), images, COLUMNS, choices);
      byId(`${id}-caption`).textContent = nameOf(one);
      byId(id).setAttribute('aria-label', `${PICTURES} pictures by ${one.title}`);
    }
    byId('beside-note').replaceChildren(
      modelLink(card),
      ` is ${said(card)}; `,
      modelLink(other),
      ` is ${said(other)}.`,
      ...ofGenerators([card, other]),
    );
  });
  const drawSoon = page.whenSeen(section, draw);
  const prepare = () => {
    others = othersOf(page.choices);
    section.hidden = others.length === 0;
    const names = others.map(nameOf);
    select.replaceChildren(...names.map((name) => new Option(name)));
    select.value = names.includes(page.choices.beside) ? page.choices.beside : (names[0] ?? '');
  };
  select.addEventListener('change', () => page.choose({ beside: select.value }));
  page.onChange((changed) => {
    if (changed.has('card') || changed.has('beside')) prepare();
    if (DRAWN_BY.some((choice) => changed.has(choice))) drawSoon();
  });
  prepare();
  drawSoon();
}
