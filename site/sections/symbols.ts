// The code of a picture, symbol by symbol, for models of discrete latents: a slider for each, and what changes with it.
import { codeShape, codesOfWeights, latentOfCodes } from '../../core/latents/codes.ts';
import { type DiscreteSpec, isDiscrete } from '../../models/latent.ts';
import { modelLink } from '../model-link.ts';
import { byId, latest, type Page } from '../page.ts';
import { paint } from '../paint.ts';

const FINER = 8;
/** More sliders than this are not looked at one by one. */
const MOST_VARIABLES = 64;

/** What the code is begun from, and what its picture is drawn by. */
const BEGUN_BY = ['card', 'seed', 'temperature', 'dreamer'] as const;
const DRAWN_BY = ['colormap', 'scaling'] as const;

function specOf({ card: { latent } }: Page['choices']): DiscreteSpec | undefined {
  return isDiscrete(latent) && codeShape(latent).variables <= MOST_VARIABLES ? latent : undefined;
}

export function symbolSection(page: Page): void {
  const section = byId('symbol-section');
  const list = byId('symbols');
  const canvas = byId<HTMLCanvasElement>('symbol-picture');
  let codes: number[] = [];

  const draw = latest(async () => {
    const spec = specOf(page.choices);
    if (!spec || codes.length === 0) return;
    const { card, dreamer } = page.choices;
    const shown = codes.join(' ');
    const [image] = await dreamer.decode(card, [latentOfCodes(spec, codes)], undefined);
    paint(canvas, image!, page.choices, FINER);
    byId('symbol-caption').textContent = shown;
  });
  const slider = (variable: number, most: number): HTMLElement => {
    const label = document.createElement('label');
    const [word, value] = [document.createElement('span'), document.createElement('output')];
    const input = document.createElement('input');
    Object.assign(input, { type: 'range', min: 0, max: most, step: 1, value: codes[variable] });
    word.textContent = `Symbol ${variable + 1}`;
    value.textContent = input.value;
    input.addEventListener('input', () => {
      codes[variable] = Number(input.value);
      value.textContent = input.value;
      void page.attempt(draw);
    });
    label.append(word, input, value);
    return label;
  };
  const begin = latest(async () => {
    const spec = specOf(page.choices);
    if (!spec) return;
    const { card, dreamer, seed, temperature } = page.choices;
    const [latent] = await dreamer.draw(card, [seed], temperature);
    codes = codesOfWeights(spec, latent!);
    list.replaceChildren(...codes.map((_, variable) => slider(variable, codeShape(spec).values - 1)));
    await draw();
  });

  const prepare = () => {
    const spec = specOf(page.choices);
    section.hidden = !spec;
    if (!spec) return;
    const { variables, values } = codeShape(spec);
    byId('symbol-model').replaceChildren(modelLink(page.choices.card));
    byId('symbol-shape').textContent = `${variables} symbols, each one of ${values}`;
  };
  const beginSoon = page.whenSeen(section, begin);
  const drawSoon = page.whenSeen(section, draw);
  byId('symbol-reset').addEventListener('click', () => void page.attempt(begin));
  page.onChange((changed) => {
    if (changed.has('card')) prepare();
    if (BEGUN_BY.some((choice) => changed.has(choice))) beginSoon();
    else if (DRAWN_BY.some((choice) => changed.has(choice))) drawSoon();
  });
  prepare();
  beginSoon();
}
