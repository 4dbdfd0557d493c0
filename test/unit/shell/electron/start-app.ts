import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { app, windows } from '../../../fixtures/electron/electron.ts';
import { invokeFrom, renderer } from '../../../fixtures/electron/ipc.ts';
import { utilities } from '../../../fixtures/electron/utility.ts';
import type { StandInWindow } from '../../../fixtures/electron/window.ts';

/** A folder that takes the place of the project's root: a page, and something that no page may reach. */
export function makePages(): string {
  const pages = mkdtempSync(join(tmpdir(), 'electron-app-'));
  mkdirSync(join(pages, 'dist/renderer/assets'), { recursive: true });
  writeFileSync(join(pages, 'dist/renderer/index.html'), '<!doctype html><title>window</title>');
  writeFileSync(join(pages, 'dist/renderer/assets/main.js'), 'export {};');
  writeFileSync(join(pages, 'dist/secret.js'), 'secret');
  return pages;
}

/** The versions of the Electron that the app is for, as its process has them. */
export function pretendElectron(versions: Record<string, string> = { electron: '45.4.1' }): void {
  Object.defineProperty(process, 'versions', { value: { ...process.versions, ...versions } });
}

/**
 * Starts the desktop shell on the stand-in for Electron (which the test file has mocked), with an engine in a process of
 * its own that answers with what it was asked.
 * @param words of the command line, after the app's own path
 */
export async function startApp(...words: string[]): Promise<StandInWindow> {
  pretendElectron();
  process.argv = ['electron', '/app', ...words];
  await import('../../../../main/shell/electron/main.ts');
  app.becomeReady();
  const window = await vi.waitFor(
    () => {
      const [first] = windows;
      if (!first?.contents.loaded.length) throw new Error('no window yet');
      return first;
    },
    { timeout: 20_000 },
  );
  renderer.contents = window.contents;
  await import('../../../../main/shell/electron/preload.ts');
  return window;
}

/** Asks through the window's page. */
export function ask(window: StandInWindow, channel: string, ...words: unknown[]): Promise<unknown> {
  return invokeFrom(window.contents, window.contents.mainFrame, channel, ...words);
}

/** Ends what was forked. */
export function endUtilities(): void {
  for (const { pid } of utilities) if (pid !== undefined) process.kill(pid, 'SIGKILL');
}
