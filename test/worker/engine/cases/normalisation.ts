// Normalisations. Few numbers close together magnify the rounding of their mean: hence the looser tolerance.
import fc from 'fast-check';
import { createGraph, float, int, ints } from '../graph.ts';
import { axisOf, batch, common, commonSince, flag, optional, several, shape, size } from './draws.ts';

const TOLERANCE = 1e-4;
const epsilon = optional(fc.constantFrom(1e-5, 1e-3, 0.1));

/** Behind a linear operator, where an engine may fold it, and by itself. */
export const BatchNormalization = fc
  .record({
    ...common,
    behind: fc.constantFrom('', 'Gemm', 'MatMul', 'Conv', 'ConvTranspose'),
    bias: flag,
    n: batch,
    channels: fc.integer({ min: 1, max: 20 }),
    spatial: fc.array(size, { maxLength: 2 }),
    relu: flag,
    /** The product is an output itself: it has to exist. */
    shared: flag,
    stored: flag,
    epsilon,
    momentum: optional(fc.constantFrom(0.9, 0.5)),
    trainingMode: flag,
  })
  .map(({ behind, bias, n, channels, stored, trainingMode, momentum, relu, shared, ...p }) => {
    const g = createGraph(p);
    const convolution = behind.startsWith('Conv');
    const dense = behind !== '' && !convolution;
    const spatial = dense ? [] : convolution && p.spatial.length === 0 ? [3] : p.spatial;
    const kernel = spatial.map((d) => Math.min(2, d));
    let x = g.operand([n, behind === '' ? channels : 3, ...spatial]);
    if (behind !== '') {
      const weights = { Gemm: [3, channels], MatMul: [3, channels], Conv: [channels, 3, ...kernel] };
      const w = g.operand(behind === 'ConvTranspose' ? [3, channels, ...kernel] : weights[behind as 'Gemm'], {
        constant: true,
      });
      const b = bias && behind !== 'MatMul' ? [g.operand([channels], { constant: true })] : [];
      x = g.node(behind, [x, w, ...b]);
    }
    const statistics = (positive: boolean) =>
      g.operand([channels], { constant: stored, numbers: positive ? 'positive' : 'normal' });
    const inputs = [x, statistics(false), statistics(false), statistics(false), statistics(true)];
    let y = g.node('BatchNormalization', inputs, {
      epsilon: float(p.epsilon),
      momentum: float(momentum),
      training_mode: int(trainingMode && p.opset >= 14 ? false : undefined),
    });
    if (relu) y = g.node('Relu', [y]);
    const rank = 2 + spatial.length;
    return g.finish(shared && behind !== '' ? { [y]: rank, [x]: rank } : { [y]: rank }, TOLERANCE);
  });

/** A row of zeros has no norm, and stays zero. */
export const LpNormalization = fc
  .record({
    ...common,
    dims: shape({ min: 1 }),
    axis: optional(fc.record({ at: fc.nat(3), negative: flag })),
    p: optional(fc.constantFrom(1, 2)),
    zeros: flag,
  })
  .map(({ dims, axis, p, zeros, ...rest }) => {
    const g = createGraph(rest);
    const x = zeros ? g.feed(dims, new Float32Array(dims.reduce((n, d) => n * d, 1))) : g.operand(dims);
    const y = g.node('LpNormalization', [x], {
      axis: int(axis && axisOf(dims.length, axis.at, axis.negative)),
      p: int(p),
    });
    return g.finish({ [y]: dims.length }, TOLERANCE);
  });

