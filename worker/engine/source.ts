// The bytes of a graph, wherever they come from.
import type { Source } from './engine.ts';

export const readSource = async (source: Source): Promise<Uint8Array> =>
  typeof source === 'function' ? source() : source;
