// One of the ONNX project's node tests on the engine, with its inputs fed or stored in the file: right, declined, wrong.
import { readFileSync } from 'node:fs';
import { decodeModel } from '../../onnx/decode.ts';
import { decodeTensor } from '../../onnx/decode-tensor.ts';
import { fromHalf } from '../../onnx/float16.ts';
import { createWriter, readFields } from '../../onnx/wire.ts';
import type { Tensor } from '../../worker/engine/engine.ts';
import { elementType, storedNumbers } from '../../worker/engine/simd/element-type.ts';
import { createSimdEngine, Unsupported } from '../../worker/engine/simd/engine.ts';
import type { NodeTest } from './archive.ts';

/** `fed`: as they are; `mixed`: all inputs but the first are stored in the file; `stored`: all are. */
export const WAYS = ['fed', 'mixed', 'stored'] as const;
export type Way = (typeof WAYS)[number];

/** `right`, `declined: …` (Unsupported, before anything runs) or `wrong: …`. */
export type Verdict = string;

/** The ONNX project's own. */
const RELATIVE = 1e-3;
const ABSOLUTE = 1e-7;

const kernels = new URL('../../worker/engine/simd/kernels.wasm', import.meta.url);
const engine = createSimdEngine(new WebAssembly.Module(readFileSync(kernels)));

/** @throws Unsupported for a type that the engine does not hold. */
function toTensor(bytes: Uint8Array): Tensor & { numbers: number[] } {
  const { type, shape, data } = decodeTensor(bytes);
  const held = elementType(type, 'a tensor');
  const elements = shape.reduce((n, size) => n * size, 1);
  const stored = Array.from<number | bigint, number>(storedNumbers(held, data, elements), Number);
  const numbers = held === 'float16' ? stored.map(fromHalf) : stored;
  return { shape, numbers, data: Float32Array.from(numbers) };
}

/** The model with some of its inputs as initialisers of the same names. */
function withStored(model: Uint8Array, tensors: readonly { name: string; bytes: Uint8Array }[]): Uint8Array {
  const w = createWriter();
  for (const { field, number, bytes } of readFields(model, 'model')) {
    if (number !== undefined) w.varint(field, number);
    else if (field !== 7) w.bytes(field, bytes!);
    else
      w.message(7, (graph) => {
        for (const part of readFields(bytes!, 'graph'))
          if (part.number === undefined) graph.bytes(part.field, part.bytes!);
        for (const { name, bytes: tensor } of tensors) {
          const named = createWriter();
          named.string(8, name);
          graph.bytes(5, Buffer.concat([tensor, named.finish()]));
        }
      });
  }
  return w.finish();
}

function difference(
  actual: Tensor | undefined,
  expected: { shape: number[]; numbers: number[] },
): string | undefined {
  if (actual?.shape.join() !== expected.shape.join())
    return `shape [${actual?.shape}] for [${expected.shape}]`;
  const i = expected.numbers.findIndex((e, at) => {
    const a = actual.data[at]!;
    return !(Object.is(a, e) || a === e || Math.abs(a - e) <= ABSOLUTE + RELATIVE * Math.abs(e));
  });
  return i < 0 ? undefined : `element ${i} is ${actual.data[i]} for ${expected.numbers[i]}`;
}

export async function judge({ model, inputs, outputs }: NodeTest, way: Way): Promise<Verdict> {
  try {
    const { graph } = decodeModel(model);
    // What is no dense tensor cannot be stored: such a test is as it is in every way.
    const dense = graph.inputs.every(({ type }) => type !== 'undefined');
    const first = dense ? { fed: inputs.length, mixed: 1, stored: 0 }[way] : inputs.length;
    const stored = inputs.flatMap((bytes, i) => (i < first ? [] : [{ name: graph.inputs[i]!.name, bytes }]));
    const session = await engine.load(stored.length > 0 ? withStored(model, stored) : model);
    const feeds = inputs.slice(0, first).map((bytes, i) => [graph.inputs[i]!.name, toTensor(bytes)] as const);
    const answers = await session.run(Object.fromEntries(feeds)).finally(session.release);
    const wrong = outputs
      .map((bytes, i) => difference(answers[graph.outputs[i]!.name], toTensor(bytes)))
      .find((found) => found !== undefined);
    return wrong ? `wrong: ${wrong}` : 'right';
  } catch (error) {
    return error instanceof Unsupported ? `declined: ${error.message}` : `wrong: ${error}`;
  }
}
