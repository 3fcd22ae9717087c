// Batch normalisation with given statistics.
import type { KernelTable } from '../recorder.ts';
import { binary } from './elementwise.ts';

export const normalisation: KernelTable = {
  FusedBatchNorm: (r, { x, mean, variance, scale, offset }, { varianceEpsilon = 0.001 }) => {
    const shifted = binary(r, 'Add', variance!, r.float(varianceEpsilon as number));
    const deviation = r.emit('Sqrt', [shifted], shifted.shape);
    const normal = binary(r, 'Div', binary(r, 'Sub', x!, mean!), deviation);
    const scaled = scale ? binary(r, 'Mul', normal, scale) : normal;
    return offset ? binary(r, 'Add', scaled, offset) : scaled;
  },
};
