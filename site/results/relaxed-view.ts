// Figure 1 of the Gumbel-Softmax paper (Jang, Gu & Poole 2017) to try: expectation and samples of a relaxed categorical
// variable at a temperature that the visitor chooses.
import { EXAMPLE, relaxedMean, relaxedSample } from '../../core/latents/relaxed.ts';
import { make } from './make.ts';

const SAMPLES = 5;
const MEAN_OF = 1000;
/** Temperatures from 0.1 to 10, those of the paper among them, by equal steps of their logarithm. */
const STEPS_A_DECADE = 20;
const START = STEPS_A_DECADE / 2;
const temperatureAt = (step: number): number => 10 ** (step / STEPS_A_DECADE);

type Bars = { element: HTMLElement; show(weights: Iterable<number>): void };

function createBars(caption: string): Bars {
  const bars = EXAMPLE.map(() => make('i'));
  const chart = make('div', { class: 'weights', role: 'img' }, ...bars);
  return {
    element: make('figure', {}, chart, make('figcaption', {}, caption)),
    show(weights) {
      const values = [...weights];
      values.forEach((weight, k) => {
        bars[k]!.style.height = `${100 * weight}%`;
      });
      chart.setAttribute('aria-label', `${caption}: ${values.map((weight) => weight.toFixed(2)).join(', ')}`);
    },
  };
}

export function renderRelaxed(): HTMLElement {
  const slider = make('input', {
    type: 'range',
    min: String(-STEPS_A_DECADE),
    max: String(STEPS_A_DECADE),
    value: String(START),
    'aria-label': 'Temperature',
  });
  const said = make('output');
  const mean = createBars('expectation');
  const samples = Array.from({ length: SAMPLES }, (_, i) => createBars(`sample ${i + 1}`));
  const [exact, drawn] = [createBars('probabilities'), createBars('one drawn')];
  exact.show(EXAMPLE);
  const draw = () => {
    const temperature = temperatureAt(Number(slider.value));
    const words = temperature.toFixed(temperature < 1 ? 2 : 1);
    said.textContent = `τ = ${words}`;
    slider.setAttribute('aria-valuetext', words);
    mean.show(relaxedMean(EXAMPLE, temperature, 'figure', MEAN_OF));
    samples.forEach((bars, i) => {
      bars.show(relaxedSample(EXAMPLE, temperature, 'figure', i));
    });
  };
  // The limit of sample 1 as the temperature falls.
  const first = relaxedSample(EXAMPLE, 1, 'figure', 0);
  drawn.show(first.map((weight) => Number(weight === Math.max(...first))));
  slider.addEventListener('input', draw);
  draw();
  const row = (...bars: Bars[]) =>
    make('div', { class: 'weights-row' }, ...bars.map(({ element }) => element));
  return make(
    'figure',
    { class: 'relaxed' },
    make('h3', {}, 'Figure 1 of the paper, to try'),
    make(
      'p',
      { class: 'note' },
      `A variable of ${EXAMPLE.length} categories, relaxed: cold, a sample is one category and the expectation is their probabilities; hot, both are flat. The noise of each sample stays the same.`,
    ),
    make('label', {}, 'Temperature ', slider, said),
    row(exact, mean),
    row(drawn, ...samples),
  );
}
