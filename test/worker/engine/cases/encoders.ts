// Whole encoders and image-to-image networks, and the arithmetic on shapes that exporters leave in a file.
import fc from 'fast-check';
import { createGraph, int, ints } from '../graph.ts';
import { activate, convolve, deconvolve, dense, normalise, type Plane } from './blocks.ts';
import { batch, flag } from './draws.ts';
import { activation, network, norm } from './generators.ts';

const TOLERANCE = 5e-5;
const channels = fc.integer({ min: 1, max: 12 });

/** Strided convolutions, then a mean and a log-variance: two heads, or one that is split. */
export const Encoder = fc
  .record({
    ...network,
    colours: fc.constantFrom(1, 3),
    size: fc.integer({ min: 2, max: 9 }),
    stages: fc.array(fc.record({ to: channels, norm, activation, auto: flag, pool: flag }), {
      minLength: 1,
      maxLength: 2,
    }),
    latents: batch,
    heads: fc.constantFrom('two', 'split', 'pooled'),
  })
  .map(({ n, colours, size, stages, latents, heads, ...p }) => {
    const g = createGraph(p);
    let x: Plane = { name: g.operand([n, colours, size, size]), channels: colours, size };
    for (const { to, norm, activation, auto, pool } of stages) {
      const halved = pool && x.size >= 2;
      x = normalise(g, convolve(g, x, { to, stride: halved ? 1 : 2, auto }), norm);
      x.name = activate(g, x.name, activation, [to, 1, 1]);
      if (!halved) continue;
      const name = g.node('MaxPool', [x.name], { kernel_shape: ints([2, 2]), strides: ints([2, 2]) });
      x = { ...x, name, size: Math.floor(x.size / 2) };
    }
    const features = heads === 'pooled' ? x.channels : x.channels * x.size * x.size;
    const plane = heads === 'pooled' ? g.node('GlobalAveragePool', [x.name]) : x.name;
    const flat = g.node('Flatten', [plane]);
    if (heads !== 'split') {
      const deviation = dense(g, flat, features, latents);
      const half = g.node('Mul', [deviation, g.constant('float32', [], [0.5])]);
      return g.finish({ [dense(g, flat, features, latents)]: 2, [g.node('Exp', [half])]: 2 }, TOLERANCE);
    }
    const [mean, logVariance] = g.split(
      'Split',
      [dense(g, flat, features, 2 * latents), g.integers([latents, latents])],
      { axis: int(1) },
      2,
    );
    return g.finish({ [mean!]: 2, [logVariance!]: 2 }, TOLERANCE);
  });

/** Ronneberger et al. 2015: down, up, and the plane of the way down beside that of the way up. */
export const UNet = fc
  .record({
    ...network,
    colours: channels,
    depth: fc.integer({ min: 1, max: 2 }),
    to: channels,
    norm,
    activation,
    resize: flag,
    skipFirst: flag,
  })
  .map(({ n, colours, depth, to, norm, activation, resize, skipFirst, ...p }) => {
    const g = createGraph(p);
    const size = 2 * 2 ** depth;
    let x: Plane = { name: g.operand([n, colours, size, size]), channels: colours, size };
    const skips: Plane[] = [];
    for (let level = 0; level < depth; level++) {
      x = normalise(g, convolve(g, x, { to: to + level }), norm);
      x.name = activate(g, x.name, activation, [x.channels, 1, 1]);
      skips.push(x);
      x = convolve(g, x, { stride: 2 });
    }
    for (const skip of skips.toReversed()) {
      if (resize) {
        const name = g.node('Resize', [x.name, '', g.constant('float32', [4], [1, 1, 2, 2])]);
        x = { ...x, name, size: 2 * x.size };
      } else x = deconvolve(g, x);
      const name = g.node('Concat', skipFirst ? [skip.name, x.name] : [x.name, skip.name], { axis: int(1) });
      x = convolve(g, { ...x, name, channels: x.channels + skip.channels }, { to: skip.channels });
      x.name = activate(g, x.name, activation, [x.channels, 1, 1]);
    }
    return g.finish({ [x.name]: 4 }, TOLERANCE);
  });

/** x.view(x.size(0), -1) and its kin, as PyTorch exports them: a shape taken apart, computed with, put together. */
export const ShapeArithmetic = fc
  .record({
    ...network,
    channels,
    size: fc.integer({ min: 1, max: 5 }),
    start: fc.constantFrom('Gather', 'Slice', 'GatherVector'),
    /** How the number of features is written. */
    features: fc.constantFrom('-1', 'product', 'division'),
    ending: fc.constantFrom('Reshape', 'Expand', 'ConstantOfShape'),
  })
  .map(({ n, channels, size, start, features, ending, ...p }) => {
    const g = createGraph(p);
    const x = g.operand([n, channels, size, size]);
    const shape = g.node('Shape', [x]);
    const whole = channels * size * size;
    const pick = (at: number) => g.node('Gather', [shape, g.constant('int64', [], [at])], { axis: int(0) });
    const vector = (scalar: string) => g.node('Unsqueeze', [scalar, g.integers([0])]);
    const first = {
      Gather: () => vector(pick(0)),
      GatherVector: () => g.node('Gather', [shape, g.integers([-4])]),
      Slice: () => g.node('Slice', [shape, g.integers([0]), g.integers([1]), g.integers([0])]),
    }[start]();
    const rest = {
      '-1': () => g.integers([-1]),
      product: () => vector(g.node('Mul', [pick(1), g.node('Mul', [pick(2), pick(-1)])])),
      division: () => {
        // (2 · c · s² + 1) / 2: the division of integers rounds.
        const doubled = g.node('Mul', [pick(1), g.constant('int64', [], [2 * size * size])]);
        const more = g.node('Add', [doubled, g.constant('int64', [], [1])]);
        return vector(g.node('Div', [more, g.constant('int64', [], [2])]));
      },
    };
    if (ending === 'Reshape') {
      const flat = g.node('Reshape', [x, g.node('Concat', [first, rest[features]()], { axis: int(0) })]);
      return g.finish({ [dense(g, flat, whole, 7)]: 2 }, TOLERANCE);
    }
    const target = g.node('Concat', [first, g.integers([channels, size, size])], { axis: int(0) });
    const other =
      ending === 'Expand'
        ? g.node('Expand', [g.operand([1, channels, 1, size], { constant: true }), target])
        : g.node('ConstantOfShape', [target]);
    return g.finish({ [g.node('Add', [x, other])]: 4 }, TOLERANCE);
  });
