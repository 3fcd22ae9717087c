// Gradients of reductions and of what is made along axes.
import {
  cast,
  cumsum,
  div,
  equal,
  type GradConfig,
  max,
  min,
  mul,
  type NamedAttrMap,
  reshape,
  softmax,
  sub,
  sum,
  type Tensor,
  tile,
  util,
} from '@tensorflow/tfjs-core';
import { flat, unary } from './make.ts';

/** The axes of a reduction, and its result with them kept as 1. */
function kept(dy: Tensor, x: Tensor, axis: unknown): { axes: number[]; dy: Tensor } {
  const axes = util.parseAxisParam(axis as number | number[], x.shape);
  const shape = x.shape.map((d, i) => (axes.includes(i) ? 1 : d));
  return { axes, dy: reshape(dy, shape) };
}

const repeated = (dy: Tensor, x: Tensor): Tensor =>
  tile(
    dy,
    x.shape.map((d, i) => d / dy.shape[i]!),
  );

/** Inputs that share an extremum share its gradient. */
const extremum =
  (of: typeof max, axisName: string) =>
  (dy: Tensor, x: Tensor, attributes: NamedAttrMap): Tensor => {
    const at = kept(dy, x, attributes[axisName]);
    const mask = cast(equal(x, of(x, at.axes, true)), 'float32');
    return mul(mask, div(at.dy, sum(mask, at.axes, true)));
  };

export const reductionGradients: readonly GradConfig[] = [
  unary('Sum', (dy, x, { axis }) => repeated(kept(dy, x, axis).dy, x)),
  unary('Mean', (dy, x, { axis }) => repeated(div(kept(dy, x, axis).dy, x.size / dy.size), x)),
  unary('Max', extremum(max, 'reductionIndices')),
  unary('Min', extremum(min, 'axis')),
  unary(
    'Softmax',
    (dy, logits, { dim }) => {
      const y = softmax(logits as never, dim as number);
      const weighted = mul(dy, y);
      return sub(weighted, mul(sum(weighted, dim as number, true), y));
    },
    'logits',
  ),
  unary('Cumsum', (dy, _, { axis, exclusive, reverse }) =>
    cumsum(dy, axis as number, exclusive as boolean, !reverse),
  ),
  flat('ArgMax', 'x'),
  flat('ArgMin', 'x'),
];
