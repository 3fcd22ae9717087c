// An engine in another worker, behind a service binding (worker/reference/).
import { sha256 } from '../../core/sha256.ts';
import { decodeModel } from '../../onnx/decode.ts';
import { createRoom } from '../shared.ts';
import { Busy } from './busy.ts';
import type { Engine, Feeds, Results } from './engine.ts';
import { readSource } from './source.ts';

/** What the other worker answers, by remote procedure call. */
export type RemoteService = {
  /**
   * Runs the graph with every one of `list`, in order, and loads it first where it has to. 'unknown': the graph is not
   * loaded there, and `onnx` did not come along; 'busy': there is no room for more at the moment.
   */
  run(key: string, list: readonly Feeds[], onnx?: Uint8Array): Promise<Results[] | 'unknown' | 'busy'>;
};

/** Calls at once: each may carry a graph. */
const MAX_CALLS = 8;

export function createRemoteEngine(name: string, service: RemoteService): Engine {
  const inRoom = createRoom(MAX_CALLS);
  return {
    name,
    async load(source, files = {}) {
      const beside = Object.keys(files);
      if (beside.length > 0)
        throw new Error(`${name}: files beside a model, such as ${beside[0]}, do not travel`);
      const onnx = await readSource(source);
      const { graph } = decodeModel(onnx);
      const kept = typeof source === 'function' ? 0 : onnx.length;
      const key = await sha256(onnx as Uint8Array<ArrayBuffer>);
      const initialisers = new Set(graph.initialisers.map((one) => one.name));

      async function runEach(list: readonly Feeds[]): Promise<Results[]> {
        const call = async () => {
          const known = await service.run(key, list);
          return known === 'unknown' ? service.run(key, list, await readSource(source)) : known;
        };
        const answer = (await inRoom(call))?.value ?? 'busy';
        if (typeof answer === 'string') throw new Busy(name);
        return answer;
      }

      return {
        inputs: graph.inputs.filter((input) => !initialisers.has(input.name)),
        outputs: graph.outputs,
        batchInvariant: false,
        bytes: () => kept,
        runEach,
        run: async (feeds) => (await runEach([feeds]))[0]!,
        async release() {},
      };
    },
  };
}
