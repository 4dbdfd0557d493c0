import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { makeOwnFolder } from '../../base/data-folder.ts';
import { WorkbenchError } from '../../base/errors.ts';
import { EngineLink } from '../../process/engine-link.ts';
import { nodeForker } from '../../process/node-forker.ts';
import { ReadingScope } from './reading.ts';
import { startServer, type BrowserServer } from './server.ts';
import { Transfers } from './transfers.ts';
import { findBrowser, openWindow } from './window.ts';

export interface ServeOptions {
  /** 0: any free one. */
  readonly port: number;
  /** Opens a window where a Chromium is there. */
  readonly open: boolean;
  /** The app's own per-user folder unless told. */
  readonly dataDir?: string;
  /** The only folder whose files windows may have read, beside their uploads; any file of this user unless told. */
  readonly files?: string;
  /** Told the address once the shell takes requests, and whether a window was opened; prints one line unless told. */
  readonly announce?: (url: string, opened: boolean) => void;
}

/**
 * Runs the browser shell until it is asked to end (Ctrl+C, SIGTERM) or the engine ends for good.
 * @returns how the process should end: 0 when it was asked
 * @throws WorkbenchError `wrong-port`, `port-taken`, or why the engine could not start (`folder-owned`, …)
 */
export async function serve(options: ServeOptions): Promise<number> {
  assertPort(options.port);
  const words = options.dataDir !== undefined ? ['--data-dir', options.dataDir] : [];
  const engine = new EngineLink(nodeForker(), { arguments: words });
  await engine.start();
  let server: BrowserServer;
  try {
    const staging = join(await dataDirOf(engine), 'staging');
    makeOwnFolder(staging);
    const folder = join(staging, `shell-${process.pid}-${randomUUID()}`);
    const reading = await readingOf(options.files, folder);
    server = await startServer({ engine, port: options.port, transfers: new Transfers(folder), reading });
  } catch (error) {
    await engine.stop();
    throw isTaken(error) ? portTaken(options.port) : error;
  }
  // Before the address is told: whoever reads it may end this process at once.
  const end = untilAskedToEnd(engine);
  const browser = options.open ? findBrowser() : null;
  if (browser) openWindow(browser, server.urlForOnce());
  (options.announce ?? printAddress)(server.url, browser !== null);
  const code = await end;
  await server.close();
  await engine.stop();
  return code;
}

/** @param own where uploads are put @throws WorkbenchError `files-missing` */
async function readingOf(files: string | undefined, own: string): Promise<ReadingScope> {
  if (files === undefined) return ReadingScope.everything;
  if (!statSync(files, { throwIfNoEntry: false })?.isDirectory())
    throw new WorkbenchError(
      'files-missing',
      `There is no folder ${files}.`,
      'Give --files a folder that is there.',
    );
  await mkdir(own, { recursive: true });
  return ReadingScope.of([files, own]);
}

function printAddress(url: string, opened: boolean): void {
  console.log(`Recommender Workbench ${opened ? 'opened a window; ' : ''}is at ${url}`);
}

function untilAskedToEnd(engine: EngineLink): Promise<number> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve(0));
    engine.process.onEnd(({ asked }) => {
      if (!asked)
        console.error('The engine crashed again and again; the workbench ends. Nothing saved is lost.');
      resolve(asked ? 0 : 1);
    });
  });
}

async function dataDirOf(engine: EngineLink): Promise<string> {
  const state = await engine.invoke('engine.state', {});
  if ('error' in state) throw new WorkbenchError(state.error.code, state.error.message, state.error.hint);
  return (state.result as { dataDir: string }).dataDir;
}

function assertPort(port: number): void {
  if (Number.isInteger(port) && port >= 0 && port < 2 ** 16) return;
  throw new WorkbenchError(
    'wrong-port',
    `${port} is no port.`,
    'Choose one from 1024 to 65535, or 0 for any free one.',
  );
}

function isTaken(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES')
  );
}

function portTaken(port: number): WorkbenchError {
  return new WorkbenchError(
    'port-taken',
    `Port ${port} cannot be used.`,
    'Choose another with --port, or 0 for any.',
  );
}
