// Layers models of TensorFlow.js: saved, read, turned into ONNX that any engine runs, and into a package.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { applyLayers, inputShapes, layersToOnnx, readLayersModel } from '../../export/tfjs/layers.ts';
import { exportGenerator } from '../../export/tfjs/package.ts';
import { BATCH, trace } from '../../onnx/trace/trace.ts';
import { dataFor, expectClose, runOnnx } from '../onnx/compare.ts';

const root = mkdtempSync(join(tmpdir(), 'dreamlet-tfjs-'));
afterAll(() => rmSync(root, { recursive: true }));
beforeAll(() => tf.setBackend('cpu'));

/** Saves a model as `model.save('file://…')` does, in two shards. */
async function save(model: layers.LayersModel, name: string): Promise<string> {
  const path = join(root, `${name}.json`);
  await model.save({
    async save({ modelTopology, weightSpecs, weightData }) {
      const bytes = Buffer.from(weightData as ArrayBuffer);
      const half = Math.floor(bytes.length / 8) * 4;
      const paths = [`${name}.shard1of2.bin`, `${name}.shard2of2.bin`];
      writeFileSync(join(root, paths[0]!), bytes.subarray(0, half));
      writeFileSync(join(root, paths[1]!), bytes.subarray(half));
      const weightsManifest = [{ paths, weights: weightSpecs }];
      writeFileSync(path, JSON.stringify({ format: 'layers-model', modelTopology, weightsManifest }));
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    },
  });
  return path;
}

const generator = (activation: 'tanh' | 'sigmoid') =>
  layers.sequential({
    layers: [
      layers.layers.dense({ inputShape: [5], units: 32, activation: 'relu' }),
      layers.layers.batchNormalization({ movingMeanInitializer: 'randomNormal' }),
      layers.layers.reshape({ targetShape: [2, 2, 8] }),
      layers.layers.conv2dTranspose({ filters: 4, kernelSize: 4, strides: 2, padding: 'same' }),
      layers.layers.leakyReLU({ alpha: 0.2 }),
      layers.layers.dropout({ rate: 0.4 }),
      layers.layers.upSampling2d({ size: [2, 2] }),
      layers.layers.conv2d({ filters: 1, kernelSize: 3, padding: 'same', activation }),
    ],
  });

function classifier(): layers.LayersModel {
  const x = layers.input({ shape: [6, 6, 2] });
  const side = layers.input({ shape: [3] });
  const { conv2d, depthwiseConv2d, maxPooling2d, averagePooling2d, globalAveragePooling2d } = layers.layers;
  const { concatenate, dense, add, multiply, separableConv2d } = layers.layers;
  const h = conv2d({ filters: 4, kernelSize: 3, padding: 'same', activation: 'elu' }).apply(x);
  const wide = add().apply([
    h as layers.SymbolicTensor,
    separableConv2d({ filters: 4, kernelSize: 3, padding: 'same' }).apply(h) as layers.SymbolicTensor,
  ]);
  const deep = depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2, activation: 'relu6' }).apply(
    maxPooling2d({ poolSize: 2, strides: 1 }).apply(wide),
  );
  const pooled = globalAveragePooling2d({}).apply(averagePooling2d({ poolSize: 2, strides: 1 }).apply(deep));
  const gate = dense({ units: 8, activation: 'hardSigmoid' }).apply(side);
  const joined = concatenate().apply([
    multiply().apply([
      pooled as layers.SymbolicTensor,
      gate as layers.SymbolicTensor,
    ]) as layers.SymbolicTensor,
    side,
  ]);
  const y = dense({ units: 4, activation: 'softmax' }).apply(joined);
  return layers.model({
    inputs: [x, side],
    outputs: [y as layers.SymbolicTensor, gate as layers.SymbolicTensor],
  });
}

const recurrent = () =>
  layers.sequential({
    layers: [
      layers.layers.gru({
        inputShape: [4, 3],
        units: 5,
        returnSequences: true,
        recurrentInitializer: 'glorotUniform',
      }),
      layers.layers.lstm({ units: 4, recurrentInitializer: 'glorotUniform' }),
      layers.layers.layerNormalization({}),
      layers.layers.dense({ units: 2, activation: 'swish' as never }),
    ],
  });

