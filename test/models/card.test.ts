// Cards of every family: what they may hold, and what each rule between their parts refuses.
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { capabilitiesOf } from '../../models/capabilities.ts';
import type { GraphCard, ModelCard } from '../../models/card.ts';
import { modelCardSchema } from '../../models/card-schema.ts';

const read = (name: string): ModelCard =>
  JSON.parse(readFileSync(`models/${name}/model.json`, 'utf8')) as ModelCard;
const vae = read('mnist-cvae@1');
const plain = read('glyphs-vae@1');

const graph = (...inputs: [name: string, shape: number[]][]): GraphCard => ({
  file: 'some.onnx',
  inputs: inputs.map(([name, shape]) => ({
    name,
    dtype: 'float32',
    shape: ['batch', ...shape],
    meaning: name,
  })),
  outputs: [],
  parameters: 1,
  flopsPerImage: 1,
});

/** A card without graphs, sections and latents. */
const {
  latent: _l,
  likelihood: _p,
  anomaly: _a,
  compression: _c,
  encoded: _e,
  directions: _d,
  labels: _n,
  ...bare
} = { ...plain, directions: undefined };
const completer = graph(['x', [1, 16, 16]], ['noise', [40]]);
const twoMasks = graph(['x', [1, 16, 16]], ['noise', [40]], ['mask', [1, 16, 16]]);
const uniform = { prior: 'uniform', dimensions: 2, low: -1, high: 1 } as const;
const categorical = { prior: 'categorical', variables: 20, classes: 10 } as const;
const GAN: ModelCard = {
  ...bare,
  family: 'gan',
  latent: uniform,
  graphs: { decoder: graph(['z', [2]]) },
  capabilities: ['generate', 'interpolate'],
};
const DISCRETE: ModelCard = {
  ...bare,
  family: 'discrete-vae',
  latent: categorical,
  likelihood: 'bernoulli',
  graphs: { decoder: graph(['z', [200]]), encoder: graph(['x', [1]]), prior: graph(['codes', [200]]) },
  capabilities: ['generate', 'interpolate', 'encode'],
};
const PREDICTOR: ModelCard = {
  ...bare,
  family: 'predictor',
  graphs: { completer },
  completion: { masks: ['upper'] },
  capabilities: ['complete'],
};
const CLASSIFIER: ModelCard = {
  ...bare,
  family: 'semi-supervised',
  labels: ['a', 'b'],
  graphs: { classifier: graph(['x', [1]]) },
  classification: { labelledImages: 100, split: 'test, 10 images', accuracy: 0.9, calibrationError: 0.01 },
  capabilities: ['classify'],
};

test('cards of models that ship are valid, and parsing changes nothing', () => {
  const names = readdirSync('models').filter((name) => name.includes('@'));
  expect(names.length).toBeGreaterThan(8);
  for (const name of names) expect(modelCardSchema.parse(read(name))).toEqual(read(name));
});

test.each([
  ['a GAN', GAN],
  ['a discrete VAE', DISCRETE],
  ['a structured predictor', PREDICTOR],
  ['a classifier', CLASSIFIER],
])('%s has a card', (_, card) => {
  expect(modelCardSchema.parse(card)).toEqual(card);
});

test('capabilities follow from graphs and sections alone', () => {
  expect(capabilitiesOf(vae)).toEqual(['generate', 'interpolate', 'encode', 'anomaly', 'edit', 'compress']);
  expect(capabilitiesOf({ graphs: { decoder: {} } })).toEqual([]);
  expect(capabilitiesOf({ graphs: { decoder: {}, completer: {}, classifier: {} }, latent: {} })).toEqual([
    'generate',
    'interpolate',
    'complete',
    'classify',
  ]);
});

const without = <K extends keyof ModelCard>(card: ModelCard, key: K, capabilities = card.capabilities) => {
  const { [key]: _, ...rest } = card;
  return { ...rest, capabilities };
};

