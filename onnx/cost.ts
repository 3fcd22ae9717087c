// The work that a node does, in floating-point operations (a multiply-add counts as two).

/** What the cost of a node depends on of its inputs and outputs. */
type Shaped = { shape: readonly number[] };

const size = (shape: readonly number[]): number => shape.reduce((n, d) => n * d, 1);

/** Nodes that move or rename elements. */
const FREE = new Set([
  'Identity',
  'Reshape',
  'Transpose',
  'Cast',
  'Slice',
  'Concat',
  'Expand',
  'Gather',
  'Pad',
  'Tile',
]);

/** Operations of one node, from the concrete shapes of its inputs and its first output. */
export function operations(op: string, inputs: readonly Shaped[], output: Shaped): number {
  const out = size(output.shape);
  if (FREE.has(op)) return 0;
  if (op === 'Gemm' || op === 'MatMul') {
    // Each element of the result is a sum over the dimension that the inputs share.
    const rows = out / output.shape.at(-1)!;
    return 2 * out * (size(inputs[0]!.shape) / rows);
  }
  // A filter is [outputs, inputs / groups, height, width]; a transposed one [inputs, outputs / groups, …].
  if (op === 'Conv') return 2 * out * size(inputs[1]!.shape.slice(1));
  if (op === 'ConvTranspose') return 2 * size(inputs[0]!.shape) * size(inputs[1]!.shape.slice(1));
  if (op.startsWith('Reduce')) return size(inputs[0]!.shape);
  return out;
}
