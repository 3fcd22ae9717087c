// AssemblyScript that a benchmark brings along, compiled and started.
import asc from 'assemblyscript/asc';

/** The exports of `source`, with `pages` of 64 KiB as memory. @throws Error with the compiler's words. */
export async function startAssembly(source: string, pages = 1): Promise<WebAssembly.Exports> {
  let bytes: Uint8Array<ArrayBuffer> | undefined;
  const options = [
    '-O3',
    '--noAssert',
    '--runtime',
    'stub',
    '--enable',
    'simd',
    '--initialMemory',
    `${pages}`,
  ];
  const { error, stderr } = await asc.main(['source.ts', '--outFile', 'source.wasm', ...options], {
    readFile: (name) => (name === 'source.ts' ? source : null),
    writeFile(_, contents) {
      bytes = contents as Uint8Array<ArrayBuffer>;
    },
    listFiles: () => [],
  });
  if (error || !bytes) throw new Error(`assembly: ${stderr}`);
  return (await WebAssembly.instantiate(bytes)).instance.exports;
}
