// Builds the page into dist/, which the worker serves; the models are put beside it by `npm run build`.
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  build: {
    outDir: '../dist',
    emptyOutDir: true,
    target: 'es2022',
    // The inference runtimes are fetched by address, when a visitor asks for them.
    assetsInlineLimit: 0,
  },
});
