// Figure 1 of Jang, Gu & Poole 2017: expectations and samples of a relaxed categorical variable over its temperature.
import { EXAMPLE, relaxedSample } from '../../../core/latents/relaxed.ts';
import { meanAndError } from '../../evaluate/statistics.ts';
import type { CellResult, Program } from '../experiment.ts';
import { DRAWN, nameOfMean, nameOfSample, PAPER_TEMPERATURES } from './figure-1-cells.ts';

const SEED = 'figure';
const DRAWS = 10_000;
/** From 0.1 to 10 by equal steps of the logarithm, and those of the paper. */
const STEPS_A_DECADE = 10;
const TEMPERATURES = [
  ...new Set([
    ...Array.from({ length: 2 * STEPS_A_DECADE + 1 }, (_, i) =>
      Number((10 ** (i / STEPS_A_DECADE - 1)).toPrecision(4)),
    ),
    ...PAPER_TEMPERATURES,
  ]),
].sort((a, b) => a - b);

/** Mean weight of every category, with its error. */
function expectationAt(temperature: number) {
  const weights = EXAMPLE.map(() => new Float64Array(DRAWS));
  for (let i = 0; i < DRAWS; i++)
    relaxedSample(EXAMPLE, temperature, SEED, i).forEach((weight, k) => {
      weights[k]![i] = weight;
    });
  return weights.map((of) => meanAndError(of));
}

async function cell(): Promise<CellResult> {
  const began = performance.now();
  const expectations = new Map(TEMPERATURES.map((temperature) => [temperature, expectationAt(temperature)]));
  return {
    values: Object.fromEntries(
      PAPER_TEMPERATURES.flatMap((temperature) =>
        expectations
          .get(temperature)!
          .map(({ mean, standardError }, k) => [nameOfMean(temperature, k), { value: mean, standardError }]),
      ),
    ),
    unit: 'weight of a category, 0…1',
    protocol: `Samples softmax((log π + g) / τ) with Gumbel noise g (Eq. 2), the same noise at every temperature; expectation: mean of ${DRAWS} samples, with its standard error`,
    settings: { probabilities: [...EXAMPLE], draws: DRAWS },
    seed: SEED,
    data: { set: 'one categorical variable', variant: 'drawn', train: 0, test: 0 },
    samples,
    wallSeconds: (performance.now() - began) / 1000,
    curve: {
      columns: [
        'temperature',
        ...EXAMPLE.map((_, k) => `expectation ${k + 1}`),
        ...DRAWN.flatMap((sample) => EXAMPLE.map((_, k) => nameOfSample(sample, k))),
      ],
      rows: TEMPERATURES.map((temperature) => [
        temperature,
        ...expectations.get(temperature)!.map(({ mean }) => mean),
        ...DRAWN.flatMap((sample) => [...relaxedSample(EXAMPLE, temperature, SEED, sample)]),
      ]),
    },
  };
}

export const samples = 1;

export const cells: Program['cells'] = { categorical: cell };
