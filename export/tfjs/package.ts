// From a generator of TensorFlow.js to a model package: its graph as it stands, behind a latent and before pixels.
import {
  add,
  max,
  min,
  mul,
  reshape,
  setBackend,
  type Tensor,
  tensor2d,
  tidy,
  transpose,
} from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { createStream } from '../../core/sampling/stream.ts';
import { capabilitiesOf } from '../../models/capabilities.ts';
import type { ModelCard } from '../../models/card.ts';
import { modelCardSchema } from '../../models/card-schema.ts';
import type { LatentSpec } from '../../models/latent.ts';
import type { Use } from '../../models/use.ts';
import type { ImageShape, Model } from '../../train/model.ts';
import { nextVersion, writePackage } from '../folder.ts';
import { fileCards, makeFiles, requireId } from '../package.ts';
import { TOLERANCE } from '../parity.ts';
import { applyLayers, inputShapes } from './layers.ts';

export type GeneratorOptions = {
  /** Folder of all packages. */
  out: string;
  id: string;
  title: string;
  description: string;
  /** What its latents are drawn from: standard normal numbers, or uniform ones in −1…1. */
  latent: 'gaussian' | 'uniform';
  /** Smallest and largest pixel that it gives: −1 and 1 of a tanh. */
  range: [number, number];
  /** What it was trained on, and under which terms, in words. */
  dataset: string;
  terms: string;
  use: Use;
};

/** [height, width, channels] of an image of 1 or 3 channels; a flat one must be square and grey. */
function imageOf(shape: readonly (number | null)[]): ImageShape {
  const side = Math.sqrt(Number(shape[1]));
  const [height, width, channels = 1] = shape.length === 2 ? [side, side] : (shape.slice(1) as number[]);
  if (
    ![height, width].every((d) => Number.isInteger(d)) ||
    (channels !== 1 && channels !== 3) ||
    shape.length > 4
  )
    throw new Error(
      `its output has the shape [${shape}]; a generator gives [batch, height, width, 1 or 3], or the pixels of a grey square`,
    );
  return { height: height!, width: width!, channels };
}

/** A layers model of one latent vector and one image, as a model of this house. */
function generatorModel(layers: LayersModel, { latent, range: [low, high] }: GeneratorOptions): Model {
  const inputs = Object.entries(inputShapes(layers));
  const [[name, shape] = ['', []]] = inputs;
  if (inputs.length !== 1 || shape.length !== 1 || layers.outputs.length !== 1)
    throw new Error(
      `it has ${inputs.length} inputs, the first of shape [batch, ${shape}], and ${layers.outputs.length} outputs; a generator takes one latent [batch, n] and gives one image`,
    );
  const table = layers.layers.find((layer) => layer.getClassName() === 'Embedding');
  if (table)
    throw new Error(
      `its layer '${table.name}' is an Embedding, which takes whole numbers; a generator takes a latent that is drawn`,
    );
  const image = imageOf(layers.outputs[0]!.shape);
  const { channels, height, width } = image;
  const dimensions = shape[0]!;
  const pixels = (z: Tensor): Tensor => {
    const [y] = Object.values(applyLayers(layers)({ [name]: z }));
    const nchw = transpose(reshape(y!, [-1, height, width, channels]), [0, 3, 1, 2]);
    return low === 0 && high === 1 ? nchw : mul(add(nchw, -low), 1 / (high - low));
  };
  const spec: LatentSpec =
    latent === 'gaussian'
      ? { prior: 'gaussian', dimensions }
      : { prior: 'uniform', dimensions, low: -1, high: 1 };
  const decoder = {
    inputs: { z: { shape: [dimensions], meaning: 'latent' } },
    outputs: {
      mean: { shape: [channels, height, width], range: [0, 1] as [number, number], meaning: 'pixels' },
    },
    run: (_: unknown, __: unknown, { z }: Record<string, Tensor>) => ({ mean: pixels(z!) }),
  };
  return { image, latent: spec, graphs: { decoder } };
}

/** Latents on which the range of pixels is looked at. */
const RANGE_LATENTS = 64;
/** A pixel this far outside its range is no rounding. */
const RANGE_SLACK = 1e-3;

/** @throws Error when pixels of drawn latents lie outside the range that was stated. */
async function requireRange(model: Model, low: number, high: number): Promise<void> {
  const { dimensions } = model.latent as { dimensions: number };
  const data = new Float32Array(RANGE_LATENTS * dimensions);
  const stream = createStream('range');
  if (model.latent!.prior === 'gaussian') stream.fillNormal(data);
  else
    data.forEach((_, i) => {
      data[i] = 2 * stream.uniform() - 1;
    });
  await setBackend('cpu');
  const [least, most] = tidy(() => {
    const { mean } = model.graphs.decoder!.run({}, {}, { z: tensor2d(data, [RANGE_LATENTS, dimensions]) });
    return [min(mean!).dataSync()[0]!, max(mean!).dataSync()[0]!] as never;
  }) as [number, number];
  const at = (pixel: number) => (low + pixel * (high - low)).toPrecision(3);
  if (least < -RANGE_SLACK || most > 1 + RANGE_SLACK)
    throw new Error(
      `its pixels go from ${at(least)} to ${at(most)}, outside --range=${low},${high}; a tanh has --range=-1,1`,
    );
}

/**
 * Writes the package of a layers model that makes an image [batch, height, width, channels] of a latent [batch, n], once
 * its graph is proved to compute what TensorFlow.js computes.
 * @throws Error naming the rule and the value: a bad id, other shapes, a pixel outside `range`, a difference above 1e-4.
 */
export async function exportGenerator(
  layers: LayersModel,
  options: GeneratorOptions,
): Promise<{ folder: string; card: ModelCard }> {
  const { id, out, title, description, dataset, terms, use } = options;
  requireId(id);
  const model = generatorModel(layers, options);
  await requireRange(model, ...options.range);
  const { files, graphs, difference, images } = await makeFiles(model, { params: {}, state: {} }, false);
  const card = modelCardSchema.parse({
    schema: 1,
    id,
    version: nextVersion(out, id),
    title,
    description,
    family: 'generator',
    dataset: { id: 'elsewhere', title: dataset, variant: 'grey', terms, use },
    image: model.image,
    latent: model.latent,
    graphs,
    capabilities: capabilitiesOf({ graphs, latent: model.latent }),
    metrics: [],
    training: {
      recipe: 'tensorflow.js',
      settings: {},
      backend: 'tensorflow.js',
      command: `npm run export -- --tfjs=model.json --id=${id}`,
    },
    parity: { maxAbsDifference: difference, tolerance: TOLERANCE, images },
    weights: 'float32',
    files: fileCards(files),
  });
  return { folder: writePackage(out, `${id}@${card.version}`, files, card), card };
}
