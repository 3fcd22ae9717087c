// What the isolate of the worker holds: the measure that Cloudflare's 128 MB are of, “the JavaScript heap and WebAssembly
// allocations”. The process around it holds the runtime, compiled code and what allocators keep for later besides.
import { inspect } from './inspector.ts';
import { startWorkerd, type Workerd } from './workerd.ts';

/**
 * What V8's heap may take of 128 MB beside some 95 of WebAssembly memories. V8 collects according to the limit that it is
 * given: with 128 it lets 77 MB lie, most of it garbage, that an isolate has no room for.
 */
export const HEAP_MEGABYTES = 30;
/** Between two looks. */
const POLL_MILLISECONDS = 25;

export type Held = {
  /** Committed by V8's heap, garbage included. */
  heap: number;
  /** Of array buffers. */
  buffers: number;
  /** Of WebAssembly memories. */
  memories: number;
};

export const sumOf = ({ heap, buffers, memories }: Held): number => heap + buffers + memories;

export type Isolate = Workerd & {
  /** What is held, in MB, or was when it was most since the last call: looked at between, and amid, requests. */
  peak(): Promise<Held>;
};

/** A workerd that serves the worker as `dreamlet`, watched. */
export async function startIsolate(assets: string): Promise<Isolate> {
  const name = 'dreamlet';
  const workerd = await startWorkerd({ [name]: 'bench/edge/recorded-worker.ts' }, assets, HEAP_MEGABYTES);
  const inspector = await inspect(workerd.inspector!, name);
  let context: unknown;
  inspector.onEvent((method, params) => {
    if (method === 'Runtime.executionContextCreated') context = (params.context as { id: number }).id;
  });
  await inspector.ask('Runtime.enable');
  const nothing: Held = { heap: 0, buffers: 0, memories: 0 };
  let most = nothing;
  let ended = false;
  async function look(): Promise<void> {
    const usage = (await inspector.ask('Runtime.getHeapUsage')) as Record<string, number>;
    const expression = 'memoryBytes()';
    const { result } = await inspector.ask('Runtime.evaluate', { expression, contextId: context });
    const held = {
      heap: usage.totalSize! / 1e6,
      buffers: usage.backingStorageSize! / 1e6,
      memories: (result as { value: number }).value / 1e6,
    };
    if (sumOf(held) > sumOf(most)) most = held;
  }
  const watching = (async () => {
    while (!ended) {
      await look();
      await new Promise((done) => setTimeout(done, POLL_MILLISECONDS));
    }
  })();
  return {
    ...workerd,
    async peak() {
      await look();
      const held = most;
      most = nothing;
      return held;
    },
    async stop() {
      ended = true;
      await watching;
      inspector.close();
      await workerd.stop();
    },
  };
}
