// Builds the pages into dist/, which the worker serves; models and results are put beside them by `npm run build`.
import { join } from 'node:path';
import { build } from 'esbuild';
import { defineConfig, type Plugin } from 'vite';

const page = (file: string) => join(import.meta.dirname, file);

/**
 * Scripts under addresses of their own, one file each: /widget.js for pages of others, as a classic script and as a module
 * alike, and /reference.js for the page of the API, which the worker makes.
 */
const scripts: Plugin = {
  name: 'scripts',
  async generateBundle() {
    for (const [fileName, entry] of [
      ['widget.js', 'widget/index.ts'],
      ['reference.js', 'reference/main.ts'],
    ] as const) {
      const { outputFiles } = await build({
        entryPoints: [page(entry)],
        bundle: true,
        minify: true,
        format: 'iife',
        target: 'es2022',
        write: false,
        logLevel: 'error',
      });
      this.emitFile({ type: 'asset', fileName, source: outputFiles[0]!.text });
    }
  },
};

export default defineConfig({
  root: import.meta.dirname,
  plugins: [scripts],
  build: {
    outDir: '../dist',
    emptyOutDir: true,
    target: 'es2022',
    // The inference runtimes are fetched by address, when a visitor asks for them.
    assetsInlineLimit: 0,
    rolldownOptions: { input: [page('index.html'), page('results/index.html')] },
  },
});
