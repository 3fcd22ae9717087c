// `npm run build:engine`: the engine as a package that can be published from its folder: JavaScript, types, kernels.
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { constants, deflateRawSync } from 'node:zlib';
import { KERNELS } from './kernels.ts';
import { bundleFile, writePackageFolder } from './package-folder.ts';

const SOURCE = 'worker/engine/package';

/** An entry: what the package exports, with the kernels that `kernels` gives. */
const entry = (kernels: string): string => `import { withKernels } from './core.js';
${kernels}
export { Unsupported } from './core.js';
export const { createEngine, runUrl } = withKernels(kernels);
`;

/** workerd compiles no bytes: its kernels are a module of their own. */
const BESIDE = entry("import kernels from './kernels.wasm';");

/** Everybody else has them within the JavaScript, compressed, so that there is no file that a bundler could lose. */
function embedded(): string {
  const deflated = deflateRawSync(readFileSync(KERNELS), { level: constants.Z_BEST_COMPRESSION });
  return entry(`const deflated = Uint8Array.from(atob('${deflated.toString('base64')}'), (c) => c.charCodeAt(0));
const stream = new Blob([deflated]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
const kernels = new Response(stream).arrayBuffer().then((bytes) => WebAssembly.compile(bytes));`);
}

/** The types of the package: those that the app knows of an engine, which import nothing, and what it exports. */
const declarations = (): string => `${readFileSync('worker/engine/engine.ts', 'utf8')}
/** Thrown for a graph that the engine does not run; its message names operator and attribute. */
export declare class Unsupported extends Error {}

/** An engine, ready to load ONNX files. */
export declare function createEngine(): Promise<Engine>;

/** Runs the ONNX file at a URL, which is fetched and planned once. */
export declare function runUrl(url: string | URL, feeds: Feeds): Promise<Results>;
`;

/** Writes the package into `folder`. */
export async function buildEngine(folder: string): Promise<void> {
  writePackageFolder(folder, SOURCE, {
    name: 'dreamlet-engine',
    description: 'Runs ONNX files in JavaScript, with WebAssembly SIMD and nothing else.',
    exports: { '.': { types: './engine.d.ts', workerd: './workerd.js', default: './engine.js' } },
    files: ['*.js', '*.d.ts', '*.wasm'],
  });
  await bundleFile(join(SOURCE, 'index.ts'), join(folder, 'core.js'), true);
  writeFileSync(join(folder, 'engine.js'), embedded());
  writeFileSync(join(folder, 'workerd.js'), BESIDE);
  copyFileSync(KERNELS, join(folder, 'kernels.wasm'));
  writeFileSync(join(folder, 'engine.d.ts'), declarations());
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await buildEngine('build/engine');
