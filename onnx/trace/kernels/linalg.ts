// Matrix products.
import { broadcast_util } from '@tensorflow/tfjs-core';
import type { Value } from '../../graph-builder.ts';
import type { KernelTable, Recorder } from '../recorder.ts';

const swapLastTwo = (rank: number): number[] => [...Array(rank - 2).keys(), rank - 1, rank - 2];

function transposed(r: Recorder, x: Value): Value {
  const perm = swapLastTwo(x.shape.length);
  return r.emit(
    'Transpose',
    [x],
    perm.map((axis) => x.shape[axis]!),
    { perm },
  );
}

export const linalg: KernelTable = {
  // An equation like 'bij,bjk->bik': a letter is a dimension.
  Einsum: (r, inputs, { equation }) => {
    const operands = Object.values(inputs);
    const [terms, result] = (equation as string).replaceAll(' ', '').split('->') as [string, string];
    const sizes = Object.fromEntries(
      terms
        .split(',')
        .flatMap((term, i) => [...term].map((letter, axis) => [letter, operands[i]!.shape[axis]!])),
    );
    const shape = [...result].map((letter) => sizes[letter]!);
    return r.emit('Einsum', operands, shape, { equation: equation as string });
  },
  // tf.matMul passes rank-2 inputs as they are; Gemm takes the transpositions for free.
  BatchMatMul: (r, { a, b }, { transposeA = false, transposeB = false }) => {
    const rows = a!.shape.at(transposeA ? -1 : -2)!;
    const columns = b!.shape.at(transposeB ? -2 : -1)!;
    if (a!.shape.length === 2 && b!.shape.length === 2)
      return r.emit('Gemm', [a!, b!], [rows, columns], {
        transA: Number(transposeA),
        transB: Number(transposeB),
      });
    const batch = broadcast_util.assertAndGetBroadcastShape(a!.shape.slice(0, -2), b!.shape.slice(0, -2));
    return r.emit(
      'MatMul',
      [transposeA ? transposed(r, a!) : a!, transposeB ? transposed(r, b!) : b!],
      [...batch, rows, columns],
    );
  },
};