test.each<[rule: string, card: object]>([
  ['graphs must hold at least one', { ...bare, graphs: {}, capabilities: [] }],
  ['capabilities must be those that graphs and sections give', { ...GAN, capabilities: ['generate'] }],
  [
    'capabilities must be those that graphs and sections give',
    { ...GAN, capabilities: ['generate', 'interpolate', 'encode'] },
  ],
  ['a latent and a decoder or encoder need each other', without(GAN, 'latent', [])],
  ['a latent and a decoder or encoder need each other', { ...PREDICTOR, latent: uniform }],
  [
    'a prior needs a decoder of a discrete latent',
    { ...GAN, graphs: { ...GAN.graphs, prior: graph(['codes', [2]]) } },
  ],
  [
    'directions need a decoder of a continuous latent, and one number for each of its dimensions',
    { ...vae, directions: [{ name: 'size', meaning: 'larger', vector: [1] }] },
  ],
  [
    'directions need a decoder of a continuous latent, and one number for each of its dimensions',
    {
      ...DISCRETE,
      directions: [{ name: 'size', meaning: 'larger', vector: Array(200).fill(0) }],
      capabilities: [...DISCRETE.capabilities, 'edit'],
    },
  ],
  [
    'anomaly and compression need decoder, encoder, likelihood and Gaussian or discrete latents',
    { ...GAN, anomaly: vae.anomaly, capabilities: [...GAN.capabilities, 'anomaly'] },
  ],
  [
    'anomaly and compression need decoder, encoder, likelihood and Gaussian or discrete latents',
    { ...without(vae, 'likelihood'), encoded: undefined },
  ],
  [
    'encoded needs decoder, encoder, likelihood and Gaussian latents',
    { ...DISCRETE, encoded: vae.encoded, files: vae.files },
  ],
  [
    'compression must have one figure for each Gaussian latent, and none for a discrete one',
    { ...vae, compression: { ...vae.compression, steps: [1] } },
  ],
  [
    'compression must have one figure for each Gaussian latent, and none for a discrete one',
    { ...vae, compression: { tag: '0a02' } },
  ],
  [
    'compression must have one figure for each Gaussian latent, and none for a discrete one',
    { ...DISCRETE, compression: vae.compression, capabilities: [...DISCRETE.capabilities, 'compress'] },
  ],
  ['a model that takes a label needs labels', without(vae, 'labels')],
  ['a completer and the section completion need each other', without(PREDICTOR, 'completion')],
  ['a completer and the section completion need each other', { ...GAN, completion: { masks: ['upper'] } }],
  [
    'a completer must take noise [batch, N], and one of several masks the mask',
    { ...PREDICTOR, graphs: { completer: graph(['x', [1]]) } },
  ],
  [
    'a completer must take noise [batch, N], and one of several masks the mask',
    { ...PREDICTOR, completion: { masks: ['upper', 'left'] } },
  ],
  ['a classifier, the section classification and labels need each other', without(CLASSIFIER, 'labels')],
  [
    'a classifier, the section classification and labels need each other',
    without(CLASSIFIER, 'classification'),
  ],
  ...[
    { weights: [0.5, 0.5], means: [[0, 0]], deviations: [[1, 1]] },
    {
      weights: [0.5, 0.5],
      means: [[0, 0], [0]],
      deviations: [
        [1, 1],
        [1, 1],
      ],
    },
    { weights: [1], means: [[0, 0]], deviations: [[1, 1, 1]] },
  ].map((aggregate): [string, object] => [
    'aggregate must have a weight for each part, and one mean and one deviation for each of its dimensions',
    { ...GAN, latent: { prior: 'gaussian', dimensions: 2, aggregate: { ...aggregate, split: 'train' } } },
  ]),
  ['low must be below high', { ...GAN, latent: { ...uniform, high: -1 } }],
  [
    'must differ',
    { ...PREDICTOR, graphs: { completer: twoMasks }, completion: { masks: ['upper', 'upper'] } },
  ],
])('%s', (rule, card) => {
  const { error } = modelCardSchema.safeParse(card);
  expect(error?.issues.map(({ message }) => message)).toEqual([rule]);
});
