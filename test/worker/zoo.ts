// An app that serves the models that ship, in Node and in workerd.
import { createApp } from '../../worker/app.ts';
import { holdToContract } from './contract.ts';
import { engine, reference } from './fixture.ts';

/** Every file of the zoo, read when it is asked for. */
const files = import.meta.glob('../../models/*/*.{json,onnx}', { query: '?bytes', import: 'default' });

export async function readZoo(path: string): Promise<ArrayBuffer | null> {
  const load = files[`../../models/${path}`];
  if (load) return ((await load()) as Uint8Array<ArrayBuffer>).slice().buffer;
  if (path !== 'index.json') return null;
  const cards = Object.keys(files).filter((name) => name.endsWith('model.json'));
  const parsed = await Promise.all(
    cards.map(async (name) => JSON.parse(new TextDecoder().decode((await files[name]!()) as Uint8Array))),
  );
  return new TextEncoder().encode(JSON.stringify(parsed)).buffer as ArrayBuffer;
}

export const createZooApp = () =>
  holdToContract(
    createApp({ engine, reference, readFile: readZoo, defaultModel: 'mnist-vae', version: '0.0.0' }),
  );
