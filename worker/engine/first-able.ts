// Several engines as one: a graph that one declines is taken by the next.
import { createShared } from '../shared.ts';
import type { Engine, Session } from './engine.ts';
import { Unsupported } from './simd/unsupported.ts';

/**
 * A graph may be declined when it is loaded or, where what is fed decides, when it is run: nothing has been run then.
 * @throws what the last engine throws, or at once any error but `Unsupported`.
 */
export function firstAble(first: Engine, ...others: readonly Engine[]): Engine {
  const [next, ...rest] = others;
  if (!next) return first;
  return {
    name: first.name,
    async load(onnx, files) {
      const handOn = async (error: unknown): Promise<Session> => {
        if (!(error instanceof Unsupported)) throw error;
        console.warn(`${error.message}; ${next.name} runs it`);
        return firstAble(next, ...rest).load(onnx, files);
      };
      let declined: Session;
      try {
        declined = await first.load(onnx, files);
      } catch (error) {
        return handOn(error);
      }
      let session = declined;
      // As a value: a request that is cut off takes its promise with it, and a failure is not for ever.
      const shared = createShared<Session>();
      return {
        inputs: declined.inputs,
        outputs: declined.outputs,
        get batchInvariant() {
          return session.batchInvariant;
        },
        bytes: () => session.bytes(),
        async run(feeds) {
          const asked = session;
          try {
            return await asked.run(feeds);
          } catch (error) {
            if (asked !== declined) throw error;
            if (session === declined) session = await shared('', () => handOn(error));
            return session.run(feeds);
          }
        },
        async release() {
          await Promise.all(
            [declined, ...(session === declined ? [] : [session])].map((one) => one.release()),
          );
        },
      };
    },
  };
}
