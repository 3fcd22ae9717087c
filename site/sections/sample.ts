// The seed box and the picture of the seed.
import { pictureWords } from '../../core/shown-picture.ts';
import { labelRows } from '../labels.ts';
import { byId, latest, type Page } from '../page.ts';
import { paint } from '../paint.ts';

/** As large as it is shown, so that nothing but the picture is seen. */
const FINER = 16;

const WORDS =
  'amber birch cedar delta ember fjord grove hazel iris juniper kelp lichen moss north opal pine quartz reed sage tide umber vale willow yarrow zephyr'.split(
    ' ',
  );

export const randomWord = (): string => {
  const [a, b] = crypto.getRandomValues(new Uint16Array(2));
  return `${WORDS[a! % WORDS.length]}-${b! % 1000}`;
};

export function sampleSection(page: Page): void {
  const input = byId<HTMLInputElement>('seed');
  const canvas = byId<HTMLCanvasElement>('sample');
  const caption = byId('sample-caption');
  const draw = latest(async () => {
    // As they are now: they may change before the picture is there.
    const choices = { ...page.choices };
    const { card, seed, temperature, dreamer } = choices;
    const latents = await dreamer.draw(card, [seed], temperature);
    const [image] = await dreamer.decode(card, latents, labelRows(choices, [seed]));
    paint(canvas, image!, choices, FINER);
    caption.textContent = pictureWords(choices);
    canvas.setAttribute('aria-label', `The picture of seed ${seed} by ${card.title}`);
  });
  input.addEventListener('input', () => page.choose({ seed: input.value }));
  byId('seed-form').addEventListener('submit', (event) => event.preventDefault());
  byId('surprise').addEventListener('click', () => page.choose({ seed: randomWord() }));
  const show = () => {
    if (input.value !== page.choices.seed) input.value = page.choices.seed;
    void page.attempt(draw);
  };
  page.onChange(show);
  show();
}
