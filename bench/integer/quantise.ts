// What integers would do to the pictures: the decoders of the zoo run in plain JavaScript, with the numbers rounded as
// the integer kernel needs them.
import { decodeModel } from '../../onnx/decode.ts';
import type { Node, TensorProto } from '../../onnx/model.ts';

type Array4 = { shape: number[]; data: Float32Array };

/** Largest magnitude of a rounded activation: with it, sums over 2,000 products with ±127 stay within 32 bits. */
export const ACTIVATION_LIMIT = 2 ** 13 - 1;
const WEIGHT_LIMIT = 127;

/** Numbers rounded to whole multiples of their largest magnitude over `limit`. */
function rounded(values: Float32Array, limit: number): Float32Array {
  const step = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / limit || 1;
  return values.map((value) => Math.round(value / step) * step);
}

const size = (shape: readonly number[]) => shape.reduce((n, d) => n * d, 1);

function toFloats({ type, shape, data }: TensorProto): Array4 {
  const copy = new Uint8Array(data).buffer;
  if (type === 'float32') return { shape, data: new Float32Array(copy) };
  if (type === 'int64') return { shape, data: Float32Array.from(new BigInt64Array(copy), Number) };
  if (type !== 'float16') throw new Error(`quantise: weights of type ${type} are not known here`);
  const halves = new Uint16Array(copy);
  const value = (h: number) => {
    const [exponent, fraction] = [(h >> 10) & 31, h & 1023];
    const magnitude = exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15);
    return h & 0x8000 ? -magnitude : magnitude;
  };
  return { shape, data: Float32Array.from(halves, value) };
}

/** Every output's own weights are rounded by their own step. `axis`: that of the outputs. */
function roundedWeights({ shape, data }: Array4, axis: number): Array4 {
  const inner = size(shape.slice(axis + 1));
  const outputs = shape[axis]!;
  const out = data.slice();
  for (let o = 0; o < outputs; o++) {
    const places = Array.from(data.keys()).filter((i) => Math.floor(i / inner) % outputs === o);
    const values = rounded(
      Float32Array.from(places, (i) => data[i]!),
      WEIGHT_LIMIT,
    );
    places.forEach((place, i) => {
      out[place] = values[i]!;
    });
  }
  return { shape, data: out };
}

function gemm(x: Array4, w: Array4, bias: Array4): Array4 {
  const [k, columns] = w.shape as [number, number];
  const data = Float32Array.from(bias.data);
  for (let i = 0; i < k; i++)
    for (let j = 0; j < columns; j++) data[j]! += x.data[i]! * w.data[i * columns + j]!;
  return { shape: [1, columns], data };
}

/** ConvTranspose of one image, 4 × 4 windows, stride 2, pads 1, as the zoo has them. */
function transposed(x: Array4, w: Array4): Array4 {
  const [, channels, height, width] = x.shape as [number, number, number, number];
  const [, outputs, kernel] = w.shape as [number, number, number];
  const shape = [1, outputs, 2 * height, 2 * width];
  const data = new Float32Array(size(shape));
  for (let c = 0; c < channels; c++)
    for (let o = 0; o < outputs; o++)
      for (let y = 0; y < height; y++)
        for (let i = 0; i < width; i++)
          for (let v = 0; v < kernel; v++)
            for (let u = 0; u < kernel; u++) {
              const [row, column] = [2 * y + v - 1, 2 * i + u - 1];
              if (row < 0 || column < 0 || row >= 2 * height || column >= 2 * width) continue;
              data[(o * 2 * height + row) * 2 * width + column]! +=
                x.data[(c * height + y) * width + i]! *
                w.data[((c * outputs + o) * kernel + v) * kernel + u]!;
            }
  return { shape, data };
}

const permuted = ({ shape, data }: Array4, perm: readonly number[]): Array4 => {
  const out = perm.map((axis) => shape[axis]!);
  const strides = shape.map((_, axis) => size(shape.slice(axis + 1)));
  const at = (index: number) => {
    let [rest, from] = [index, 0];
    for (let axis = out.length - 1; axis >= 0; axis--) {
      from += (rest % out[axis]!) * strides[perm[axis]!]!;
      rest = Math.floor(rest / out[axis]!);
    }
    return data[from]!;
  };
  return { shape: out, data: Float32Array.from(data, (_, index) => at(index)) };
};

/** A function from a latent vector to pixel means; `integers` rounds weights and activations of every product. */
export function createDecoder(onnx: Uint8Array, integers: boolean): (z: Float32Array) => Float32Array {
  const { graph } = decodeModel(onnx);
  const weights = new Map(graph.initialisers.map((tensor) => [tensor.name, toFloats(tensor)]));
  const constants = new Map<string, Array4>(weights);
  const prepared = new Map<Node, Array4>();
  for (const node of graph.nodes) {
    const [first, second] = node.inputs.map((name) => constants.get(name));
    if (node.op === 'Cast' && first) constants.set(node.outputs[0]!, first);
    if (node.op === 'Transpose' && first)
      constants.set(node.outputs[0]!, permuted(first, node.attributes.perm!.value as number[]));
    if ((node.op === 'Gemm' || node.op === 'ConvTranspose') && second)
      prepared.set(node, integers ? roundedWeights(second, 1) : second);
  }
  const act = (x: Array4, f: (value: number) => number): Array4 => ({ ...x, data: x.data.map(f) });
  const run = (node: Node, x: Array4, second: Array4 | undefined, third: Array4 | undefined): Array4 => {
    const input = () => (integers ? { ...x, data: rounded(x.data, ACTIVATION_LIMIT) } : x);
    switch (node.op) {
      case 'Gemm':
        return gemm(input(), prepared.get(node)!, third!);
      case 'ConvTranspose':
        return transposed(input(), prepared.get(node)!);
      case 'Add': {
        const area = x.data.length / second!.data.length;
        return { ...x, data: x.data.map((value, i) => value + second!.data[Math.floor(i / area)]!) };
      }
      case 'Relu':
        return act(x, (value) => Math.max(0, value));
      case 'LeakyRelu': {
        const alpha = node.attributes.alpha!.value as number;
        return act(x, (value) => (value < 0 ? alpha * value : value));
      }
      case 'Sigmoid':
        return act(x, (value) => 1 / (1 + Math.exp(-value)));
      case 'Reshape':
        return { ...x, shape: [1, ...Array.from(second!.data).slice(1)] };
      default:
        throw new Error(`quantise: ${node.op} is not known here`);
    }
  };
  return (z) => {
    const values = new Map(constants).set(graph.inputs[0]!.name, { shape: [1, z.length], data: z });
    for (const node of graph.nodes) {
      if (values.has(node.outputs[0]!)) continue;
      const [x, second, third] = node.inputs.map((name) => values.get(name));
      values.set(node.outputs[0]!, run(node, x!, second, third));
    }
    return values.get(graph.outputs[0]!.name)!.data;
  };
}
