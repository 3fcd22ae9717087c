// Runs one case on an engine, or on both, and compares.
import { encodeModel } from '../../../onnx/model.ts';
import type { Engine, Tensor } from '../../../worker/engine/engine.ts';
import { expectClose, expectSameBytes } from './close.ts';
import type { Case } from './graph.ts';
import { reference, subject } from './subject.ts';

const copy = (feeds: Record<string, Tensor>): Record<string, Tensor> =>
  Object.fromEntries(
    Object.entries(feeds).map(([name, { shape, data }]) => [name, { shape: [...shape], data: data.slice() }]),
  );

export async function runOn(engine: Engine, { model, feeds }: Case): Promise<Record<string, Tensor>> {
  const session = await engine.load(encodeModel(model));
  try {
    return await session.run(feeds);
  } finally {
    await session.release();
  }
}

/** Throws unless the engine under test answers as the reference does, and leaves its feeds as they were. */
export async function expectAgreement(one: Case): Promise<void> {
  const feeds = copy(one.feeds);
  const actual = await runOn(subject, one);
  const expected = await runOn(reference, { ...one, feeds });
  const names = one.model.graph.outputs.map((output) => output.name);
  if (`${Object.keys(actual).sort()}` !== `${names.toSorted()}`)
    throw new Error(`outputs are ${Object.keys(actual)}, expected ${names}`);
  for (const name of names) expectClose(actual[name]!, expected[name]!, one.tolerance, name);
  for (const [name, feed] of Object.entries(feeds)) expectSameBytes(one.feeds[name]!, feed, `feed ${name}`);
}
