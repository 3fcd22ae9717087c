// Compiles the engine's kernels (AssemblyScript) to WebAssembly; `npm run kernels` writes the module that is committed.
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';
import { writeAtomically } from '../train/io/files.ts';

export const KERNELS = 'worker/engine/simd/kernels.wasm';

const OPTIONS = ['-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd', '--use', 'abort='];
/** v128 does not leave the module: only functions that the kernels themselves call take or give it. */
const SILENT = ['--disableWarning', '112'];

/** The module's bytes. @throws Error with the compiler's words. */
export async function compileKernels(): Promise<Uint8Array> {
  let bytes: Uint8Array | undefined;
  const { error, stderr } = await asc.main(
    ['worker/engine/simd/kernels/index.ts', '--outFile', 'kernels.wasm', ...OPTIONS, ...SILENT],
    {
      writeFile(_, contents) {
        bytes = contents as Uint8Array;
      },
    },
  );
  if (error || !bytes) throw new Error(`kernels: ${error?.message}\n${stderr}`);
  return bytes;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeAtomically(KERNELS, await compileKernels());
