/**
 * `npm start`: the desktop app where Electron is there or can be had, else the same windows in a browser.
 * `--no-open` prints the address of the browser shell instead of opening a browser, and downloads nothing;
 * `--browser` takes the browser shell though Electron is there. `--port P` and `--data-dir DIR` are passed on.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { downloadElectron, electronBinary } from './electron-binary.ts';
import { type Ended, runInForeground } from './foreground.ts';
import { root } from './sources.ts';

/** Milliseconds within which an Electron that ends with an error could not start (no screen, a missing library). */
const startTime = 8_000;

/** `exitCodes.told` of main/shell/electron: it started, and has told the person why it cannot go on. */
const told = 3;

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
async function runElectron(binary: string, words: readonly string[]): Promise<number> {
  const env = { ...process.env };
  // Set by tools that use Electron as a plain Node, and inherited from them.
  delete env.ELECTRON_RUN_AS_NODE;
  const started = performance.now();
  const ended = await runInForeground(binary, [root, ...dataDirOf(words)], env).catch((error: Error) => {
    throw new Error(`Electron does not start (${error.message})`);
  });
  const { code, asked } = ended;
  if (code !== 0 && code !== told && !asked && performance.now() - started < startTime)
    throw new Error(`Electron ended at once (${reasonOf(ended)})`);
  return code ?? (asked ? 0 : 1);
}

/** `--data-dir` in either of its ways to be written. */
function dataDirOf(words: readonly string[]): string[] {
  const options = { 'data-dir': { type: 'string' } } as const;
  const { values } = parseArgs({ args: [...words], options, strict: false, allowPositionals: true });
  const { 'data-dir': folder } = values;
  return typeof folder === 'string' ? [`--data-dir=${folder}`] : [];
}

/** What Chromium says where it cannot begin, in words that help. */
function reasonOf({ code, signal, said }: Ended): string {
  if (/sandbox/i.test(said)) {
    return (
      'this system gives its sandbox no user namespaces, as Ubuntu 24.04: the deb package brings the permission, ' +
      'or `sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0` gives it until the next start'
    );
  }
  if (/cannot open display|missing x server|ozone_platform/i.test(said)) return 'there is no screen';
  const library = /error while loading shared libraries: ([^:\s]+)/.exec(said);
  if (library) return `the system has no ${library[1]}`;
  return signal ?? `code ${code}`;
}

/** A process of its own, so that Ctrl+C and its end are the same as those of `workbench serve`. */
async function runBrowserShell(words: readonly string[]): Promise<number> {
  const file = join(root, 'dist', 'main', 'browser.js');
  return (await runInForeground(process.execPath, [file, ...words])).code ?? 1;
}
