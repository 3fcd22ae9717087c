// What a model makes of a drawing: encode, decode the mean; whether it has seen its like, and which class it is.
import { toModelInput } from '../../core/image/resample.ts';
import { oneHotRow } from '../../core/sampling/label.ts';
import { isAble } from '../../models/able.ts';
import { classesOf, type ModelCard } from '../../models/card.ts';
import { nameOf } from '../../models/model-id.ts';
import { labelRows } from '../labels.ts';
import { modelLink } from '../model-link.ts';
import { createPad, PAD_SIZE } from '../pad.ts';
import { ableCard, byId, latest, type Page } from '../page.ts';
import { paint } from '../paint.ts';
import { createClasses } from './classes.ts';
import { createCode } from './code.ts';
import { createSliders } from './directions.ts';
import { EXAMPLES } from './examples.ts';
import { randomWord } from './sample.ts';
import { showVerdict } from './verdict.ts';

const FINER = 8;

export const isOfDigits = ({ labels }: ModelCard): boolean =>
  labels?.every((label) => /^\d$/.test(label)) ?? false;

export function drawSection(page: Page): void {
  const section = byId('draw-section');
  const canvas = byId<HTMLCanvasElement>('pad');
  const rebuilt = byId<HTMLCanvasElement>('rebuilt');
  const caption = byId('rebuilt-caption');
  let shown = 0;
  const encoder = () => ableCard(page.choices, 'encode');

  const rebuild = latest(async () => {
    const card = encoder();
    if (!card) return;
    const { dreamer } = page.choices;
    const drawing = pad.image();
    const x = toModelInput(drawing, card.image);
    const asked = nameOf(card) === nameOf(page.choices.card) ? page.choices.label : undefined;
    const { latent: seen, label } = await dreamer.encode(card, x, asked);
    const names = classesOf(card);
    const labels = label === undefined ? undefined : [oneHotRow(label, names!.length)];
    const latent = sliders.move(seen);
    if (isAble(card, 'generate')) {
      const [[image]] = await Promise.all([
        dreamer.decode(card, [latent], labels),
        showVerdict({ card, dreamer }, x, label),
        showClasses(drawing),
      ]);
      paint(rebuilt, image!, page.choices, FINER);
    }
    caption.textContent = label === undefined ? 'its own' : `its own, as ${names![label]}`;
    showCode({ card, latent, label, drawing });
  });
  const rebuildSoon = page.whenSeen(section, rebuild);
  const pad = createPad(canvas, () => page.choices, rebuildSoon);
  const showCode = createCode(page);
  const showClasses = createClasses(page);
  const sliders = createSliders(byId('directions'), rebuildSoon);

  /** The model of the section: the pad has the shape of its pictures, so that what is drawn round comes back round. */
  const prepare = () => {
    const card = encoder();
    section.hidden = !card;
    if (!card) return;
    canvas.style.aspectRatio = `${card.image.width} / ${card.image.height}`;
    sliders.show(card);
    byId('draw-model').replaceChildren(modelLink(card));
  };
  /** Digits are drawn; what has no strokes here is a sample of the model. */
  const example = async () => {
    const card = encoder();
    if (!card) return;
    if (isOfDigits(card)) pad.draw(EXAMPLES[shown++ % EXAMPLES.length]!);
    else if (isAble(card, 'generate')) {
      const seed = randomWord();
      const latents = await page.choices.dreamer.draw(card, [seed], 0.9);
      const rows = labelRows({ card, label: undefined }, [seed]);
      const [image] = await page.choices.dreamer.decode(card, latents, rows);
      const input = toModelInput(image!, { width: PAD_SIZE, height: PAD_SIZE, channels: 1 });
      pad.set(input.map((value) => Math.round(255 * value)));
    }
    await rebuild();
  };
  const exampleSoon = page.whenSeen(section, example);
  byId('clear').addEventListener('click', () => pad.clear());
  byId('example').addEventListener('click', () => void page.attempt(example));
  page.onChange((changed) => {
    if (changed.has('card')) prepare();
    pad.show();
    if (changed.has('card') && !pad.touched()) exampleSoon();
    else if ((['card', 'dreamer', 'colormap', 'scaling', 'label'] as const).some((one) => changed.has(one)))
      rebuildSoon();
  });
  prepare();
  exampleSoon();
}
