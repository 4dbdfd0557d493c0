import { existsSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { defineConfig } from 'vite';

const root = join(import.meta.dirname, '..');

/** dist/main/<name>.js and the file it starts from. A process whose file is not there yet is left out. */
const entries = {
  engine: 'main/entries/engine.ts',
  trainer: 'main/entries/trainer.ts',
  importer: 'main/entries/importer.ts',
  'kernels-worker': 'main/entries/kernels-worker.ts',
  'inspector-thread': 'main/entries/inspector-thread.ts',
  'checkpoint-thread': 'main/entries/checkpoint-thread.ts',
  'segment-worker': 'main/entries/segment-worker.ts',
  browser: 'main/shell/browser/main.ts',
  cli: 'main/shell/cli/main.ts',
  electron: 'main/shell/electron/main.ts',
};

/** Natives and what loads files of its own; everything else is bundled, so that a process starts fast. */
const external: (string | RegExp)[] = [
  'electron',
  'better-sqlite3',
  /^@tensorflow\//,
  /^node:/,
  ...builtinModules,
  // Optional speed-ups that ws asks for; it runs without them.
  'bufferutil',
  'utf-8-validate',
];

/** First line of every entry: a native of this app under an older Node ends in a fault without a word. */
const guard =
  "if (process.versions.node.split('.')[0] !== '24') { console.error('Recommender Workbench needs Node 24; this is ' +" +
  " process.version + '. Run it with npm run, which takes Node 24 from node_modules.'); process.exit(1); }";

export default defineConfig({
  root,
  publicDir: false,
  resolve: { conditions: ['node'] },
  ssr: { noExternal: true, target: 'node' },
  build: {
    ssr: true,
    target: 'node24',
    outDir: 'dist/main',
    emptyOutDir: false,
    minify: false,
    sourcemap: true,
    reportCompressedSize: false,
    rolldownOptions: {
      input: Object.fromEntries(
        Object.entries(entries)
          .map(([name, file]) => [name, join(root, file)] as const)
          .filter(([, file]) => existsSync(file)),
      ),
      external,
      output: {
        // The desktop app tells it in a dialog: main/shell/electron/version-check.ts.
        banner: (chunk) => (chunk.isEntry && chunk.name !== 'electron' ? guard : ''),
        format: 'esm',
        entryFileNames: '[name].js',
        chunkFileNames: 'chunks/[name]-[hash].js',
      },
    },
  },
});
