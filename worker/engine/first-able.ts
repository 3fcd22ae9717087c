// Several engines as one: a graph that one declines is taken by the next.
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
      let taken: Promise<Session> | undefined;
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
            taken ??= handOn(error).then((other) => {
              session = other;
              return other;
            });
            return (await taken).run(feeds);
          }
        },
        async release() {
          const other = await taken?.catch(() => undefined);
          await Promise.all([declined.release(), other?.release()]);
        },
      };
    },
  };
}
