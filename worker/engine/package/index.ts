// The engine as others get it: `npm run build:engine` makes a package of this file, with an entry for workerd, which
// compiles no bytes, and one for everybody else.
import { createShared } from '../../shared.ts';
import type { Engine, Feeds, Results, Session } from '../engine.ts';
import { createSimdEngine } from '../simd/engine.ts';

export { Unsupported } from '../simd/unsupported.ts';

type Package = {
  /** An engine, ready to load ONNX files. */
  createEngine(): Promise<Engine>;
  /**
   * Runs the ONNX file at a URL, which is fetched and planned once.
   * @throws Error when it cannot be fetched; Unsupported when the engine does not run it.
   */
  runUrl(url: string | URL, feeds: Feeds): Promise<Results>;
};

/** What the package exports, given its kernels. */
export function withKernels(kernels: WebAssembly.Module | Promise<WebAssembly.Module>): Package {
  const createEngine = async () => createSimdEngine(await kernels);
  const sessions = new Map<string, Session>();
  const shared = createShared<Session>();

  async function open(url: string): Promise<Session> {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`${url}: ${response.status} ${response.statusText}`);
    const engine = await createEngine();
    const session = await engine.load(new Uint8Array(await response.arrayBuffer()));
    sessions.set(url, session);
    return session;
  }

  return {
    createEngine,
    async runUrl(url, feeds) {
      const key = String(url);
      const session = sessions.get(key) ?? (await shared(key, () => open(key)));
      return session.run(feeds);
    },
  };
}
