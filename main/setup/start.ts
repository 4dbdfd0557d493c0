/**
 * `npm start`: the desktop app where Electron is there or can be had, else the same windows in a browser.
 * `--no-open` prints the address of the browser shell instead of opening a browser, and downloads nothing;
 * `--browser` takes the browser shell though Electron is there. `--port P` and `--data-dir DIR` are passed on.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { downloadElectron, electronBinary } from './electron-binary.ts';
import { root } from './sources.ts';

/** Milliseconds within which an Electron that ends with an error could not start (no screen, a missing library). */
const startTime = 8_000;

export async function run(words: readonly string[]): Promise<number> {
  if (existsSync(join(root, 'node_modules', 'vite'))) {
    const { run: build } = await import('./build.ts');
    const failed = await build(['--stale']);
    if (failed) return failed;
  }
  const passed = words.filter((word) => word !== '--browser');
  if (words.includes('--browser')) return runBrowserShell(passed);
  try {
    const binary = electronBinary() ?? (await had(words));
    return await runElectron(binary, passed);
  } catch (error) {
    console.log(
      `In the browser, not in Electron: ${error instanceof Error ? error.message : String(error)}.`,
    );
    return runBrowserShell(passed);
  }
}

function had(words: readonly string[]): Promise<string> {
  if (words.includes('--no-open')) throw new Error('its program is not there');
  return downloadElectron();
}

/** @throws where it cannot start */
function runElectron(binary: string, words: readonly string[]): Promise<number> {
  const env = { ...process.env };
  // Set by tools that use Electron as a plain Node, and inherited from them.
  delete env.ELECTRON_RUN_AS_NODE;
  const at = words.indexOf('--data-dir');
  const dataDir = at < 0 ? [] : words.slice(at, at + 2);
  const started = performance.now();
  const child = spawn(binary, [root, ...dataDir], { env, stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.on('error', (error) => reject(new Error(`Electron does not start (${error.message})`)));
    child.on('exit', (code, signal) => {
      const failed = signal ?? (code === 0 ? null : `code ${code}`);
      if (failed && performance.now() - started < startTime && signal !== 'SIGINT' && signal !== 'SIGTERM') {
        reject(new Error(`Electron ended at once (${failed}); is there a screen?`));
      } else resolve(code ?? 1);
    });
  });
}

/** A process of its own, so that Ctrl+C and its end are the same as those of `workbench serve`. */
function runBrowserShell(words: readonly string[]): Promise<number> {
  const file = join(root, 'dist', 'main', 'browser.js');
  const child = spawn(process.execPath, [file, ...words], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => child.on('exit', (code) => resolve(code ?? 1)));
}
