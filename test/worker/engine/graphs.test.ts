// Whole random networks against onnxruntime-web; and what holds for one engine alone: an image has the same bytes
// in a batch as by itself, and every time.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeModel } from '../../../onnx/model.ts';
import type { Tensor } from '../../../worker/engine/engine.ts';
import { Dag } from './cases/dag.ts';
import { Encoder, ShapeArithmetic, UNet } from './cases/encoders.ts';
import { Dcgan, Mlp, ResNet, Upsampling } from './cases/generators.ts';
import { expectSameBytes } from './close.ts';
import { repetitions } from './repetitions.ts';
import { expectAgreement } from './run-case.ts';
import { subject } from './subject.ts';

/** Networks of each kind. */
const RUNS = repetitions(100);
const SEED = 1;
const TIMEOUT_MS = 60_000;

const networks = { Mlp, Dcgan, ResNet, Upsampling, Encoder, UNet, ShapeArithmetic, Dag };

/** Image `i` of tensors that have the batch in front. */
const imageOf = (tensors: Record<string, Tensor>, i: number): Record<string, Tensor> =>
  Object.fromEntries(
    Object.entries(tensors).map(([name, { shape, data }]) => {
      const size = data.length / shape[0]!;
      return [name, { shape: [1, ...shape.slice(1)], data: data.slice(i * size, (i + 1) * size) }];
    }),
  );

describe.each(Object.entries(networks))('%s', { timeout: TIMEOUT_MS }, (_, cases) => {
  test('answers as the reference does', async () => {
    await fc.assert(fc.asyncProperty(cases, expectAgreement), { numRuns: RUNS, seed: SEED });
  });

  test('gives an image the same bytes in a batch, alone, and again', async () => {
    const property = fc.asyncProperty(cases, async ({ model, feeds }) => {
      const session = await subject.load(encodeModel(model));
      try {
        const whole = await session.run(feeds);
        const n = Object.values(feeds)[0]!.shape[0]!;
        for (let i = 0; i < n; i++) {
          const alone = await session.run(imageOf(feeds, i));
          for (const [name, image] of Object.entries(imageOf(whole, i))) {
            expect(whole[name]!.shape[0]).toBe(n);
            expectSameBytes(alone[name]!, image, `image ${i} of ${n}, ${name}`);
          }
        }
        const again = await session.run(feeds);
        for (const name of Object.keys(whole)) expectSameBytes(again[name]!, whole[name]!, `again, ${name}`);
      } finally {
        await session.release();
      }
    });
    await fc.assert(property, { numRuns: RUNS, seed: SEED });
  });
});
