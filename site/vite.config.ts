// Builds the pages into dist/, which the worker serves; models and results are put beside them by `npm run build`.
import { join } from 'node:path';
import { defineConfig } from 'vite';

const page = (file: string) => join(import.meta.dirname, file);

export default defineConfig({
  root: import.meta.dirname,
  build: {
    outDir: '../dist',
    emptyOutDir: true,
    target: 'es2022',
    // The inference runtimes are fetched by address, when a visitor asks for them.
    assetsInlineLimit: 0,
    rolldownOptions: { input: [page('index.html'), page('results/index.html')] },
  },
});
