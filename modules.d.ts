// Imports that are files rather than code: see vitest.config.ts for both, wrangler's CompiledWasm for the first.
declare module '*.wasm' {
  const module: WebAssembly.Module;
  export default module;
}

declare module '*?bytes' {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}
