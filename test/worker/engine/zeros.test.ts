// Numbers that are 0 are not multiplied where there are many of them: the sums must be those of every product, in
// order, to the bit, and infinite weights must give NaN all the same.
import { expect, test } from 'vitest';
import { createStream } from '../../../core/sampling/stream.ts';
import { encodeModel } from '../../../onnx/model.ts';
import { createGraph, ints } from './graph.ts';
import { subject } from './subject.ts';

/** A share of the numbers is 0 or −0. */
function draw(name: string, length: number, zeros: number): Float32Array {
  const [numbers, places] = [new Float32Array(length), new Float32Array(length)];
  createStream('zeros', name).fillNormal(numbers);
  createStream('zeros', name, 'places').fillUniform(places);
  return numbers.map((x, i) => (places[i]! < zeros ? 0 * x : x));
}

/** Σₖ a[row][k] b[k][column], one product after the other, in float32. */
function reference(a: Float32Array, b: Float32Array, rows: number, k: number, columns: number): Float32Array {
  return Float32Array.from({ length: rows * columns }, (_, at) => {
    let sum = 0;
    for (let i = 0; i < k; i++)
      sum = Math.fround(
        sum + Math.fround(a[Math.floor(at / columns) * k + i]! * b[i * columns + (at % columns)]!),
      );
    return sum;
  });
}

async function product(a: Float32Array, b: Float32Array, rows: number, k: number, columns: number) {
  const graph = createGraph({});
  const x = graph.feed([rows, k], a);
  const y = graph.node('MatMul', [x, graph.constant('float32', [k, columns], [...b])]);
  const { model, feeds } = graph.finish({ [y]: 2 });
  const session = await subject.load(encodeModel(model));
  const { data } = (await session.run(feeds))[y]!;
  await session.release();
  return data;
}

const bits = (data: Float32Array) => [...new Uint32Array(data.buffer)];

for (const zeros of [0, 0.3, 0.6, 0.95, 1])
  test(`${100 * zeros} % zeros: every number of rows and columns gives the bits of the whole sum`, async () => {
    for (const [rows, k, columns] of [
      [1, 1, 1],
      [1, 37, 33],
      [3, 18, 8],
      [4, 64, 40],
      [7, 5, 100],
      [37, 23, 64],
    ] as const) {
      const [a, b] = [draw(`a${rows}`, rows * k, zeros), draw(`b${rows}`, k * columns, 0)];
      expect(bits(await product(a, b, rows, k, columns))).toEqual(bits(reference(a, b, rows, k, columns)));
    }
  });

test('0 times an infinite weight is NaN, however many rows there are', async () => {
  for (const rows of [1, 4, 33])
    for (const bad of [Number.POSITIVE_INFINITY, Number.NaN]) {
      const b = new Float32Array(6 * 40).fill(1);
      b[6 * 40 - 1] = bad;
      const data = await product(new Float32Array(rows * 6), b, rows, 6, 40);
      for (let row = 0; row < rows; row++) {
        expect(data[row * 40]).toBe(0);
        expect(data[row * 40 + 39]).toBeNaN();
      }
    }
});

for (const outputs of [3, 5, 16])
  test(`a border of zeros under an infinite weight is NaN: ${outputs} channels`, async () => {
    const graph = createGraph({});
    const x = graph.feed([2, 1, 4, 4], new Float32Array(32).fill(1));
    const weights = new Float32Array(outputs * 9).fill(1);
    weights[0] = Number.POSITIVE_INFINITY;
    const y = graph.node('Conv', [x, graph.constant('float32', [outputs, 1, 3, 3], [...weights])], {
      pads: ints([1, 1, 1, 1]),
    });
    const { model, feeds } = graph.finish({ [y]: 4 });
    const session = await subject.load(encodeModel(model));
    const { data } = (await session.run(feeds))[y]!;
    await session.release();
    expect([...data.subarray(0, 6)]).toEqual([NaN, NaN, NaN, NaN, NaN, Infinity]);
    expect([...data.subarray(16, 22)]).toEqual([4, 6, 6, 4, 6, 9]);
  });
