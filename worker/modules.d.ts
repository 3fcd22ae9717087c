// Modules that the runtime or the bundler provides.
declare module '*.wasm' {
  const module: WebAssembly.Module;
  export default module;
}

declare module '@jsquash/*.wasm' {
  const module: WebAssembly.Module;
  export default module;
}

declare module 'onnxruntime-web/ort-wasm-simd-threaded.wasm' {
  const module: WebAssembly.Module;
  export default module;
}

declare module 'cloudflare:workers' {
  /** The bindings of the worker. */
  export const env: unknown;

  /** A worker whose methods others call through a service binding. */
  export class WorkerEntrypoint {
    readonly ctx: { waitUntil(work: Promise<unknown>): void };
  }
}
