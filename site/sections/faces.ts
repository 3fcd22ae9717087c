// Faces that smile or frown: a random one, or the visitor's own, moved along the directions of the card.
import { toImage } from '../../core/image/compose.ts';
import type { Image } from '../../core/image/image.ts';
import { drawLatent } from '../../core/latents/draw.ts';
import { isAble } from '../../models/able.ts';
import { classesOf } from '../../models/card.ts';
import { ownPicture } from '../own-picture.ts';
import { byId, latest, type Page } from '../page.ts';
import { paint } from '../paint.ts';
import { createSliders } from './directions.ts';
import { randomWord } from './sample.ts';

/** Nearer to the mean face than most faces are: the plainer ones are the ones that it draws well. */
const TEMPERATURE = 0.7;
/** One of the clearer faces. */
const FIRST_SEED = 'sofia';

export function faceSection(page: Page): void {
  const card = page.choices.cards
    .filter((one) => isAble(one, 'edit'))
    .filter((one) => isAble(one, 'encode'))
    .findLast((one) => one.dataset.id === 'fer' && !classesOf(one));
  byId('face-section').hidden = !card;
  if (!card) return;
  const [original, moved] = [byId<HTMLCanvasElement>('face'), byId<HTMLCanvasElement>('face-moved')];
  const file = byId<HTMLInputElement>('face-file');
  const { width, height, channels } = card.image;
  /** Where the sliders start: the latent of a seed, or the posterior mean of a picture. */
  let start: { z: Float32Array; seed?: string; picture?: Image } | undefined;

  const describe = () => {
    const strengths = sliders.strengths();
    const edits = strengths.length > 0 ? strengths : [[card.directions[0]!.name, 0] as const];
    const query = [
      `model=${card.id}@${card.version}`,
      ...(start?.seed === undefined ? [] : [`seed=${start.seed}`, `temperature=${TEMPERATURE}`]),
      `direction=${edits.map(([name]) => name)}`,
      `strength=${edits.map(([, strength]) => strength)}`,
    ].join('&');
    return `POST /edit?${query}${start?.seed === undefined ? ', your picture as the body' : ''}`;
  };
  const draw = latest(async () => {
    if (!start) return;
    const { z, picture } = start;
    const [edited, as] = await page.choices.dreamer.decode(card, [sliders.move(z), z], undefined);
    paint(original, picture ?? as!, page.choices.colormap);
    paint(moved, edited!, page.choices.colormap);
    byId('face-caption').textContent = picture ? 'yours, as it takes it' : `seed “${start.seed}”`;
    byId('face-moved-caption').textContent = describe();
  });
  const sliders = createSliders(byId('face-directions'), () => void page.attempt(draw));
  const fromSeed = (seed: string) => {
    start = { seed, z: drawLatent(card.latent, seed, 0, TEMPERATURE) };
    void page.attempt(draw);
  };
  let chosen: File | undefined;
  const fromFile = async () => {
    const x = await ownPicture(chosen!, card.image);
    const { latent } = await page.choices.dreamer.encode(card, x, undefined);
    start = { z: latent, picture: toImage(x, width, height, channels) };
    await draw();
  };

  sliders.show(card);
  byId('face-model').textContent = `${card.id}@${card.version}`;
  byId('face-new').addEventListener('click', () => fromSeed(randomWord()));
  byId('face-reset').addEventListener('click', () => sliders.reset());
  byId('face-own').addEventListener('click', () => file.click());
  file.addEventListener('change', () => {
    chosen = file.files?.[0];
    if (chosen) void page.attempt(fromFile);
    file.value = '';
  });
  page.onChange((changed) => {
    if (changed.has('dreamer') || changed.has('colormap')) void page.attempt(draw);
  });
  fromSeed(FIRST_SEED);
}
