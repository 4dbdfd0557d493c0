/** The browser shell as a program of its own: `node dist/main/browser.js [--port P] [--no-open] [--data-dir DIR] [--files F]`. */
import { parseArgs } from 'node:util';
import { cacheCompiledCode } from '../../base/compile-cache.ts';
import { outliveReaders } from '../../process/closed-outputs.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    open: { type: 'boolean', default: true },
    'data-dir': { type: 'string' },
    files: { type: 'string' },
  },
  allowNegative: true,
});

cacheCompiledCode();
outliveReaders();
try {
  const { serve } = await import('./serve.ts');
  process.exitCode = await serve({
    port: Number(values.port),
    open: values.open,
    dataDir: values['data-dir'],
    files: values.files,
  });
} catch (error) {
  const { message, hint } = error as { message: string; hint?: string };
  console.error([message, hint].filter(Boolean).join(' '));
  process.exitCode = 1;
}
