// What activations are worth, exactly, and that a normalisation goes on from where the last step left it.
import '@tensorflow/tfjs-backend-cpu';
import { setBackend, tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { createStream } from '../../core/sampling/stream.ts';
import { NORMALISATIONS } from '../../train/adversarial/normalisation.ts';
import { ACTIVATIONS } from '../../train/layers/activations.ts';
import { lift } from './lift.ts';

beforeAll(() => setBackend('cpu'));

// Trained models depend on every one of these numbers.
test.each([
  ['tanh', [-0.964028, 0, 0.462117]],
  ['relu', [0, 0, 0.5]],
  ['leaky-relu', [-0.2, 0, 0.5]],
  ['elu', [-0.864665, 0, 0.5]],
] as const)('%s of −2, 0 and 0.5', (name, values) => {
  expect([...ACTIVATIONS[name](tensor1d([-2, 0, 0.5])).dataSync()]).toEqual(
    values.map((value) => expect.closeTo(value, 5)),
  );
});

test('spectral normalisation keeps its directions between steps, and so finds the largest singular value', () => {
  const params = { k: { shape: [2, 2], data: Float32Array.of(3, 0, 0, 2) } };
  const { spectral } = NORMALISATIONS;
  let state = lift(spectral.init(createStream('directions'), params, ['k']).state);
  let used = tensor2d([[0]]) as ReturnType<typeof lift>[string];
  for (let step = 0; step < 30; step++) {
    const { use, state: next } = spectral.begin(lift(params), state, ['k']);
    used = use(lift(params)).k!;
    expect(Object.keys(next)).toEqual(['k/u']);
    state = next;
  }
  expect([...used.dataSync()]).toEqual([1, 0, 0, 2 / 3].map((value) => expect.closeTo(value, 4)));
});