/** Since opset 21 scale and bias are a number for each channel, before for each group. */
export const GroupNormalization = fc
  .record({
    ...commonSince(18),
    n: batch,
    groups: fc.integer({ min: 1, max: 4 }),
    each: fc.integer({ min: 1, max: 3 }),
    spatial: fc.array(size, { minLength: 1, maxLength: 2 }),
    stored: flag,
    epsilon,
  })
  .map(({ n, groups, each, spatial, stored, ...p }) => {
    const g = createGraph(p);
    const channels = groups * each;
    const factors = () => g.operand([p.opset < 21 ? groups : channels], { constant: stored });
    const y = g.node(
      'GroupNormalization',
      [g.operand([n, channels, ...spatial, 2]), factors(), factors()].slice(0, 3),
      { epsilon: float(p.epsilon), num_groups: int(groups) },
    );
    return g.finish({ [y]: 3 + spatial.length }, TOLERANCE);
  });

export const RMSNormalization = fc
  .record({ ...commonSince(23), dims: shape({ min: 1 }), axis: optional(fc.nat(3)), stored: flag, epsilon })
  .map(({ dims, axis, stored, ...p }) => {
    const g = createGraph(p);
    const first = axis === undefined ? dims.length - 1 : axis % dims.length;
    const scale = g.operand(dims.slice(first), { constant: stored });
    const y = g.node('RMSNormalization', [g.operand(dims), scale], {
      axis: int(axis === undefined ? undefined : first),
      epsilon: float(p.epsilon),
    });
    return g.finish({ [y]: dims.length }, TOLERANCE);
  });

export const InstanceNormalization = fc
  .record({
    ...common,
    n: batch,
    channels: size,
    spatial: fc.array(size, { minLength: 1, maxLength: 2 }),
    stored: flag,
    epsilon,
  })
  .map(({ n, channels, spatial, stored, ...p }) => {
    const g = createGraph(p);
    const x = g.operand([n, channels, ...spatial]);
    const scale = g.operand([channels], { constant: stored });
    const bias = g.operand([channels], { constant: stored });
    const y = g.node('InstanceNormalization', [x, scale, bias], { epsilon: float(p.epsilon) });
    return g.finish({ [y]: 2 + spatial.length }, TOLERANCE);
  });

export const LayerNormalization = fc
  .record({
    ...commonSince(17),
    dims: shape({ min: 1 }),
    axis: optional(fc.record({ at: fc.nat(3), negative: flag })),
    bias: flag,
    stored: flag,
    epsilon,
  })
  .map(({ dims, axis, bias, stored, ...p }) => {
    const g = createGraph(p);
    const given = axis && axisOf(dims.length, axis.at, axis.negative);
    const normalised = dims.slice(given ?? -1);
    const inputs = [g.operand(dims), g.operand(normalised, { constant: stored })];
    if (bias) inputs.push(g.operand(normalised, { constant: stored }));
    const y = g.node('LayerNormalization', inputs, { axis: int(given), epsilon: float(p.epsilon) });
    return g.finish({ [y]: dims.length }, TOLERANCE);
  });

/** Layer normalisation as it is exported below opset 17: written out in other operators. */
export const LayerNormalizationWrittenOut = fc
  .record({
    ...common,
    dims: shape({ min: 1 }),
    square: fc.constantFrom('Pow', 'Mul'),
    stored: several(flag, 2),
  })
  .map(({ dims, square, stored, ...p }) => {
    const g = createGraph(p);
    const x = g.operand(dims);
    const mean = (of: string) =>
      p.opset >= 18
        ? g.node('ReduceMean', [of, g.integers([-1])])
        : g.node('ReduceMean', [of], { axes: ints([-1]) });
    const centred = g.node('Sub', [x, mean(x)]);
    const squared =
      square === 'Pow'
        ? g.node('Pow', [centred, g.constant('float32', [], [2])])
        : g.node('Mul', [centred, centred]);
    const spread = g.node('Sqrt', [g.node('Add', [mean(squared), g.constant('float32', [], [1e-3])])]);
    const scaled = g.node('Mul', [
      g.node('Div', [centred, spread]),
      g.operand(dims.slice(-1), { constant: stored[0] }),
    ]);
    const y = g.node('Add', [scaled, g.operand(dims.slice(-1), { constant: stored[1] })]);
    return g.finish({ [y]: dims.length }, TOLERANCE);
  });
