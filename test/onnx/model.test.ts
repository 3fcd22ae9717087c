import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeModel } from '../../onnx/decode.ts';
import { encodeModel, type Model } from '../../onnx/model.ts';

const model: Model = {
  opset: 17,
  producer: 'test',
  graph: {
    name: 'g',
    nodes: [
      {
        op: 'Conv',
        inputs: ['x', 'w'],
        outputs: ['y'],
        attributes: {
          strides: { type: 'ints', value: [2, -1, 300] },
          alpha: { type: 'float', value: 0.5 },
          axis: { type: 'int', value: -1 },
          mode: { type: 'string', value: 'réflect' },
          scales: { type: 'floats', value: [1.5, -2] },
          value: { type: 'tensor', value: { name: 't', type: 'int64', shape: [1], data: new Uint8Array(8) } },
        },
      },
    ],
    initialisers: [
      { name: 'w', type: 'float32', shape: [2, 1], data: Uint8Array.of(0, 0, 128, 63, 0, 0, 0, 64) },
    ],
    inputs: [{ name: 'x', type: 'float32', shape: ['batch', 3] }],
    outputs: [{ name: 'y', type: 'float32', shape: [1] }],
  },
};

test('a model is read back as it was written', () => {
  expect(decodeModel(encodeModel(model))).toEqual(model);
});

test.each([
  ['a shape that its data do not fill', { shape: [3, 1] }, /shape \[3,1\] of float32 needs 12 bytes, got 8/],
  ['a negative dimension', { shape: [-1, 2] }, /dimension -1 is negative/],
  ['a huge dimension', { shape: [2 ** 40, 2 ** 20] }, /needs .* bytes, got 8/],
])('%s is refused', (_, change, message) => {
  const [w] = model.graph.initialisers;
  const bad = { ...model, graph: { ...model.graph, initialisers: [{ ...w!, ...change }] } };
  expect(() => decodeModel(encodeModel(bad))).toThrow(message);
});

test('every damaged file gives an error that names ONNX, or a model', () => {
  const good = encodeModel(model);
  const read = (bytes: Uint8Array) => {
    try {
      decodeModel(bytes);
    } catch (error) {
      expect((error as Error).message).toMatch(/^ONNX /);
    }
  };
  for (let length = 0; length < good.length; length++) read(good.subarray(0, length));
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
      (flips) => {
        const bad = good.slice();
        for (const [at, byte] of flips) bad[at] = byte;
        read(bad);
      },
    ),
    { numRuns: 2000 },
  );
  fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), read), { numRuns: 2000 });
});
