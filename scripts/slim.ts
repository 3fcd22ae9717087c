// `npm run slim`: takes out of node_modules/ what no command here needs and npm cannot leave out: ONNX Runtime's builds for
// other platforms and for backends of the web that are not used here, and source maps.
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

const MODULES = 'node_modules';
const RUNTIMES = join(MODULES, 'onnxruntime-node/bin/napi-v6');
const WEB = join(MODULES, 'onnxruntime-web/dist');
/** Builds of ONNX Runtime for the web that are imported: WebAssembly alone, and with WebGPU by JSPI. */
const USED = /^(ort\.(wasm|jspi)\.|ort-wasm-simd-threaded\.(jspi\.)?(wasm|mjs)$)/;

const maps = readdirSync(MODULES, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.map'))
  .map((file) => join(MODULES, file));
const platforms = readdirSync(RUNTIMES).filter((platform) => platform !== process.platform);
const others = platforms.flatMap((platform) =>
  readdirSync(join(RUNTIMES, platform), { recursive: true, encoding: 'utf8' }).map((file) =>
    join(RUNTIMES, platform, file),
  ),
);

const unused = readdirSync(WEB)
  .filter((file) => !USED.test(file) && !file.endsWith('.map'))
  .map((file) => join(WEB, file));

const files = [...maps, ...others, ...unused].filter((file) => statSync(file).isFile());
const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
for (const file of files) rmSync(file);
console.log(`${files.length} files less, ${(bytes / 1e6).toFixed(0)} MB`);
