// Builds the pages into dist/, which the worker serves; models and results are put beside them by `npm run build`.
import { join } from 'node:path';
import { build } from 'esbuild';
import { defineConfig, type Plugin } from 'vite';

const page = (file: string) => join(import.meta.dirname, file);

/** /widget.js: one file for pages of others, as a classic script and as a module alike. */
const widget: Plugin = {
  name: 'widget',
  async generateBundle() {
    const { outputFiles } = await build({
      entryPoints: [page('widget/index.ts')],
      bundle: true,
      minify: true,
      format: 'iife',
      target: 'es2022',
      write: false,
      logLevel: 'error',
    });
    this.emitFile({ type: 'asset', fileName: 'widget.js', source: outputFiles[0]!.text });
  },
};

export default defineConfig({
  root: import.meta.dirname,
  plugins: [widget],
  build: {
    outDir: '../dist',
    emptyOutDir: true,
    target: 'es2022',
    // The inference runtimes are fetched by address, when a visitor asks for them.
    assetsInlineLimit: 0,
    rolldownOptions: { input: [page('index.html'), page('results/index.html')] },
  },
});
