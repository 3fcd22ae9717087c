// Comes before the worker: V8 counts no WebAssembly memory among what its heap holds, so each one that is made is noted.
const made: WeakRef<WebAssembly.Memory>[] = [];

function noted<T extends WebAssembly.Instance>(instance: T): T {
  for (const one of Object.values(instance.exports))
    if (one instanceof WebAssembly.Memory) made.push(new WeakRef(one));
  return instance;
}

const { Instance, instantiate } = WebAssembly;
WebAssembly.Instance = new Proxy(Instance, {
  construct: (target, [module, imports]) => noted(new target(module, imports)),
});
WebAssembly.instantiate = (async (module: WebAssembly.Module, imports?: WebAssembly.Imports) =>
  noted(await instantiate(module, imports))) as typeof WebAssembly.instantiate;

Object.assign(globalThis, {
  /** Bytes of all that are there, with those that nobody needs and no collector has seen. */
  memoryBytes: () => made.reduce((sum, one) => sum + (one.deref()?.buffer.byteLength ?? 0), 0),
});
