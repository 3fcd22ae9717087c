// Whole generators, as exporters write them. The batch is left open: nothing in a file depends on it.
import fc from 'fast-check';
import { createGraph, type Free, float, int, string } from '../graph.ts';
import {
  ACTIVATIONS,
  activate,
  convolve,
  deconvolve,
  dense,
  NORMS,
  normalise,
  type Plane,
  toPlane,
} from './blocks.ts';
import { commonSince, flag, size, wide } from './draws.ts';

const TOLERANCE = 5e-5;

export const network = {
  ...commonSince(13),
  free: fc.constantFrom<Free>('batch', 'all'),
  n: size,
  half: flag,
};
export const activation = fc.constantFrom(...ACTIVATIONS);
export const norm = fc.constantFrom(...NORMS);
const style = fc.constantFrom('Gemm', 'GemmTransposed', 'MatMulAdd', 'AddMatMul');
const latents = fc.integer({ min: 1, max: 20 });
const channels = fc.integer({ min: 1, max: 20 });

export const Mlp = fc
  .record({
    ...network,
    latents,
    layers: fc.array(fc.record({ width: wide, activation, style, dropout: flag, layerNorm: flag }), {
      minLength: 1,
      maxLength: 4,
    }),
    image: flag,
  })
  .map(({ n, latents, layers, image, ...p }) => {
    const g = createGraph(p);
    let x = g.operand([n, latents]);
    let from = latents;
    for (const { width, activation, style, dropout, layerNorm } of layers) {
      x = dense(g, x, from, width, style);
      if (layerNorm && p.opset >= 17)
        x = g.node(
          'LayerNormalization',
          [x, g.operand([width], { constant: true }), g.operand([width], { constant: true })],
          { epsilon: float(0.1) },
        );
      x = activate(g, x, activation, [width]);
      if (dropout) x = g.node('Dropout', [x]);
      from = width;
    }
    if (!image) return g.finish({ [x]: 2 }, TOLERANCE);
    const pixels = g.node('Sigmoid', [dense(g, x, from, 36)]);
    return g.finish({ [toPlane(g, pixels, 1, 6).name]: 4 }, TOLERANCE);
  });

/** Radford et al. 2016: dense, then transposed convolutions, tanh at the end, and pixels in [0, 1]. */
export const Dcgan = fc
  .record({
    ...network,
    latents,
    size: fc.integer({ min: 1, max: 3 }),
    widths: fc.array(channels, { minLength: 1, maxLength: 3 }),
    kernel: fc.constantFrom(2, 3, 4, 5),
    norm,
    activation,
    colours: fc.constantFrom(1, 3),
    ending: fc.constantFrom('Tanh', 'Sigmoid', 'half', 'percent'),
  })
  .map(({ n, latents, size, widths, kernel, norm, activation, colours, ending, ...p }) => {
    const g = createGraph(p);
    const z = g.operand([n, latents]);
    let x = toPlane(g, dense(g, z, latents, widths[0]! * size * size), widths[0]!, size);
    for (const to of [...widths.slice(1), colours]) {
      const last = to === colours && x.size >= size * 2 ** (widths.length - 1);
      x = deconvolve(g, x, { to, kernel, bias: norm === '' || last });
      if (last) break;
      x = normalise(g, x, norm);
      x.name = activate(g, x.name, activation, [x.channels, 1, 1]);
    }
    let y = g.node(ending === 'Sigmoid' ? 'Sigmoid' : 'Tanh', [x.name]);
    if (ending === 'half') {
      const sum = g.node('Add', [y, g.constant('float32', [], [1])]);
      y = g.node('Div', [sum, g.constant('float32', [], [2])]);
    }
    if (ending === 'percent')
      y = g.node('Clip', [
        g.node('Mul', [y, g.constant('float32', [1], [127.5])]),
        g.constant('float32', [], [0]),
        g.constant('float32', [], [255]),
      ]);
    return g.finish({ [y]: 4 }, TOLERANCE);
  });

/** He et al. 2016: blocks around which the input goes unchanged, or through a 1×1 convolution. */
export const ResNet = fc
  .record({
    ...network,
    colours: channels,
    size: fc.integer({ min: 1, max: 8 }),
    blocks: fc.array(
      fc.record({
        to: channels,
        norm,
        activation,
        before: flag,
        stride: fc.constantFrom(1, 1, 2),
        depthwise: flag,
      }),
      { minLength: 1, maxLength: 3 },
    ),
  })
  .map(({ n, colours, size, blocks, ...p }) => {
    const g = createGraph(p);
    let x: Plane = { name: g.operand([n, colours, size, size]), channels: colours, size };
    for (const { to, norm, activation, before, stride, depthwise } of blocks) {
      const through = stride > 1 || to !== x.channels;
      const skip = through ? convolve(g, x, { to, kernel: 1, stride, bias: false }) : x;
      const group = depthwise ? x.channels : 1;
      const inner = depthwise ? convolve(g, x, { group }) : x;
      const first = normalise(g, convolve(g, inner, { to, stride, bias: norm === '' }), norm);
      first.name = activate(g, first.name, activation, [to, 1, 1]);
      const second = normalise(g, convolve(g, first, { bias: norm === '' }), norm);
      const name = g.node('Add', before ? [skip.name, second.name] : [second.name, skip.name]);
      x = { ...second, name: activate(g, name, activation, [to, 1, 1]) };
    }
    return g.finish({ [x.name]: 4 }, TOLERANCE);
  });

/** Odena et al. 2016: upsampling, then a convolution. */
export const Upsampling = fc
  .record({
    ...network,
    latents,
    size: fc.integer({ min: 1, max: 4 }),
    stages: fc.array(
      fc.record({
        to: channels,
        up: fc.constantFrom('nearest', 'linear', 'DCR', 'CRD'),
        coordinates: fc.constantFrom('asymmetric', 'half_pixel', 'align_corners'),
        norm,
        activation,
        auto: flag,
      }),
      { minLength: 1, maxLength: 2 },
    ),
  })
  .map(({ n, latents, size, stages, ...p }) => {
    const g = createGraph(p);
    let x = toPlane(g, dense(g, g.operand([n, latents]), latents, 4 * size * size), 4, size);
    for (const { to, up, coordinates, norm, activation, auto } of stages) {
      if (up === 'DCR' || up === 'CRD') {
        const deep = convolve(g, x, { to: 4 * to, auto });
        const name = g.node('DepthToSpace', [deep.name], { blocksize: int(2), mode: string(up) });
        x = { name, channels: to, size: 2 * x.size };
      } else {
        const name = g.node('Resize', [x.name, '', g.constant('float32', [4], [1, 1, 2, 2])], {
          mode: string(up),
          coordinate_transformation_mode: string(up === 'nearest' ? 'asymmetric' : coordinates),
          nearest_mode: string(up === 'nearest' ? 'floor' : undefined),
        });
        x = convolve(g, { ...x, name, size: 2 * x.size }, { to, auto });
      }
      x = normalise(g, x, norm);
      x.name = activate(g, x.name, activation, [x.channels, 1, 1]);
    }
    return g.finish({ [g.node('Sigmoid', [convolve(g, x, { to: 1, kernel: 1 }).name])]: 4 }, TOLERANCE);
  });