test.each<[string, () => layers.LayersModel]>([
  ['generator', () => generator('tanh')],
  ['classifier', classifier],
  ['recurrent', recurrent],
])('a saved %s computes in ONNX what TensorFlow.js computes, for any batch', async (name, create) => {
  const original = create();
  const model = await readLayersModel(await save(original, name));
  const bytes = layersToOnnx(model);
  for (const batch of [1, 3, 33]) {
    const shapes = Object.fromEntries(
      Object.entries(inputShapes(model)).map(([input, shape]) => [input, [batch, ...shape]]),
    );
    const data = dataFor(shapes);
    const results = await runOnnx(bytes, shapes, data);
    const inputs = Object.values(shapes).map((shape, i) => tf.tensor(Object.values(data)[i]!, shape));
    const expected = [original.predict(inputs.length === 1 ? inputs[0]! : inputs)].flat() as tf.Tensor[];
    model.outputNames.forEach((output, i) => {
      expectClose(
        results[output]!.data as Float32Array,
        expected[i]!.dataSync(),
        1e-5,
        `${output}, ${batch}`,
      );
    });
  }
});

test('predict is refused with its remedy', () => {
  const model = generator('tanh');
  expect(() =>
    trace({ z: { shape: [BATCH, 5] } }, ({ z }) => ({ y: model.predict(z!) as tf.Tensor })),
  ).toThrow(/model\.apply\(x\): predict\(x\) cuts its input into batches of 32/);
  expect(Object.keys(applyLayers(model)({ [model.inputs[0]!.name]: tf.zeros([1, 5]) }))).toEqual(
    model.outputNames,
  );
});

const OPTIONS = {
  out: join(root, 'models'),
  id: 'my-gan',
  title: 'Mine',
  description: 'A generator.',
  latent: 'gaussian',
  range: [-1, 1] as [number, number],
  dataset: 'my drawings',
  terms: 'mine',
  use: 'commercial',
} satisfies Parameters<typeof exportGenerator>[1];

test('a generator becomes a package that generates and interpolates', async () => {
  const model = await readLayersModel(await save(generator('tanh'), 'gan'));
  const { folder, card } = await exportGenerator(model, OPTIONS);
  expect(card.capabilities).toEqual(['generate', 'interpolate']);
  expect(card.image).toEqual({ width: 8, height: 8, channels: 1 });
  expect(card.latent).toEqual({ prior: 'gaussian', dimensions: 5 });
  expect(card.parity.maxAbsDifference).toBeLessThan(1e-5);
  for (const file of ['decoder.onnx', 'preview.png', 'model.json'])
    expect(existsSync(join(folder, file))).toBe(true);
});

test('what is no generator is refused in words', async () => {
  await expect(exportGenerator(classifier(), OPTIONS)).rejects.toThrow(
    'a generator takes one latent [batch, n]',
  );
  await expect(exportGenerator(recurrent(), OPTIONS)).rejects.toThrow(
    'a generator takes one latent [batch, n]',
  );
  await expect(exportGenerator(generator('tanh'), { ...OPTIONS, range: [0, 1] })).rejects.toThrow(
    /outside --range=0,1/,
  );
  await expect(exportGenerator(generator('tanh'), { ...OPTIONS, id: 'My GAN' })).rejects.toThrow(
    '--id=My GAN',
  );
  const words = layers.sequential({
    layers: [
      layers.layers.embedding({ inputDim: 9, outputDim: 4, inputLength: 4, name: 'words' }),
      layers.layers.flatten(),
    ],
  });
  await expect(exportGenerator(words, OPTIONS)).rejects.toThrow("its layer 'words' is an Embedding");
  writeFileSync(join(root, 'graph.json'), JSON.stringify({ format: 'graph-model', modelTopology: {} }));
  await expect(readLayersModel(join(root, 'graph.json'))).rejects.toThrow(
    /is a graph-model, not a layers-model/,
  );
});

test('files that are missing, cut short or something else are named', async () => {
  const at = (name: string) => join(root, name);
  const refused = (name: string, message: string) =>
    expect(readLayersModel(at(name))).rejects.toThrow(`${at(name)}: ${message}`);
  await refused('none.json', 'must be the model.json of a saved model; there is no such file');
  await refused('.', 'must be the model.json of a saved model; it is a folder');
  for (const [name, text] of Object.entries({ text: 'hello', nothing: 'null' })) {
    writeFileSync(at(`${name}.json`), text);
    await refused(`${name}.json`, 'must be the model.json of a saved model');
  }
  await save(generator('tanh'), 'short');
  writeFileSync(at('short.shard2of2.bin'), new Uint8Array(8));
  await refused('short.json', 'its weights must be');
  rmSync(at('short.shard2of2.bin'));
  await expect(readLayersModel(at('short.json'))).rejects.toThrow(
    `${at('short.shard2of2.bin')}: must be the weights that ${at('short.json')} names; there is no such file`,
  );
});
