// Values that were wrong once, or might be, as exact numbers.
import { expect, test } from 'vitest';
import { expectSameBytes } from './close.ts';
import { fileOf, input, node, numbersOf, stored, tensor } from './one-node.ts';
import { subject } from './subject.ts';

const cast = (to: number) => ({ to: { type: 'int', value: to } as const });
const int = (value: number) => ({ type: 'int', value }) as const;
const ints = (...value: number[]) => ({ type: 'ints', value }) as const;

/** An operator on stored integers, read as floats. */
const whole = (op: string, type: 'uint8' | 'int8' | 'int32' | 'int64', a: number[], b: number[]) =>
  numbersOf({
    nodes: [node(op, ['a', 'b'], ['c']), node('Cast', ['c'], ['y'], cast(1))],
    initialisers: [stored('a', type, [a.length], a), stored('b', type, [b.length], b)],
  });

test('stored integers wrap as their type does, and are divided towards zero', async () => {
  expect(await whole('Add', 'uint8', [200], [100])).toEqual([44]);
  expect(await whole('Sub', 'uint8', [1], [2])).toEqual([255]);
  expect(await whole('Mul', 'int8', [100], [2])).toEqual([-56]);
  expect(await whole('Add', 'int32', [2 ** 31 - 1], [1])).toEqual([-(2 ** 31)]);
  expect(await whole('Div', 'int64', [-7, 7], [2, -2])).toEqual([-3, -3]);
  await expect(whole('Div', 'int64', [7], [0])).rejects.toThrow(
    'simd: Div: the integer Infinity is not supported',
  );
  await expect(whole('Mul', 'int64', [2 ** 40], [2 ** 40])).rejects.toThrow('is not supported');
});

test('a cast of stored integers keeps the low bits, and of numbers beyond the type saturates', async () => {
  const through = (type: 'int64' | 'float32', value: number, to: number) =>
    numbersOf({
      nodes: [node('Cast', ['a'], ['b'], cast(to)), node('Cast', ['b'], ['y'], cast(1))],
      initialisers: [stored('a', type, [1], [value])],
    });
  expect(await through('int64', 2 ** 32 + 5, 6)).toEqual([5]);
  expect(await through('int64', 300, 2)).toEqual([44]);
  expect(await through('float32', 3e9, 6)).toEqual([2147483648]);
  expect(await through('float32', -1.9, 7)).toEqual([-1]);
});

test('0 and −0 are two constants, and so are the infinities', async () => {
  const inverse = {
    nodes: [
      node('Div', ['x', 'zero'], ['a']),
      node('Div', ['x', 'minus'], ['b']),
      node('Concat', ['a', 'b'], ['y'], { axis: int(0) }),
    ],
    inputs: [input('x', 1)],
    initialisers: [stored('zero', 'float32', [1], [0]), stored('minus', 'float32', [1], [-0])],
  };
  expect(await numbersOf(inverse, { x: tensor([1], 1) })).toEqual([Infinity, -Infinity]);
  const wide = Array.from({ length: 70 }, (_, i) => i - 35);
  const clips = {
    nodes: [
      node('Clip', ['w', 'low', ''], ['a']),
      node('Clip', ['w', '', 'high'], ['b']),
      node('Sub', ['a', 'b'], ['d']),
      node('ReduceMax', ['d'], ['m'], { keepdims: int(0) }),
      node('Add', ['x', 'm'], ['y']),
    ],
    inputs: [input('x', 1)],
    initialisers: [
      stored('w', 'float32', [70], wide),
      stored('low', 'float32', [], [-Infinity]),
      stored('high', 'float32', [], [-Infinity]),
    ],
  };
  expect(await numbersOf(clips, { x: tensor([1], 0) })).toEqual([Infinity]);
});

test('names that look alike are not taken for one another', async () => {
  const values = Array.from({ length: 100 }, (_, i) => i);
  const value = {
    type: 'tensor',
    value: stored(
      '',
      'float32',
      [100],
      values.map((x) => -x),
    ),
  } as const;
  const part = {
    nodes: [
      node('Constant', [], ['c'], { value }),
      node('Add', ['c', 'constant:c'], ['s']),
      node('Add', ['s', 'x'], ['y']),
    ],
    inputs: [input('x', 1)],
    initialisers: [stored('constant:c', 'float32', [100], values)],
  };
  expect(new Set(await numbersOf(part, { x: tensor([1], 0) }))).toEqual(new Set([0]));
});

test('inputs may have the names of what every object has', async () => {
  const part = {
    nodes: [node('Add', ['constructor', '__proto__'], ['y'])],
    inputs: ['constructor', '__proto__'].map((name) => input(name, 1)),
  };
  const feeds = Object.fromEntries([
    ['constructor', tensor([1], 2)],
    ['__proto__', tensor([1], 3)],
  ]);
  expect(await numbersOf(part, feeds)).toEqual([5]);
  await expect(numbersOf(part)).rejects.toThrow("simd: input 'constructor' must be fed, got nothing");
});

