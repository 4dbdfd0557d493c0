import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { app } from '../../../fixtures/electron/electron.ts';
import { dialogs } from '../../../fixtures/electron/system.ts';
import { endUtilities, pretendElectron } from './start-app.ts';

vi.mock('electron', () => import('../../../fixtures/electron/electron.ts'));
vi.mock('../../../../main/process/entry.ts', () => ({
  entryOf: () => new URL('../../../../main/entries/engine.ts', import.meta.url).pathname,
}));

const folder = mkdtempSync(join(tmpdir(), 'electron-foreign-'));
afterAll(() => {
  endUtilities();
  rmSync(folder, { recursive: true });
});

it("writes nothing into a folder that is somebody else's, and says why it does not go on", async () => {
  writeFileSync(join(folder, 'thesis.doc'), 'x');
  pretendElectron();
  process.argv = ['electron', '/app', '--data-dir', folder];
  await import('../../../../main/shell/electron/main.ts');
  app.becomeReady();
  await expect.poll(() => app.exitCode).toBe(3);
  expect(dialogs.errors[0][1]).toContain('is not a data folder of the workbench');
  expect(readdirSync(folder)).toEqual(['thesis.doc']);
});
