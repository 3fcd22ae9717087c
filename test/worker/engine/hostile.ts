// What an engine may do with a file or feeds that nobody should have sent: work, or say why not.
import { encodeModel } from '../../../onnx/model.ts';
import type { Session, Tensor } from '../../../worker/engine/engine.ts';
import type { Case } from './graph.ts';
import { subject } from './subject.ts';

/** Time for one file, loading and running together. In workerd clocks stand still meanwhile: it counts in Node. */
const LIMIT_MS = 10_000;

/** The module that refuses comes first: the reader of files, or the engine. */
const MESSAGE = /^(ONNX |simd: )/;

export type Outcome = { outputs: Record<string, Tensor> } | { refusal: string };

/** The message of a refusal; anything else that is thrown is a fault of the engine, and thrown again. */
function refusalOf(error: unknown): string {
  const fault =
    !(error instanceof Error) ||
    error instanceof RangeError ||
    error instanceof TypeError ||
    error instanceof ReferenceError ||
    error instanceof SyntaxError ||
    error instanceof WebAssembly.RuntimeError;
  if (fault) throw error;
  if (!MESSAGE.test(error.message))
    throw new Error(`a refusal names no module: ${error.message}`, { cause: error });
  return error.message;
}

function expectWhole(name: string, { shape, data }: Tensor): void {
  const counted = shape.every((d) => Number.isInteger(d) && d >= 0);
  if (!counted || data.length !== shape.reduce((n, d) => n * d, 1))
    throw new Error(`output ${name} of shape [${shape}] has ${data.length} elements`);
}

/** What comes of `work`, within the time allowed. */
export async function outcomeOf(work: () => Promise<Record<string, Tensor>>): Promise<Outcome> {
  const start = performance.now();
  let outcome: Outcome;
  try {
    outcome = { outputs: await work() };
  } catch (error) {
    outcome = { refusal: refusalOf(error) };
  }
  const took = performance.now() - start;
  if (took > LIMIT_MS) throw new Error(`took ${took} ms: ${JSON.stringify(outcome).slice(0, 200)}`);
  if ('outputs' in outcome)
    for (const [name, tensor] of Object.entries(outcome.outputs)) expectWhole(name, tensor);
  return outcome;
}

/** What comes of a file and feeds. */
export const attempt = (onnx: Uint8Array, feeds: Record<string, Tensor>): Promise<Outcome> =>
  outcomeOf(async () => {
    const session: Session = await subject.load(onnx);
    try {
      return await session.run(feeds);
    } finally {
      await session.release();
    }
  });

/** What comes of a case, and throws where it is not refused. */
export async function refusal({ model, feeds }: Case): Promise<string> {
  const outcome = await attempt(encodeModel(model), feeds);
  if ('refusal' in outcome) return outcome.refusal;
  throw new Error(
    `not refused: ${Object.entries(outcome.outputs).map(([name, { shape }]) => `${name} [${shape}]`)}`,
  );
}