test('an image sums in the same order alone and in a batch', async () => {
  const part = {
    nodes: [
      node('Conv', ['x', 'w'], ['c']),
      node('Slice', ['c', 'from', 'to', 'axes', 'steps'], ['s']),
      node('Mul', ['s', 'f'], ['p']),
      node('ReduceMean', ['p'], ['y'], { axes: ints(1, 2, 3), keepdims: int(0) }),
    ],
    inputs: [input('x', 'batch', 1, 5, 6)],
    initialisers: [
      stored('w', 'float32', [8, 1, 1, 1], [1, 1, 1, 1, 1, 1, 1, 1]),
      stored('from', 'int64', [2], [0, 1]),
      stored('to', 'int64', [2], [1, 6]),
      stored('axes', 'int64', [2], [1, 3]),
      stored('steps', 'int64', [2], [1, 1]),
      stored('f', 'float32', [1], [1]),
    ],
  };
  const image = Array.from({ length: 30 }, (_, i) => [1e30, 1, -1e30, 1][i % 4]!);
  const session = await subject.load(fileOf(part));
  const alone = await session.run({ x: tensor([1, 1, 5, 6], ...image) });
  const batch = await session.run({ x: tensor([3, 1, 5, 6], ...image, ...image, ...image) });
  expect([...batch.y!.data]).toEqual([0, 1, 2].map(() => alone.y!.data[0]));
  expectSameBytes(alone.y!, tensor([1], batch.y!.data[2]!), 'image 2');
});

test('what mixes images is not called batch-invariant', async () => {
  const softmax = (axis: number) => ({
    nodes: [node('Relu', ['x'], ['h']), node('Softmax', ['h'], ['y'], { axis: int(axis) })],
    inputs: [input('x', 'batch', 3)],
  });
  const reshape = (...shape: number[]) => ({
    nodes: [node('Reshape', ['x', 's'], ['h']), node('Softmax', ['h'], ['y'])],
    inputs: [input('x', 'batch', 4)],
    initialisers: [stored('s', 'int64', [shape.length], shape)],
  });
  const mean = {
    nodes: [
      node('Shape', ['x'], ['s'], { end: int(1) }),
      node('Cast', ['s'], ['n'], cast(1)),
      node('Div', ['x', 'n'], ['y']),
    ],
    inputs: [input('x', 'batch', 4)],
  };
  const invariant = async (part: Parameters<typeof fileOf>[0]) =>
    (await subject.load(fileOf(part))).batchInvariant;
  expect(await invariant(softmax(1))).toBe(true);
  expect(await invariant(softmax(-1))).toBe(true);
  expect(await invariant(softmax(0))).toBe(false);
  expect(await invariant(softmax(-2))).toBe(false);
  expect(await invariant(reshape(-1, 2))).toBe(true);
  expect(await invariant(reshape(0, 2, 2))).toBe(true);
  expect(await invariant(reshape(2, -1))).toBe(false);
  expect(await invariant(reshape(1, -1))).toBe(false);
  expect(await invariant(mean)).toBe(false);
});

test('Swish is x · sigmoid(αx)', async () => {
  const part = {
    nodes: [node('Swish', ['x'], ['y'], { alpha: { type: 'float', value: 2 } })],
    inputs: [input('x', 3)],
  };
  const [a, b, c] = await numbersOf(part, { x: tensor([3], -1, 0, 2) }, 24);
  expect([a, b, c].map((x) => x!.toFixed(6))).toEqual(['-0.119203', '0.000000', '1.964028']);
});

test('a repeated axis is refused, wherever axes are given', async () => {
  const x = { inputs: [input('x', 2, 3)] };
  const twice = { initialisers: [stored('a', 'int64', [2], [1, -1]), stored('n', 'int64', [2], [0, 0])] };
  const refused = (name: string, part: object, opset: number) =>
    expect(
      numbersOf({ ...x, ...twice, ...part } as never, { x: tensor([2, 3], 1, 2, 3, 4, 5, 6) }, opset),
      name,
    ).rejects.toThrow('the axes [1,-1] must differ');
  await refused('ReduceSum', { nodes: [node('ReduceSum', ['x', 'a'], ['y'])] }, 17);
  await refused('ReduceMean', { nodes: [node('ReduceMean', ['x'], ['y'], { axes: ints(1, -1) })] }, 17);
  await refused('Slice', { nodes: [node('Slice', ['x', 'n', 'n', 'a'], ['y'])] }, 17);
  const pads = stored('p', 'int64', [4], [0, 0, 0, 0]);
  await refused(
    'Pad',
    { nodes: [node('Pad', ['x', 'p', '', 'a'], ['y'])], initialisers: [...twice.initialisers, pads] },
    18,
  );
  const sizes = stored('s', 'int64', [2], [3, 3]);
  await refused(
    'Resize',
    {
      nodes: [node('Resize', ['x', '', '', 's'], ['y'], { axes: ints(1, -1) })],
      initialisers: [...twice.initialisers, sizes],
    },
    18,
  );
});

