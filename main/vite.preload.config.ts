import { join } from 'node:path';
import { defineConfig } from 'vite';

/** A sandboxed preload is one CommonJS file that may require nothing but `electron`. */
export default defineConfig({
  root: join(import.meta.dirname, '..'),
  publicDir: false,
  build: {
    target: 'node24',
    outDir: 'dist/main',
    emptyOutDir: false,
    minify: false,
    reportCompressedSize: false,
    lib: { entry: 'main/shell/electron/preload.ts', formats: ['cjs'], fileName: () => 'preload.cjs' },
    rolldownOptions: { external: ['electron'] },
  },
});
