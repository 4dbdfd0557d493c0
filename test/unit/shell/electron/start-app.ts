import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { vi } from 'vitest';
import { FakeWindow, utilities, type FakeUtility } from './fake-electron.ts';

/**
 * Starts the desktop shell on the stand-in for Electron (which the test file has mocked) and on an engine that answers
 * with what it was asked.
 * @param pages a folder that takes the place of the project's root
 */
export async function startApp(pages: string): Promise<{ engine: FakeUtility; window: FakeWindow }> {
  mkdirSync(join(pages, 'dist/renderer/assets'), { recursive: true });
  writeFileSync(join(pages, 'dist/renderer/index.html'), '<!doctype html><title>window</title>');
  writeFileSync(join(pages, 'dist/renderer/assets/main.js'), 'export {};');
  writeFileSync(join(pages, 'dist/secret.js'), 'secret');
  await import('../../../../main/shell/electron/main.ts');
  const engine = await vi.waitFor(() => {
    const [first] = utilities;
    if (!first) throw new Error('no engine yet');
    return first;
  });
  engine.on('posted', (message: { id?: number; method?: string }) => {
    const result = message.method === 'engine.state' ? { dataDir: '/data' } : message;
    if (message.id !== undefined) queueMicrotask(() => engine.emit('message', { id: message.id, result }));
  });
  engine.spawn(100);
  engine.emit('message', { control: 'ready' });
  const window = await vi.waitFor(() => {
    const [first] = FakeWindow.all;
    if (!first?.loaded.length) throw new Error('no window yet');
    return first;
  });
  await import('../../../../main/shell/electron/preload.ts');
  return { engine, window };
}
