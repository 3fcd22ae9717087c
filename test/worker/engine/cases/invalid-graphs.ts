// Files whose graph is wrong as a whole, made from one that is right: y = Relu(x · w).
import type { Graph, Model } from '../../../../onnx/model.ts';
import { bytesOf } from '../tensor-bytes.ts';

const zeros = (count: number) => bytesOf('float32', Array(count).fill(0));
const node = (op: string, inputs: string[], outputs: string[]) => ({ op, inputs, outputs, attributes: {} });

export const SOUND: Graph = {
  name: 'sound',
  nodes: [node('MatMul', ['x', 'w'], ['h']), node('Relu', ['h'], ['y'])],
  initialisers: [{ name: 'w', type: 'float32', shape: [2, 3], data: zeros(6) }],
  inputs: [{ name: 'x', type: 'float32', shape: ['batch', 2] }],
  outputs: [{ name: 'y', type: 'float32', shape: ['batch', 3] }],
};
export const SOUND_FEEDS = { x: { shape: [1, 2], data: Float32Array.of(1, 2) } };

export const modelOf = (graph: Partial<Graph> = {}, opset = 17): Model => ({
  opset,
  producer: 'test',
  graph: { ...SOUND, ...graph },
});

const weights = (shape: number[], count: number) => ({
  initialisers: [{ name: 'w', type: 'float32' as const, shape, data: zeros(count) }],
});

/** All of these are refused. */
export const INVALID_GRAPHS: Record<string, Model> = {
  'two nodes that wait for each other': modelOf({
    nodes: [node('Add', ['x', 'b'], ['a']), node('Relu', ['a'], ['b']), node('Relu', ['b'], ['y'])],
  }),
  'a node that waits for itself': modelOf({ nodes: [node('Add', ['x', 'y'], ['y'])] }),
  'a product that makes what its follower makes from it': modelOf({
    nodes: [SOUND.nodes[0]!, node('Identity', ['h'], ['h']), SOUND.nodes[1]!],
  }),
  'a product before two nodes that wait for each other': modelOf({
    nodes: [SOUND.nodes[0]!, node('Identity', ['h'], ['k']), node('Flatten', ['k'], ['h']), SOUND.nodes[1]!],
  }),
  'a product before a sum that makes it again': modelOf({
    nodes: [SOUND.nodes[0]!, node('Add', ['h', 'w'], ['h']), SOUND.nodes[1]!],
  }),
  'a tensor that nothing makes': modelOf({ nodes: [node('MatMul', ['x', 'v'], ['h']), SOUND.nodes[1]!] }),
  'a tensor that two nodes make': modelOf({ nodes: [...SOUND.nodes, node('Relu', ['x'], ['h'])] }),
  'one node that makes a tensor twice': modelOf({ nodes: [node('Split', ['x'], ['y', 'y'])] }),
  'a node that makes a stored tensor': modelOf({ nodes: [...SOUND.nodes, node('Relu', ['x'], ['w'])] }),
  'a node that makes an input': modelOf({ nodes: [...SOUND.nodes, node('Relu', ['h'], ['x'])] }),
  'an output that nothing makes': modelOf({ outputs: [{ name: 'z', type: 'float32', shape: [1] }] }),
  'two inputs of one name': modelOf({ inputs: [SOUND.inputs[0]!, SOUND.inputs[0]!] }),
  'no nodes, and an output that nothing makes': modelOf({ nodes: [] }),
  'a stored tensor with too few numbers': modelOf(weights([2, 3], 5)),
  'a stored tensor with too many numbers': modelOf(weights([2, 3], 7)),
  'a stored tensor of uneven length': modelOf({
    initialisers: [{ name: 'w', type: 'float32', shape: [2, 3], data: new Uint8Array(23) }],
  }),
  'a stored tensor of a huge shape': modelOf(weights([2 ** 31, 2 ** 31], 6)),
  'a stored tensor of a shape that overflows': modelOf(weights([2 ** 32, 2 ** 32, 2 ** 32], 6)),
  'a stored tensor of a negative shape': modelOf(weights([-2, -3], 6)),
  'weights of integers': modelOf({
    initialisers: [{ name: 'w', type: 'int64', shape: [2, 3], data: bytesOf('int64', [1, 2, 3, 4, 5, 6]) }],
  }),
  'weights of float16 without a Cast': modelOf({
    initialisers: [{ name: 'w', type: 'float16', shape: [2, 3], data: new Uint8Array(12) }],
  }),
  'an input of a huge shape': modelOf({
    inputs: [{ name: 'x', type: 'float32', shape: [2 ** 40, 2 ** 40] }],
  }),
  'an opset of the future': modelOf({}, 9999),
  'a negative opset': modelOf({}, -3),
};
