// Sliders for the latent directions of a model: what is drawn again, thicker or leaning.
import { byId, type Page } from '../page.ts';

/** Strength at either end of a slider. */
const MOST = 3;

/** Shows a slider for each direction of the chosen model; gives what moves a latent by all of them. */
export function createDirections(page: Page, onMove: () => void): (z: Float32Array) => Float32Array {
  const place = byId('directions');
  let sliders: { vector: readonly number[]; input: HTMLInputElement }[] = [];
  const show = () => {
    const { directions = [] } = page.choices.card;
    place.hidden = directions.length === 0;
    sliders = directions.map(({ vector }) => {
      const input = document.createElement('input');
      Object.assign(input, { type: 'range', min: -MOST, max: MOST, step: 0.1, value: 0 });
      input.addEventListener('input', onMove);
      return { vector, input };
    });
    place.replaceChildren(
      ...directions.map(({ name, meaning }, i) => {
        const label = document.createElement('label');
        label.title = meaning;
        label.append(`${name[0]!.toUpperCase()}${name.slice(1)} `, sliders[i]!.input);
        return label;
      }),
    );
  };
  page.onChange((changed) => {
    if (changed.has('card')) show();
  });
  show();
  return (z) =>
    z.map((value, j) =>
      sliders.reduce((sum, { vector, input }) => sum + Number(input.value) * vector[j]!, value),
    );
}
