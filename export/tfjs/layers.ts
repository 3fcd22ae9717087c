// Models of TensorFlow.js's Layers API, as they are saved (model.json beside its weight shards), as ONNX.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import '@tensorflow/tfjs-backend-cpu';
import { type io, setBackend, type Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { BATCH, trace } from '../../onnx/trace/trace.ts';

type Saved = {
  format?: string;
  modelTopology?: object;
  weightsManifest?: { paths: string[]; weights: io.WeightsManifestEntry[] }[];
};

/** @throws Error naming the file and what of it is missing. */
function read(path: string, what: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'EISDIR') throw error;
    throw new Error(
      `${path}: must be ${what}; ${code === 'ENOENT' ? 'there is no such file' : 'it is a folder'}`,
    );
  }
}

/** Every weight is read: none needs to be drawn first, which takes long for an orthogonal one. */
const withoutInitialiser = (key: string, value: unknown): unknown =>
  /initializer$/i.test(key) && value ? { class_name: 'Zeros', config: {} } : value;

/** @throws Error naming the file where it holds no object of JSON. */
function parse(path: string): Saved {
  const text = read(path, 'the model.json of a saved model').toString();
  let saved: unknown;
  try {
    saved = JSON.parse(text, withoutInitialiser);
  } catch {
    saved = undefined;
  }
  if (!saved || typeof saved !== 'object')
    throw new Error(`${path}: must be the model.json of a saved model`);
  return saved;
}

/**
 * Reads a model that `model.save('file://…')` or the converter of Keras models wrote.
 * @throws Error naming the file and what it lacks, or that `@tensorflow/tfjs-layers` is not installed.
 */
export async function readLayersModel(path: string): Promise<LayersModel> {
  const { loadLayersModel } = await import('@tensorflow/tfjs-layers').catch(() => {
    throw new Error(
      'layers models need TensorFlow.js: npm install --save-dev @tensorflow/tfjs-layers@4.22.0',
    );
  });
  const { format = 'layers-model', modelTopology, weightsManifest = [] } = parse(path);
  if (format !== 'layers-model' || !modelTopology)
    throw new Error(`${path}: is a ${format}, not a layers-model; record its function with trace() instead`);
  const shards = weightsManifest.flatMap(({ paths }) =>
    paths.map((shard) => read(join(dirname(path), shard), `the weights that ${path} names`)),
  );
  const weightData = new Uint8Array(Buffer.concat(shards)).buffer;
  const weightSpecs = weightsManifest.flatMap(({ weights }) => weights);
  const numbers = weightSpecs.reduce((n, { shape }) => n + shape.reduce((m, size) => m * size, 1), 0);
  // Weights may be stored in one or two bytes each; then the loader has its own check.
  if (!weightSpecs.some(({ quantization }) => quantization) && weightData.byteLength !== 4 * numbers)
    throw new Error(`${path}: its weights must be ${4 * numbers} bytes, there are ${weightData.byteLength}`);
  await setBackend('cpu');
  return loadLayersModel({ load: async () => ({ modelTopology, weightSpecs, weightData }) });
}

/** What a model computes from tensors by the names of its inputs. `predict` would cut a batch into pieces of 32. */
export const applyLayers =
  (model: LayersModel) =>
  (inputs: Record<string, Tensor>): Record<string, Tensor> => {
    const given = model.inputs.map(({ name }) => inputs[name]!);
    const results = [model.apply(given.length === 1 ? given[0]! : given)].flat() as Tensor[];
    return Object.fromEntries(results.map((y, i) => [model.outputNames[i]!, y]));
  };

/** Shapes of a model's inputs by name, without the batch. @throws Error for an input whose shape is open. */
export const inputShapes = (model: LayersModel): Record<string, number[]> =>
  Object.fromEntries(
    model.inputs.map(({ name, shape }) => {
      const open = shape.slice(1).includes(null);
      if (open || shape[0] !== null)
        throw new Error(`input '${name}' has the shape [${shape}]; only the batch, and that, may be open`);
      return [name, shape.slice(1) as number[]];
    }),
  );

/** The ONNX file of a layers model, for any batch; names of inputs and outputs are those of the model. */
export const layersToOnnx = (model: LayersModel): Uint8Array<ArrayBuffer> =>
  trace(
    Object.fromEntries(
      Object.entries(inputShapes(model)).map(([name, shape]) => [name, { shape: [BATCH, ...shape] }]),
    ),
    applyLayers(model),
    { name: model.name },
  );
