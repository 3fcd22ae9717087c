// Draw the upper half of a picture, and see sixteen ways to finish it.
import { toModelInput } from '../../core/image/resample.ts';
import { modelLink } from '../model-link.ts';
import { createPad } from '../pad.ts';
import { ableCard, byId, latest, type Page } from '../page.ts';
import { paintSheet } from '../paint.ts';
import { EXAMPLES } from './examples.ts';
import { randomWord } from './sample.ts';

const [COMPLETIONS, COLUMNS] = [16, 4];

export function completeSection(page: Page): void {
  const section = byId('complete-section');
  const canvas = byId<HTMLCanvasElement>('completions');
  let seed = 'anna';
  let shown = 0;
  const completer = () => ableCard(page.choices, 'complete');

  const complete = latest(async () => {
    const card = completer();
    if (!card) return;
    const x = toModelInput(pad.image(), card.image);
    const of = { seed, count: COMPLETIONS };
    const images = await page.choices.dreamer.complete(card, x, card.completion.masks[0]!, of);
    paintSheet(canvas, images, Math.min(COLUMNS, images.length), page.choices);
    byId('completions-caption').textContent = `${images.length} ways to finish it`;
  });
  const completeSoon = page.whenSeen(section, complete);
  const pad = createPad(byId<HTMLCanvasElement>('half-pad'), () => page.choices, completeSoon);

  const prepare = () => {
    const card = completer();
    section.hidden = !card;
    if (!card) return;
    byId('complete-model').replaceChildren(modelLink(card));
    byId('complete-mask').textContent = `${card.completion.masks[0]} half`;
  };
  const example = () => {
    pad.draw(EXAMPLES[shown++ % EXAMPLES.length]!);
    completeSoon();
  };
  byId('half-clear').addEventListener('click', () => pad.clear());
  byId('half-example').addEventListener('click', example);
  byId('complete-again').addEventListener('click', () => {
    seed = randomWord();
    completeSoon();
  });
  page.onChange((changed) => {
    if (changed.has('card')) prepare();
    pad.show();
    if ((['card', 'dreamer', 'colormap', 'scaling'] as const).some((one) => changed.has(one))) completeSoon();
  });
  prepare();
  example();
}
