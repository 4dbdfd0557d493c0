import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { root } from '../../../main/setup/sources.ts';
import { serveBuilt } from './serve.ts';

const folder = mkdtempSync(join(tmpdir(), 'workbench-serve-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** `workbench serve` with words that keep it from serving. */
function refused(...words: string[]) {
  const all = [join(root, 'dist/main/cli.js'), 'serve', '--no-open', '--json', ...words];
  const { status, stdout } = spawnSync(process.execPath, all, { encoding: 'utf8', timeout: 60_000 });
  return { status, error: (JSON.parse(stdout) as { error: { code: string; hint: string } }).error };
}

describe('workbench serve', () => {
  it.each(['99999', '-1', '80.5', 'http'])('refuses %s as wrong use', (port) => {
    expect(refused(`--port=${port}`, '--data-dir', folder)).toMatchObject({
      status: 2,
      error: { code: 'wrong-port' },
    });
  });

  it('says that a port is taken', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const answer = refused('--port', String(port), '--data-dir', join(folder, 'taken'));
    expect(answer).toMatchObject({ status: 1, error: { code: 'port-taken' } });
    server.close();
  });

  it('says who owns the data folder', async () => {
    const dataDir = join(folder, 'owned');
    const served = await serveBuilt(dataDir);
    expect(refused('--data-dir', dataDir)).toMatchObject({ status: 1, error: { code: 'folder-owned' } });
    served.process.kill('SIGTERM');
    expect(await served.ended).toBe(0);
  });
});
