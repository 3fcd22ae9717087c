// float16 storage of weights: half the bytes, one Cast each, which runtimes fold at load.
import { fromHalf, toHalf } from '../float16.ts';
import { DATA_TYPE, type Graph, type Node } from '../model.ts';

/** Smaller constants (biases of a few units, scalars, shapes) are not worth a node. */
const SMALLEST_ELEMENTS = 64;

/** Weights that `storeHalf` can store: small ones as they are, the others rounded to float16. */
export const roundToHalf = (values: Float32Array): Float32Array =>
  values.length < SMALLEST_ELEMENTS ? values : values.map((value) => fromHalf(toHalf(value)));

/**
 * The graph with its large float32 initialisers stored as float16 behind a Cast to float32, where that loses nothing:
 * what was computed from weights while recording (the factors of batch normalisation) is not rounded once more.
 */
export function storeHalf(graph: Graph): Graph {
  const casts: Node[] = [];
  const initialisers = graph.initialisers.map((tensor) => {
    const elements = tensor.data.length / 4;
    if (tensor.type !== 'float32' || elements < SMALLEST_ELEMENTS) return tensor;
    const values = new Float32Array(tensor.data.slice().buffer);
    if (values.some((value) => fromHalf(toHalf(value)) !== value)) return tensor;
    const name = `${tensor.name}_half`;
    casts.push({
      op: 'Cast',
      inputs: [name],
      outputs: [tensor.name],
      attributes: { to: { type: 'int', value: DATA_TYPE.float32 } },
    });
    const data = new Uint8Array(Uint16Array.from(values, toHalf).buffer);
    return { name, type: 'float16' as const, shape: tensor.shape, data };
  });
  return { ...graph, initialisers, nodes: [...casts, ...graph.nodes] };
}
