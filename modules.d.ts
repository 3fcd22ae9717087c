// `import bytes from './file?bytes'`, which vitest.config.ts provides to tests.
declare module '*?bytes' {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}
