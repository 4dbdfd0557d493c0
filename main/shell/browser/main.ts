/** The browser shell as a program of its own: `node dist/main/browser.js [--port P] [--no-open] [--data-dir DIR] [--files F]`. */
import { parseArgs } from 'node:util';
import { outliveReaders } from '../../process/closed-outputs.ts';
import { serve } from './serve.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    open: { type: 'boolean', default: true },
    'data-dir': { type: 'string' },
    files: { type: 'string' },
  },
  allowNegative: true,
});

outliveReaders();
try {
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
