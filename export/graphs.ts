// The graphs of a package, recorded from the model's own functions with its weights as constants.
import { tensor } from '@tensorflow/tfjs-core';
import type { GraphCard, GraphName, TensorCard } from '../models/card.ts';
import { BATCH, traceWithCost } from '../onnx/trace/trace.ts';
import type { GraphSpec, GraphTensor, HostTensors, Model, Tensors, Weights } from '../train/model.ts';

export type GraphFile = { bytes: Uint8Array<ArrayBuffer>; operations: number; parameters: number };

const toTensors = (host: HostTensors): Tensors =>
  Object.fromEntries(Object.entries(host).map(([name, { shape, data }]) => [name, tensor(data, shape)]));

/** What a graph computes, as the training framework computes it: the reference of the parity proof. */
export const referenceFunction =
  ({ run }: GraphSpec, { params, state }: Weights) =>
  (inputs: Tensors): Tensors =>
    run(toTensors(params), toTensors(state), inputs);

/** The graphs of a model by name, in the order of the model; any batch. */
export const graphsOf = ({ graphs }: Pick<Model, 'graphs'>): [GraphName, GraphSpec][] =>
  Object.entries(graphs) as [GraphName, GraphSpec][];

export const recordGraph = (
  name: GraphName,
  graph: GraphSpec,
  weights: Weights,
  halfWeights: boolean,
): GraphFile =>
  traceWithCost(
    Object.fromEntries(
      Object.entries(graph.inputs).map(([input, { shape }]) => [input, { shape: [BATCH, ...shape] }]),
    ),
    referenceFunction(graph, weights),
    { name, halfWeights },
  );

const tensorCards = (tensors: Record<string, GraphTensor>): TensorCard[] =>
  Object.entries(tensors).map(([name, { shape, meaning, range }]) => ({
    name,
    dtype: 'float32',
    shape: ['batch', ...shape],
    ...(range ? { range } : {}),
    meaning,
  }));

/** What the card says of a graph: names, shapes and meanings of what goes in and comes out, and what it costs. */
export const graphCard = (
  file: string,
  { inputs, outputs }: GraphSpec,
  { operations, parameters }: GraphFile,
): GraphCard => ({
  file,
  inputs: tensorCards(inputs),
  outputs: tensorCards(outputs),
  parameters,
  flopsPerImage: operations,
});
