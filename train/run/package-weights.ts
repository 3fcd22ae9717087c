// The weights of a model, read back from the graphs of its package.
import { join } from 'node:path';
import { tensor } from '@tensorflow/tfjs-core';
import { createStream } from '../../core/sampling/stream.ts';
import type { GraphName } from '../../models/card.ts';
import { decodeModel } from '../../onnx/decode.ts';
import { fromHalf } from '../../onnx/float16.ts';
import type { TensorProto } from '../../onnx/model.ts';
import { roundToHalf } from '../../onnx/trace/half.ts';
import { BATCH, trace } from '../../onnx/trace/trace.ts';
import { readListed } from '../evaluate/package.ts';
import { readCard } from '../evaluate/read-card.ts';
import type { GraphSpec, HostTensor, HostTensors, Model, Tensors, Weights } from '../model.ts';

/** Values in float32; nothing of constants that are no weights. */
function weightOf({ type, shape, data }: TensorProto): HostTensor | undefined {
  const { buffer, byteLength } = new Uint8Array(data);
  if (type === 'float32') return { shape, data: new Float32Array(buffer, 0, byteLength / 4) };
  if (type === 'float16')
    return { shape, data: Float32Array.from(new Uint16Array(buffer, 0, byteLength / 2), fromHalf) };
  return undefined;
}

type Use = { op: string; constants: (HostTensor | undefined)[] };

/** What a graph does, step by step, each with the constants that it reads, whose storage in float16 is seen through. */
function usesOf(file: Uint8Array): Use[] {
  const { nodes, initialisers } = decodeModel(file).graph;
  const constants = new Map(initialisers.map((one) => [one.name, weightOf(one)]));
  return nodes.flatMap(({ op, inputs, outputs }) => {
    const stored = op === 'Cast' ? constants.get(inputs[0]!) : undefined;
    if (stored) {
      constants.set(outputs[0]!, stored);
      return [];
    }
    return [{ op, constants: inputs.map((input) => constants.get(input)) }];
  });
}

/** Weights of the same shapes, no two of which are alike, all exact in float16. */
const marked = (weights: HostTensors): HostTensors =>
  Object.fromEntries(
    Object.entries(weights).map(([name, { shape, data }]) => {
      const marks = new Float32Array(data.length);
      createStream('mark', name).fillUniform(marks);
      return [name, { shape, data: roundToHalf(marks) }];
    }),
  );

function record({ inputs, run }: GraphSpec, { params, state }: Weights, halfWeights: boolean): Uint8Array {
  const toTensors = (host: HostTensors): Tensors =>
    Object.fromEntries(Object.entries(host).map(([name, { shape, data }]) => [name, tensor(data, shape)]));
  const fed = Object.entries(inputs).map(([name, { shape }]) => [name, { shape: [BATCH, ...shape] }]);
  return trace(Object.fromEntries(fed), (given) => run(toTensors(params), toTensors(state), given), {
    halfWeights,
  });
}

/** A kernel [out, in, height, width] as its model keeps it, of one [height, width, in, out] as graphs keep it. */
function asKernel({ data }: HostTensor, shape: readonly number[]): Float32Array {
  const [outs, ins, height, width] = shape as [number, number, number, number];
  return Float32Array.from(data, (_, at) => {
    const x = at % width;
    const y = Math.floor(at / width) % height;
    const i = Math.floor(at / (width * height)) % ins;
    const o = Math.floor(at / (width * height * ins));
    return data[((y * width + x) * ins + i) * outs + o]!;
  });
}

const same = (a: Float32Array, b: Float32Array): boolean =>
  a.length === b.length && a.every((value, i) => value === b[i]);

/**
 * What the graphs of a package hold, in the precision that they hold it in, as far as it is there unchanged. Constants of
 * a graph have no names of weights: it is recorded once more with weights that are known, and where these are read
 * there, those of the package are read here. `like` has the shapes of all weights.
 * @throws Error where the package is of other networks, or damaged.
 */
export function weightsOfPackage(folder: string, { graphs }: Pick<Model, 'graphs'>, like: Weights): Weights {
  const marks = { params: marked(like.params), state: marked(like.state) };
  const found: Weights = { params: {}, state: {} };
  const card = readCard(folder);
  for (const [name, { file }] of Object.entries(card.graphs)) {
    const graph = graphs[name as GraphName];
    if (!graph) continue;
    const theirs = usesOf(readListed(folder, card, file));
    const ours = usesOf(record(graph, marks, card.weights === 'float16'));
    const differs = ours.findIndex(({ op }, i) => op !== theirs[i]?.op);
    if (differs !== -1 || ours.length !== theirs.length)
      throw new Error(
        `${join(folder, file)}: of other networks than this recipe: operator ${differs === -1 ? ours.length : differs} is ${theirs.at(differs === -1 ? ours.length : differs)?.op ?? 'missing'}, not ${ours[differs]?.op ?? 'the end'}`,
      );
    const pairs = ours.flatMap(({ constants }, at) =>
      constants.map((one, i) => [one, theirs[at]!.constants[i]] as const),
    );
    for (const group of ['params', 'state'] as const)
      for (const [weight, { shape, data }] of Object.entries(marks[group])) {
        const reads = [(one: HostTensor) => one.data, (one: HostTensor) => asKernel(one, shape)];
        for (const read of shape.length === 4 ? reads : reads.slice(0, 1)) {
          const [here, there] =
            pairs.find(([one]) => one?.data.length === data.length && same(read(one), data)) ?? [];
          if (there && there.shape.join() === here?.shape.join())
            found[group][weight] ??= { shape, data: read(there) };
        }
      }
  }
  return found;
}
