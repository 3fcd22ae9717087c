// Sliders for the latent directions of a model: what is drawn again, thicker or leaning, or smiling.
import type { ModelCard } from '../../models/card.ts';

/** Strength at either end of a slider. */
const MOST = 3;

/** One slider: its name on the card, its step of strength 1, and the number beside it. */
type Slider = { name: string; vector: readonly number[]; input: HTMLInputElement; value: HTMLOutputElement };

export type Sliders = {
  /** One slider for each direction of the card, at 0. */
  show(card: ModelCard): void;
  /** Strengths by name, of every slider. */
  strengths(): Record<string, number>;
  /** Puts every slider where `strengths` says, or to 0, and tells nobody. */
  set(strengths: Record<string, number>): void;
  /** The latent, moved along all of them. */
  move(z: Float32Array): Float32Array;
};

const say = ({ input, value }: Slider) => {
  value.textContent = Number(input.value).toFixed(1).replace('-', '−');
};

export function createSliders(place: HTMLElement, onMove: () => void): Sliders {
  let sliders: Slider[] = [];
  return {
    show({ directions = [] }) {
      place.hidden = directions.length === 0;
      sliders = directions.map(({ name, vector }) => {
        const slider: Slider = {
          name,
          vector,
          input: document.createElement('input'),
          value: document.createElement('output'),
        };
        Object.assign(slider.input, { type: 'range', min: -MOST, max: MOST, step: 0.1, value: 0 });
        slider.input.addEventListener('input', () => {
          say(slider);
          onMove();
        });
        say(slider);
        return slider;
      });
      place.replaceChildren(
        ...directions.map(({ name, meaning }, i) => {
          const label = document.createElement('label');
          label.title = meaning;
          const word = document.createElement('span');
          word.textContent = `${name[0]!.toUpperCase()}${name.slice(1)}`;
          label.append(word, sliders[i]!.input, sliders[i]!.value);
          return label;
        }),
      );
    },
    strengths: () => Object.fromEntries(sliders.map(({ name, input }) => [name, Number(input.value)])),
    set(strengths) {
      for (const slider of sliders) {
        slider.input.value = String(strengths[slider.name] ?? 0);
        say(slider);
      }
    },
    move: (z) =>
      z.map((value, j) =>
        sliders.reduce((sum, { vector, input }) => sum + Number(input.value) * vector[j]!, value),
      ),
  };
}
