// Pictures that are moved along the directions of a card: a face that smiles, a digit that leans. One of a seed, or the
// visitor's own.

import { preferred } from '../../core/featured.ts';
import { toImage } from '../../core/image/compose.ts';
import type { Image } from '../../core/image/image.ts';
import { drawLatent } from '../../core/latents/draw.ts';
import { type Able, isAble } from '../../models/able.ts';
import { nameOf } from '../../models/model-id.ts';
import { isFree } from '../../models/use.ts';
import { openingStrengths } from '../address.ts';
import { labelRows } from '../labels.ts';
import { modelLink } from '../model-link.ts';
import { ownPicture } from '../own-picture.ts';
import { byId, latest, type Page } from '../page.ts';
import { paint } from '../paint.ts';
import { createSliders } from './directions.ts';
import { randomWord } from './sample.ts';

/** Nearer to the mean than most pictures are: the plainer ones are the ones that it draws well. */
const TEMPERATURE = 0.7;
const FINER = 6;

type Mover = Able<'edit'> & Able<'encode'>;

/** What the section calls what it does. */
const titleOf = ({ directions }: Mover): string =>
  directions.some(({ name }) => name === 'smile') ? 'Make a face smile' : 'Push a picture one way';

export function faceSection(page: Page): void {
  const movers = page.choices.cards
    .filter((one) => isAble(one, 'edit'))
    .filter((one): one is Mover => isAble(one, 'encode'));
  const card = preferred(movers, 'edit')[0];
  byId('face-section').hidden = !card;
  if (!card) return;
  const [original, moved] = [byId<HTMLCanvasElement>('face'), byId<HTMLCanvasElement>('face-moved')];
  const file = byId<HTMLInputElement>('face-file');
  const { width, height, channels } = card.image;
  /** What was moved last: the posterior mean of a picture of the visitor's, until a seed takes its place. */
  let own: { z: Float32Array; label: number | undefined; picture: Image } | undefined;

  const strengths = () =>
    Object.keys(page.choices.strengths).length > 0 ? page.choices.strengths : openingStrengths(card);
  const describe = () => {
    const edits = Object.entries(sliders.strengths()).filter(([, strength]) => strength !== 0);
    const said = edits.length > 0 ? edits : [[card.directions[0]!.name, 0] as const];
    const query = [
      `model=${nameOf(card)}`,
      ...(own ? [] : [`seed=${encodeURIComponent(page.choices.moved)}`, `temperature=${TEMPERATURE}`]),
      `direction=${said.map(([name]) => name)}`,
      `strength=${said.map(([, strength]) => strength)}`,
    ].join('&');
    return `POST /edit?${query}${own ? ', your picture as the body' : ''}`;
  };
  const draw = latest(async () => {
    const seed = page.choices.moved;
    const z = own?.z ?? drawLatent(card.latent, seed, 0, TEMPERATURE);
    const [row] = labelRows({ card, label: own?.label }, [seed]) ?? [];
    const [edited, as] = await page.choices.dreamer.decode(card, [sliders.move(z), z], row && [row, row]);
    paint(original, own?.picture ?? as!, page.choices, FINER);
    paint(moved, edited!, page.choices, FINER);
    byId('face-caption').textContent = own ? 'yours, as it takes it' : `seed “${seed}”`;
    byId('face-moved-caption').textContent = describe();
  });
  const sliders = createSliders(byId('face-directions'), () =>
    page.choose({ strengths: sliders.strengths() }),
  );
  let chosen: File | undefined;
  const fromFile = async () => {
    const x = await ownPicture(chosen!, card.image);
    const { latent: z, label } = await page.choices.dreamer.encode(card, x, undefined);
    own = { z, label, picture: toImage(x, width, height, channels) };
    await draw();
  };

  sliders.show(card);
  sliders.set(strengths());
  byId('face-title').textContent = titleOf(card);
  byId('face-model').replaceChildren(modelLink(card));
  const [{ name, meaning }] = card.directions as [Mover['directions'][number]];
  byId('face-meaning').textContent = `${name[0]!.toUpperCase()}${name.slice(1)}: ${meaning}.`;
  byId('face-terms').textContent = isFree(card)
    ? ''
    : 'What it learnt from is for research alone; the pictures of seeds are of nobody.';
  byId('face-new').addEventListener('click', () => {
    own = undefined;
    page.choose({ moved: randomWord() });
  });
  byId('face-reset').addEventListener('click', () =>
    page.choose({ strengths: { [card.directions[0]!.name]: 0 } }),
  );
  byId('face-own').addEventListener('click', () => file.click());
  file.addEventListener('change', () => {
    chosen = file.files?.[0];
    if (chosen) void page.attempt(fromFile);
    file.value = '';
  });
  const drawSoon = page.whenSeen(byId('face-section'), draw);
  page.onChange((changed) => {
    if (changed.has('strengths')) sliders.set(strengths());
    if (changed.has('moved')) own = undefined;
    if ((['dreamer', 'colormap', 'scaling', 'moved', 'strengths'] as const).some((one) => changed.has(one)))
      drawSoon();
  });
  drawSoon();
}
