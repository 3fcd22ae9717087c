// Sliders for the latent directions of a model: what is drawn again, thicker or leaning, or smiling.
import type { ModelCard } from '../../models/card.ts';

/** Strength at either end of a slider. */
const MOST = 3;

export type Sliders = {
  /** One slider for each direction of the card, at 0. */
  show(card: ModelCard): void;
  /** Strengths by name, those at 0 left out. */
  strengths(): [name: string, strength: number][];
  /** The latent, moved along all of them. */
  move(z: Float32Array): Float32Array;
  reset(): void;
};

export function createSliders(place: HTMLElement, onMove: () => void): Sliders {
  let sliders: { name: string; vector: readonly number[]; input: HTMLInputElement }[] = [];
  return {
    show({ directions = [] }) {
      place.hidden = directions.length === 0;
      sliders = directions.map(({ name, vector }) => {
        const input = document.createElement('input');
        Object.assign(input, { type: 'range', min: -MOST, max: MOST, step: 0.1, value: 0 });
        input.addEventListener('input', onMove);
        return { name, vector, input };
      });
      place.replaceChildren(
        ...directions.map(({ name, meaning }, i) => {
          const label = document.createElement('label');
          label.title = meaning;
          label.append(`${name[0]!.toUpperCase()}${name.slice(1)} `, sliders[i]!.input);
          return label;
        }),
      );
    },
    strengths: () =>
      sliders.flatMap(({ name, input }) => (Number(input.value) === 0 ? [] : [[name, Number(input.value)]])),
    move: (z) =>
      z.map((value, j) =>
        sliders.reduce((sum, { vector, input }) => sum + Number(input.value) * vector[j]!, value),
      ),
    reset() {
      for (const { input } of sliders) input.value = '0';
      onMove();
    },
  };
}