test('a mask of attention has two axes or more', async () => {
  const part = {
    nodes: [node('Attention', ['x', 'x', 'x', 'm'], ['y'])],
    inputs: [input('x', 1, 1, 2, 2), input('m')],
  };
  const feeds = { x: tensor([1, 1, 2, 2], 1, 2, 3, 4), m: tensor([], 0) };
  await expect(numbersOf(part, feeds, 23)).rejects.toThrow(
    'simd: Attention: the mask must have two axes or more, is []',
  );
});

test('a slice that goes back and ends at the largest integer takes all', async () => {
  const back = (end: number, step: number) =>
    numbersOf(
      {
        nodes: [node('Slice', ['x', 'from', 'to', 'axes', 'steps'], ['y'])],
        inputs: [input('x', 4)],
        initialisers: [
          stored('from', 'int64', [1], [2]),
          stored('to', 'int64', [1], [end]),
          stored('axes', 'int64', [1], [0]),
          stored('steps', 'int64', [1], [step]),
        ],
      },
      { x: tensor([4], 1, 2, 3, 4) },
    );
  expect(await back(2 ** 31 - 1, -1)).toEqual([3, 2, 1]);
  expect(await back(-(2 ** 31), -1)).toEqual([3, 2, 1]);
  expect(await back(2 ** 31 - 1, 1)).toEqual([3, 4]);
  expect(await back(1000, -1)).toEqual([]);
});

test('a flag that is neither 0 nor 1 keeps no axes', async () => {
  const shapeOf = async (keepdims: number) => {
    const part = {
      nodes: [node('ReduceMax', ['x'], ['h'], { keepdims: int(keepdims) }), node('Shape', ['h'], ['y'])],
      inputs: [input('x', 2, 3)],
      type: 'int64' as const,
    };
    return numbersOf(part, { x: tensor([2, 3], 1, 2, 3, 4, 5, 6) });
  };
  expect(await shapeOf(1)).toEqual([1, 1]);
  expect(await shapeOf(0)).toEqual([]);
  expect(await shapeOf(-1)).toEqual([]);
});

test('a size of −1 is one that is open', async () => {
  const part = { nodes: [node('Relu', ['x'], ['y'])], inputs: [input('x', -1, 2)] };
  const session = await subject.load(fileOf(part));
  expect(session.inputs).toEqual([{ name: 'x', shape: ['axis0', 2] }]);
  expect([...(await session.run({ x: tensor([2, 2], -1, 2, 3, -4) })).y!.data]).toEqual([0, 2, 3, 0]);
});

test('the largest of nothing is below every number', async () => {
  const of = (op: string) =>
    numbersOf(
      { nodes: [node(op, ['x'], ['y'], { axes: ints(1) })], inputs: [input('x', 2, 0)] },
      { x: tensor([2, 0]) },
    );
  expect(await of('ReduceMax')).toEqual([-Infinity, -Infinity]);
  expect(await of('ReduceMin')).toEqual([Infinity, Infinity]);
  expect(await of('ReduceLogSumExp')).toEqual([-Infinity, -Infinity]);
});

test('where a NaN is, the largest element is; a row of zeros has no direction', async () => {
  const position = {
    nodes: [node('ArgMax', ['x'], ['y'], { axis: int(1) })],
    inputs: [input('x', 2, 3)],
    type: 'int64' as const,
  };
  expect(await numbersOf(position, { x: tensor([2, 3], 1, Number.NaN, 3, 5, 5, 4) })).toEqual([1, 0]);
  const unit = { nodes: [node('LpNormalization', ['x'], ['y'])], inputs: [input('x', 2, 2)] };
  const [a, b, ...rest] = await numbersOf(unit, { x: tensor([2, 2], 3, 4, 0, 0) });
  expect([a!.toFixed(6), b!.toFixed(6), ...rest]).toEqual(['0.600000', '0.800000', 0, 0]);
});

test('positions along the images mix them', async () => {
  const invariant = async (op: string, axis?: number) =>
    (
      await subject.load(
        fileOf({
          nodes: [node(op, ['x'], ['y'], axis === undefined ? {} : { axis: int(axis) })],
          inputs: [input('x', 'batch', 3)],
          type: op === 'ArgMax' ? 'int64' : 'float32',
        }),
      )
    ).batchInvariant;
  expect(await invariant('ArgMax', 1)).toBe(true);
  expect(await invariant('ArgMax', -2)).toBe(false);
  expect(await invariant('ArgMax')).toBe(false);
  expect(await invariant('LpNormalization')).toBe(true);
  expect(await invariant('LpNormalization', -1)).toBe(true);
  expect(await invariant('LpNormalization', 0)).toBe(false);
});
