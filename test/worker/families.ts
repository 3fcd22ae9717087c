// Tiny models of other families for the fixture: a generator of uniform latents, Bernoulli and categorical codes, the
// latter with a learned prior, a completer and a classifier. 8×8 grey pixels all.
import type { GraphCard, ModelCard, TensorCard } from '../../models/card.ts';
import { floats, graphFile, ints, node } from './graphs.ts';

const SIZE = 8;
const PIXELS = SIZE * SIZE;
const IMAGE = [1, SIZE, SIZE];
const [BITS, VARIABLES, CLASSES, NOISE] = [6, 4, 3, 5];
const CODE = VARIABLES * CLASSES;

/** One product, with a Sigmoid after it. */
const decoder = (name: string, size: number) =>
  graphFile(
    name,
    { z: [size] },
    { mean: IMAGE },
    [
      node('MatMul', ['z', 'w'], 'y'),
      node('Sigmoid', ['y'], 'flat'),
      node('Reshape', ['flat', 'shape'], 'mean'),
    ],
    [{ ...floats(`${name} w`, [size, PIXELS]), name: 'w' }, ints('shape', [-1, ...IMAGE])],
  );

/** `output` from the pixels: one product, into the shape [batch, ...`shape`]. */
const fromPixels = (name: string, output: string, shape: number[], last: string) => {
  const size = shape.reduce((n, d) => n * d, 1);
  return graphFile(
    name,
    { x: IMAGE },
    { [output]: shape },
    [
      node('Reshape', ['x', 'flatten'], 'flat'),
      node('MatMul', ['flat', 'w'], 'y'),
      node('Reshape', ['y', 'shape'], 'shaped'),
      node(last, ['shaped'], output, last === 'Softmax' ? { axis: { type: 'int', value: -1 } } : {}),
    ],
    [
      { ...floats(`${name} w`, [PIXELS, size], 0.3), name: 'w' },
      ints('flatten', [-1, PIXELS]),
      ints('shape', [-1, ...shape]),
    ],
  );
};

/** Each variable is likely the one after the one before it: weights from a variable to the next alone. */
function prior(): Uint8Array<ArrayBuffer> {
  const weights = new Float32Array(CODE * CODE);
  for (let v = 1; v < VARIABLES; v++)
    for (let k = 0; k < CLASSES; k++)
      weights[((v - 1) * CLASSES + k) * CODE + v * CLASSES + ((k + 1) % CLASSES)] = 3;
  const w = { ...floats('w', [CODE, CODE]), data: new Uint8Array(weights.buffer) };
  return graphFile(
    'prior',
    { codes: [CODE] },
    { logits: [VARIABLES, CLASSES] },
    [node('MatMul', ['codes', 'w'], 'y'), node('Reshape', ['y', 'shape'], 'logits')],
    [w, ints('shape', [-1, VARIABLES, CLASSES])],
  );
}

const completer = graphFile(
  'completer',
  { x: IMAGE, noise: [NOISE], mask: IMAGE },
  { mean: IMAGE },
  [
    node('Add', ['x', 'mask'], 'seen'),
    node('Reshape', ['seen', 'flatten'], 'flat'),
    node('Concat', ['flat', 'noise'], 'both', { axis: { type: 'int', value: 1 } }),
    node('MatMul', ['both', 'w'], 'y'),
    node('Sigmoid', ['y'], 'means'),
    node('Reshape', ['means', 'shape'], 'mean'),
  ],
  [floats('w', [PIXELS + NOISE, PIXELS], 0.5), ints('flatten', [-1, PIXELS]), ints('shape', [-1, ...IMAGE])],
);

export const familyFiles: Record<string, Uint8Array<ArrayBuffer>> = {
  'uniform-decoder.onnx': decoder('uniform', 3),
  'bits-decoder.onnx': decoder('bits', BITS),
  'bits-encoder.onnx': fromPixels('bits', 'logits', [BITS], 'Identity'),
  'codes-decoder.onnx': decoder('codes', CODE),
  'codes-encoder.onnx': fromPixels('codes', 'logits', [VARIABLES, CLASSES], 'Identity'),
  'prior.onnx': prior(),
  'completer.onnx': completer,
  'classifier.onnx': fromPixels('classes', 'probabilities', [CLASSES], 'Softmax'),
};

const tensor = (name: string, ...shape: number[]): TensorCard => ({
  name,
  dtype: 'float32',
  shape: ['batch', ...shape],
  meaning: name,
});
const graph = (file: string, ...inputs: TensorCard[]): GraphCard => ({
  file,
  inputs,
  outputs: [],
  parameters: 256,
  flopsPerImage: 1e6,
});

/** Cards of `base` without latents, graphs and capabilities: `uniform`, `bits`, `codes`, `halves` and `classes`. */
export function familyCards(
  base: Omit<ModelCard, 'latent' | 'graphs' | 'capabilities' | 'likelihood'>,
  anomaly: ModelCard['anomaly'],
): ModelCard[] {
  const generates = ['generate', 'interpolate'] as const;
  return [
    {
      ...base,
      id: 'uniform',
      family: 'gan',
      latent: { prior: 'uniform', dimensions: 3, low: -Math.sqrt(3), high: Math.sqrt(3) },
      graphs: { decoder: graph('uniform-decoder.onnx') },
      capabilities: [...generates],
    },
    {
      ...base,
      id: 'bits',
      family: 'discrete-vae',
      latent: { prior: 'bernoulli', dimensions: BITS },
      likelihood: 'bernoulli',
      graphs: { decoder: graph('bits-decoder.onnx'), encoder: graph('bits-encoder.onnx') },
      capabilities: [...generates, 'encode', 'compress'],
      compression: { tag: '00b1' },
    },
    {
      ...base,
      id: 'codes',
      family: 'discrete-vae',
      latent: { prior: 'categorical', variables: VARIABLES, classes: CLASSES },
      likelihood: 'bernoulli',
      graphs: {
        decoder: graph('codes-decoder.onnx'),
        encoder: graph('codes-encoder.onnx'),
        prior: graph('prior.onnx'),
      },
      capabilities: [...generates, 'encode', 'anomaly', 'compress'],
      anomaly,
      compression: { tag: '00c0' },
    },
    {
      ...base,
      id: 'halves',
      family: 'predictor',
      completion: { masks: ['upper', 'left'] },
      graphs: {
        completer: graph(
          'completer.onnx',
          tensor('x', ...IMAGE),
          tensor('noise', NOISE),
          tensor('mask', ...IMAGE),
        ),
      },
      capabilities: ['complete'],
    },
    {
      ...base,
      id: 'classes',
      family: 'semi-supervised',
      labels: ['circle', '0', 'square'],
      classification: { labelledImages: 9, split: 'none', accuracy: 0.9, calibrationError: 0.01 },
      graphs: { classifier: graph('classifier.onnx') },
      capabilities: ['classify'],
    },
  ];
}
