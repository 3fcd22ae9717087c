// `npm run slim`: takes out of node_modules/ what no command here needs: ONNX Runtime's builds for other platforms (npm
// cannot leave them out) and source maps.
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

const MODULES = 'node_modules';
const RUNTIMES = join(MODULES, 'onnxruntime-node/bin/napi-v6');

const maps = readdirSync(MODULES, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.map'))
  .map((file) => join(MODULES, file));
const platforms = readdirSync(RUNTIMES).filter((platform) => platform !== process.platform);
const others = platforms.flatMap((platform) =>
  readdirSync(join(RUNTIMES, platform), { recursive: true, encoding: 'utf8' }).map((file) =>
    join(RUNTIMES, platform, file),
  ),
);

const files = [...maps, ...others].filter((file) => statSync(file).isFile());
const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
for (const file of files) rmSync(file);
console.log(`${files.length} files less, ${(bytes / 1e6).toFixed(0)} MB`);
