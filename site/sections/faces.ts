// Pictures that are moved along the directions of a card: a face that smiles, a digit that leans. One of a seed, or the
// visitor's own.
import { toImage } from '../../core/image/compose.ts';
import type { Image } from '../../core/image/image.ts';
import { drawLatent } from '../../core/latents/draw.ts';
import { type Able, isAble } from '../../models/able.ts';
import { classesOf } from '../../models/card.ts';
import { nameOf } from '../../models/model-id.ts';
import { isFree } from '../../models/use.ts';
import { openingStrengths } from '../address.ts';
import { labelRows } from '../labels.ts';
import { modelLink } from '../model-link.ts';
import { ownPicture } from '../own-picture.ts';
import { ableCard, byId, latest, type Page } from '../page.ts';
import { paint } from '../paint.ts';
import { createSliders } from './directions.ts';
import { randomWord } from './sample.ts';

/** Nearer to the mean than most pictures are: the plainer ones are the ones that it draws well. */
const TEMPERATURE = 0.7;
const FINER = 6;

/** Choices that change the pictures. */
const DRAWN_BY = ['card', 'label', 'dreamer', 'colormap', 'scaling', 'moved', 'strengths'] as const;

type Mover = Able<'edit'>;

/** What the section calls what it does. */
const titleOf = ({ directions }: Mover): string =>
  directions.some(({ name }) => name === 'smile') ? 'Make a face smile' : 'Push a picture one way';

export function faceSection(page: Page): void {
  const section = byId('face-section');
  const [original, moved] = [byId<HTMLCanvasElement>('face'), byId<HTMLCanvasElement>('face-moved')];
  const file = byId<HTMLInputElement>('face-file');
  const mover = () => ableCard(page.choices, 'edit');
  /** What was moved last: the posterior mean of a picture of the visitor's, until a seed or a model takes its place. */
  let own: { z: Float32Array; label: number | undefined; picture: Image } | undefined;

  /** What the address says of this model's directions; a model that nobody has touched opens on a visible change. */
  const strengths = (card: Mover) => {
    const said = Object.entries(page.choices.strengths).filter(([name]) =>
      card.directions.some((direction) => direction.name === name),
    );
    return said.length > 0 ? Object.fromEntries(said) : openingStrengths(card);
  };
  /** The class that the page asks for, where it asks this model. */
  const label = (card: Mover) => {
    const { card: chosen, label } = page.choices;
    return own ? own.label : nameOf(card) === nameOf(chosen) ? label : undefined;
  };
  const describe = (card: Mover) => {
    const edits = Object.entries(sliders.strengths()).filter(([, strength]) => strength !== 0);
    const said = edits.length > 0 ? edits : [[card.directions[0]!.name, 0] as const];
    const asked = label(card);
    const query = [
      `model=${nameOf(card)}`,
      ...(own ? [] : [`seed=${encodeURIComponent(page.choices.moved)}`, `temperature=${TEMPERATURE}`]),
      ...(asked === undefined ? [] : [`label=${encodeURIComponent(classesOf(card)![asked]!)}`]),
      `direction=${said.map(([name]) => name)}`,
      `strength=${said.map(([, strength]) => strength)}`,
    ].join('&');
    return `POST /edit?${query}${own ? ', your picture as the body' : ''}`;
  };
  const draw = latest(async () => {
    const card = mover();
    if (!card) return;
    const seed = page.choices.moved;
    const z = own?.z ?? drawLatent(card.latent, seed, 0, TEMPERATURE);
    const [row] = labelRows({ card, label: label(card) }, [seed]) ?? [];
    const [edited, as] = await page.choices.dreamer.decode(card, [sliders.move(z), z], row && [row, row]);
    paint(original, own?.picture ?? as!, page.choices, FINER);
    paint(moved, edited!, page.choices, FINER);
    byId('face-caption').textContent = own ? 'yours, as it takes it' : `seed “${seed}”`;
    byId('face-moved-caption').textContent = describe(card);
  });
  const sliders = createSliders(byId('face-directions'), () =>
    page.choose({ strengths: sliders.strengths() }),
  );
  let chosen: File | undefined;
  const fromFile = async () => {
    const card = mover();
    if (!card || !isAble(card, 'encode')) return;
    const { width, height, channels } = card.image;
    const x = await ownPicture(chosen!, card.image);
    const { latent: z, label } = await page.choices.dreamer.encode(card, x, undefined);
    own = { z, label, picture: toImage(x, width, height, channels) };
    await draw();
  };

  /** The words of the section, and its sliders, are those of the model that it moves pictures of. */
  const prepare = () => {
    const card = mover();
    section.hidden = !card;
    own = undefined;
    if (!card) return;
    sliders.show(card);
    sliders.set(strengths(card));
    byId('face-title').textContent = titleOf(card);
    byId('face-model').replaceChildren(modelLink(card));
    const [{ name, meaning }] = card.directions as [Mover['directions'][number]];
    byId('face-meaning').textContent = `${name[0]!.toUpperCase()}${name.slice(1)}: ${meaning}.`;
    byId('face-own').hidden = !isAble(card, 'encode');
    byId('face-terms').textContent = isFree(card)
      ? ''
      : 'What it learnt from is for research alone; the pictures of seeds are of nobody.';
  };
  byId('face-new').addEventListener('click', () => {
    own = undefined;
    page.choose({ moved: randomWord() });
  });
  byId('face-reset').addEventListener('click', () => {
    const card = mover();
    if (card) page.choose({ strengths: { [card.directions[0]!.name]: 0 } });
  });
  byId('face-own').addEventListener('click', () => file.click());
  file.addEventListener('change', () => {
    chosen = file.files?.[0];
    if (chosen) void page.attempt(fromFile);
    file.value = '';
  });
  const drawSoon = page.whenSeen(section, draw);
  page.onChange((changed) => {
    const card = mover();
    if (changed.has('card')) prepare();
    else if (changed.has('strengths') && card) sliders.set(strengths(card));
    if (changed.has('moved')) own = undefined;
    if (DRAWN_BY.some((one) => changed.has(one))) drawSoon();
  });
  prepare();
  drawSoon();
}
